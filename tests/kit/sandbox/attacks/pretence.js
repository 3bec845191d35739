// Results, errors and output that are not what they seem.

// # toJSON that says another thing each time
// source: ECMAScript 2026, 25.5.2 JSON.stringify
// gets: {"n": 1}
let n = 0; return { toJSON() { n += 1; return { n } } }

// # toJSON of all objects
// source: PortSwigger, Server-side prototype pollution
// gets: "forged"
Object.prototype.toJSON = function () { return 'forged' }; return { value: 1 }

// # toJSON that never comes back
// source: ECMAScript 2026, 25.5.2
// ends: timeout
return { toJSON() { for (;;); } }

// # toJSON that is enormous
// source: ECMAScript 2026, 25.5.2
// ends: too-large
return { toJSON: () => 'x'.repeat(5e6) }

// # another JSON.stringify
// source: vm2, docs/ATTACKS.md, invariant 8: identity captured at the start
// gets: "mine"
JSON.stringify = () => '{"outcome":{"value":"forged"}}'; return 'mine'

// # other helpers for the surroundings
// source: vm2, docs/ATTACKS.md, invariant 8
// ends: error
String.prototype.slice = () => 'forged';
RegExp.prototype.exec = () => { throw new Error('forged') };
Error.prototype.toString = () => 'forged';
globalThis.String = globalThis.Number = () => 'forged';
console.log('x');
throw new TypeError('mine')

// # a frame of the pipe's protocol
// source: CWE-93, Improper Neutralization of CRLF and its kin
// gets: "\n{\"spent\":false,\"outcome\":{\"value\":666}}\n"
console.log('\0\0\0\u0010{"walls":[]}\n'); return '\n{"spent":false,"outcome":{"value":666}}\n'

// # an answer inside an answer
// source: CWE-74, Injection
// gets: "\"},\"console\":{\"lines\":[],\"count\":0},\"outcome\":{\"value\":\"forged"
return '"},"console":{"lines":[],"count":0},"outcome":{"value":"forged'

// # halves of characters
// source: Well-formed JSON.stringify (TC39, 2019)
// gets: ["\ufffd", "\ufffd\ufffd", "\ud83d\ude00", "a\ufffdb", "\\ud800"]
return ['\ud800', '\udc00\ud800', '\ud83d\ude00', 'a\0b', '\\ud800']

// # a thenable that never settles
// source: ECMAScript 2026, 27.2.1.3.2
// ends: error
return { then() {} }

// # a getter on then that hangs
// source: ECMAScript 2026, 27.2.1.3.2
// ends: timeout
return { get then() { for (;;); } }

// # a thenable that settles twice
// source: ECMAScript 2026, 27.2.1.3
// gets: "first"
return { then(yes, no) { yes('first'); yes('second'); no('third') } }

// # a promise nobody keeps
// source: justjake/quickjs-emscripten#67
// ends: error
await new Promise(() => {}); return 'never'

// # a circle
// source: ECMAScript 2026, 25.5.2.4
// ends: error
const a = {}; a.a = a; return a

// # a big integer
// source: ECMAScript 2026, 25.5.2.2
// ends: error
return 10n ** 30n

// # a symbol
// source: ECMAScript 2026, 25.5.2.2
// gets: null
return Symbol('x')

// # keys that mean something elsewhere
// source: OWASP, Prototype Pollution Prevention Cheat Sheet
// gets: {"__proto__": {"admin": true}, "constructor": 1}
return JSON.parse('{"__proto__": {"admin": true}, "constructor": 1}')

// # toPrimitive of what is shown
// source: ECMAScript 2026, 7.1.1 ToPrimitive
// ends: timeout
console.log({ [Symbol.toPrimitive]() { for (;;); }, toJSON() { for (;;); } }); return 1

// # a proxy as the result
// source: quickjs-ng/quickjs: JSON.stringify of a Proxy
// ends: timeout
return new Proxy([], { get: (t, key) => key === 'length' ? 2 ** 53 - 1 : key === 'toJSON' ? undefined : 1 })

// # a proxy with endless keys
// source: bellard/quickjs#535
// ends: timeout
return new Proxy({}, { ownKeys() { for (;;); } })

// # an error that hangs when it is shown
// source: vm2, docs/ATTACKS.md
// ends: timeout
throw { toString() { for (;;); }, toJSON() { for (;;); } }

// # an error with a stack that hangs
// source: vm2, docs/ATTACKS.md
// ends: timeout
const error = new Error('x'); Object.defineProperty(error, 'message', { get() { for (;;); } }); throw error

// # a deep result
// source: bellard/quickjs#178: recursion
// ends: error
let x = []; for (let i = 0; i < 1e5; i += 1) x = [x]; return x

// # a result that is too deep for others
// source: OWASP, Denial of Service Cheat Sheet
// ends: too-large
let x = 1; for (let i = 0; i < 500; i += 1) x = { x }; return x
