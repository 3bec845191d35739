// More than the memory there is.

// # lists of lists
// source: OWASP, Denial of Service Cheat Sheet
// ends: memory
const a = []; for (;;) a.push(new Array(1000).fill(a))

// # lists of lists, caught
// source: justjake/quickjs-emscripten#30
// ends: memory
const a = []; for (;;) { try { a.push(new Array(1000).fill(a)) } catch { a.push(1) } }

// # a text that doubles
// source: OWASP, Denial of Service Cheat Sheet
// ends: memory
let s = 'x'; for (;;) s += s

// # a text that is repeated
// source: OWASP, Denial of Service Cheat Sheet
// ends: memory
return 'x'.repeat(2 ** 29).length

// # a text that is padded
// source: OWASP, Denial of Service Cheat Sheet
// ends: memory
return ''.padEnd(2 ** 28, 'ab').split('').length

// # a text that grows by replacing
// source: OWASP, Denial of Service Cheat Sheet
// ends: memory
return 'a'.repeat(2 ** 20).replace(/a/g, '$&'.repeat(64)).length

// # an array of all indices
// source: OWASP, Denial of Service Cheat Sheet
// ends: memory
return new Array(2 ** 32 - 1).fill(0).length

// # an array from a length
// source: OWASP, Denial of Service Cheat Sheet
// ends: memory
return Array.from({ length: 1e9 }, (_, i) => i).length

// # a typed array
// source: OWASP, Denial of Service Cheat Sheet
// ends: memory
return new Float64Array(2 ** 27).length

// # a buffer beyond all bounds
// source: quickjs-ng/quickjs: ArrayBuffer
// ends: error
return new ArrayBuffer(2 ** 53 - 1)

// # a buffer that can grow
// source: quickjs-ng/quickjs: resizable ArrayBuffer
// ends: memory
const b = new ArrayBuffer(8, { maxByteLength: 2 ** 30 }); b.resize(2 ** 30); return b.byteLength

// # many buffers
// source: OWASP, Denial of Service Cheat Sheet
// ends: memory
const all = []; for (;;) all.push(new ArrayBuffer(2 ** 20))

// # a map
// source: OWASP, Denial of Service Cheat Sheet
// ends: memory
const m = new Map(); for (let i = 0; ; i += 1) m.set(i, [i])

// # names without end
// source: quickjs-ng/quickjs: atoms
// ends: memory
const o = {}; for (let i = 0; ; i += 1) o['name' + i] = i

// # symbols without end
// source: quickjs-ng/quickjs: atoms
// ends: memory
const all = []; for (;;) all.push(Symbol.for('s' + all.length))

// # promises that pile up
// source: OWASP, Denial of Service Cheat Sheet
// ends: error or memory
for (;;) queueMicrotask(() => {})

// # closures
// source: OWASP, Denial of Service Cheat Sheet
// ends: memory
let f = () => 1; for (;;) { const g = f; f = () => g() }

// # a big integer that is too large
// source: OWASP, Denial of Service Cheat Sheet
// ends: error
return 2n ** (2n ** 40n)

// # code that makes code
// source: OWASP, Denial of Service Cheat Sheet
// ends: memory
let s = 'x'; for (;;) { s = s + ',' + s; eval('[' + s.replace(/x/g, '0') + ']') }

// # arguments without end
// source: quickjs-ng/quickjs: JS_MAX_LOCAL_VARS
// ends: error
return Math.max(...new Array(2e5).fill(1))

// # recursion
// source: OWASP, Denial of Service Cheat Sheet
// ends: error
const f = (n) => 1 + f(n + 1); return f(0)

// # a flood on the console
// source: OWASP, Denial of Service Cheat Sheet
// ends: timeout
for (;;) console.log('x'.repeat(10000))

// # a flood of long words
// source: OWASP, Denial of Service Cheat Sheet
// gets: 1
for (let i = 0; i < 1e3; i += 1) console.log('\0'.repeat(1e5)); return 1

// # a result that is too large
// source: OWASP, Denial of Service Cheat Sheet
// ends: too-large
return new Array(1e6).fill('x')

// # a result of many bytes a character
// source: OWASP, Denial of Service Cheat Sheet
// ends: too-large
return '€'.repeat(200000)
