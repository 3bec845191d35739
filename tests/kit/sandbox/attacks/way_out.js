// Out of the context, to whatever surrounds it.

// # nothing of a host is global
// source: laverdet/isolated-vm, README, Security
// gets: []
const names = `process require module exports global window self document fetch XMLHttpRequest WebSocket Worker
  importScripts setTimeout setInterval setImmediate std os bjson scriptArgs print gc load read quit navigator Deno Bun
  Java Packages WebAssembly performance SharedArrayBuffer Atomics WeakRef FinalizationRegistry`;
return names.split(/\s+/).filter((name) => name in globalThis)

// # constructor of a constructor
// source: vm2, docs/ATTACKS.md, 1: Constructor Chain Traversal
// gets: "undefined"
return typeof [].constructor.constructor('return this')().process

// # constructor chain of what was given
// source: vm2, docs/ATTACKS.md, 1: Constructor Chain Traversal
// gets: ["undefined", true]
const G = variables.constructor.constructor('return globalThis')(); return [typeof G.require, G === globalThis]

// # constructor of an async generator
// source: vm2, docs/ATTACKS.md, 1: Constructor Chain Traversal
// gets: "undefinedundefined"
const Make = (async function* () {}).constructor;
const { value } = await Make('yield typeof process + typeof require')().next();
return value

// # indirect eval
// source: ECMAScript 2026, 19.2.1 eval
// gets: "undefinedundefinedundefined"
return (0, eval)('typeof std + typeof os + typeof this.process')

// # the caller of a function
// source: vm2, docs/ATTACKS.md: arguments.callee.caller
// gets: "nothing"
function up() { try { return up.caller ?? arguments.callee.caller ?? null } catch (error) { return error.name } }
const found = (() => up())();
return found === null || typeof found === 'string' ? 'nothing' : typeof found.constructor('return process')

// # import of a file
// source: quickjs-ng/quickjs, quickjs-libc
// ends: error
return await import('/etc/passwd')

// # import of a built-in module
// source: quickjs-ng/quickjs, quickjs-libc: qjs:os
// ends: error
return await import('qjs:os')

// # import of text as JSON
// source: ECMAScript 2026, 16.2.1 import attributes
// ends: error
return (await import('/proc/self/environ', { with: { type: 'json' } })).default

// # import.meta
// source: ECMAScript 2026, 13.3.12 import.meta
// ends: error
return import.meta.url

// # stack frames of the host
// source: CVE-2022-36067 (vm2): Error.prepareStackTrace
// gets: [["<input>", "undefined"], [null, "undefined"], ["<input>", "undefined"]]
let found = [];
Error.prepareStackTrace = (error, frames) => { found = frames; return '' };
new Error('x').stack;
return found.map((frame) => [frame.getFileName(), typeof frame.getThis?.()?.process])

// # a getThis that climbs out
// source: patriksimek/vm2#444
// gets: "undefined"
Error.prepareStackTrace = (error, frames) => frames.map((frame) => frame.getThis && frame.getThis()).find(Boolean);
const { stack } = new Error();
return typeof (stack ?? {}).process

// # an error whose name is a symbol
// source: vm2, docs/ATTACKS.md: the error generation primitive
// gets: "undefined"
const error = new Error('x');
error.name = Symbol();
try { error.stack; String(error) }
catch (other) { return typeof other.constructor.constructor('return this')().process }
return 'no error'

// # an error of the engine at the end of its stack
// source: patriksimek/vm2#199
// gets: [true, "undefined"]
function deep() { try { return deep() } catch (error) { return error } }
const error = deep();
return [error.constructor === RangeError, typeof error.constructor.constructor('return this')().process]

// # a proxy that inspects its handler's caller
// source: vm2, docs/ATTACKS.md: proxy traps
// gets: ["then", "toJSON"]
const seen = [];
const spy = new Proxy({}, { get(target, key, receiver) { seen.push(String(key)); return undefined } });
await spy;
JSON.stringify(spy);
return seen.map((name) => name.slice(0, 20))

// # array species
// source: vm2, docs/ATTACKS.md, 18: Array Species Self-Return
// gets: [[1, 2], "undefined"]
const got = [];
Array.prototype.constructor = { [Symbol.species]: function () { return got } };
[1, 2].map((x) => x);
return [got, typeof got.constructor.process]

// # a species for promises
// source: vm2, docs/ATTACKS.md, invariant 4: constructors that the engine reads
// gets: "kept"
Promise.prototype.constructor = { get [Symbol.species]() { return function (run) { run((x) => x, (x) => x) } } };
Object.defineProperty(Promise, Symbol.species, { value: class extends Promise {} });
return 'kept'

// # then of all promises
// source: vm2, docs/ATTACKS.md, invariant 2: what reaches a promise's callback
// gets: "mine"
Promise.prototype.then = function (yes) { yes({ forged: true }) };
return 'mine'

// # functions around the code
// source: vm2, docs/ATTACKS.md, invariant 8: identity captured at the start
// gets: []
const { get } = Reflect;
const found = [];
Reflect.apply = (...given) => { found.push(given.length); return null };
Function.prototype.call = function () { found.push('call') };
Function.prototype.apply = function () { found.push('apply') };
console.log('x');
return found

// # setters under the surroundings
// source: vm2, docs/ATTACKS.md, invariant 11: containers that call the code
// gets: 0
const found = [];
for (const key of ['0', '1', 'message', 'line', 'value', 'index', 'input'])
  Object.defineProperty(Object.prototype, key, { __proto__: null, set(x) { found.push(typeof x) } });
console.log('seen');
return found.length

// # the end of the function
// source: CWE-94, Improper Control of Generation of Code
// gets: "undefined"
}); globalThis.outside = typeof process; (async function () { return globalThis.outside

// # more than a function
// source: CWE-94
// ends: error
}); (5

// # a comment that hides the end
// source: CWE-94
// ends: error
return typeof std /*

// # debugger
// source: ECMAScript 2026, 14.16 debugger
// gets: "went on"
debugger; return 'went on'

// # with and unscopables
// source: vm2, docs/ATTACKS.md: with statements
// gets: "undefinedundefined"
with (globalThis) { return typeof process + typeof require }

// # using, unknown to old parsers
// source: vm2, docs/ATTACKS.md, invariants 3 and 9: SuppressedError, and syntax that is new
// gets: ["SuppressedError", "undefined"]
try { { using x = { [Symbol.dispose]() { throw new Error('second') } }; throw new Error('first') } }
catch (error) {
  const { process } = error.suppressed.constructor.constructor('return this')();
  return [error.constructor.name, typeof process];
}
