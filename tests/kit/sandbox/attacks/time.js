// Longer than the time there is.

// # an endless loop
// source: OWASP, Denial of Service Cheat Sheet
// ends: timeout
for (;;);

// # a loop that catches everything
// source: justjake/quickjs-emscripten#211
// ends: timeout
for (;;) { try { for (;;); } catch {} }

// # a loop in finally
// source: quickjs-ng/quickjs: uncatchable errors
// ends: timeout
again: for (;;) { try { for (;;); } finally { continue again } }

// # a generator that will not return
// source: quickjs-ng/quickjs: uncatchable errors
// ends: timeout
function* g() { for (;;) { try { yield 1 } finally { continue } } } for (const x of g()) break; for (;;);

// # a loop after await
// source: patriksimek/vm2#35
// ends: timeout
await null; for (;;);

// # a loop in a promise's callback
// source: patriksimek/vm2#35
// ends: timeout
await new Promise((r) => r()).then(() => { for (;;); })

// # a loop in a promise in a promise
// source: justjake/quickjs-emscripten#211
// ends: timeout
await new Promise(() => { new Promise(() => { for (;;); }) })

// # a loop whose interruption a promise swallows
// source: justjake/quickjs-emscripten#211
// ends: timeout
for (;;) new Promise((yes) => yes({ get then() { for (;;); } }))

// # an interruption that is awaited and caught
// source: justjake/quickjs-emscripten#211
// ends: timeout
for (;;) { try { await { get then() { for (;;); } } } catch {} }

// # promises without end
// source: vm2, docs/ATTACKS.md: timeout bypass by microtasks
// ends: error or memory or timeout
const on = () => Promise.resolve().then(on); on(); await new Promise(() => {})

// # queueMicrotask without end
// source: patriksimek/vm2#35
// ends: timeout
const on = () => queueMicrotask(on); on(); await new Promise(() => {})

// # an async iterator without end
// source: ECMAScript 2026, 14.7.5.6
// ends: timeout
for await (const x of { [Symbol.asyncIterator]: () => ({ next: () => ({ done: false }) }) });

// # a regular expression
// source: OWASP, Regular expression Denial of Service
// ends: timeout
return /^(a+)+$/.test('a'.repeat(50) + '!')

// # a regular expression with references
// source: Davis et al., The Impact of ReDoS in Practice (2018)
// ends: timeout
return /^(?:(a|aa)+\1?)+$/.test('a'.repeat(60) + 'b')

// # a lookbehind
// source: Davis et al., The Impact of ReDoS in Practice (2018)
// ends: timeout
return /(?<=!(a+)+)b/.test('a'.repeat(60) + 'b')

// # a comparison that hangs
// source: quickjs-ng/quickjs#1297 and its kin
// ends: timeout
[3, 2, 1].sort(() => { for (;;); })

// # a replacement that hangs
// source: ECMAScript 2026, 22.1.3.19
// ends: timeout
'aaaa'.replace(/a/g, () => { for (;;); })

// # a reviver that hangs
// source: ECMAScript 2026, 25.5.1
// ends: timeout
JSON.parse('[1]', () => { for (;;); })

// # a valueOf that hangs
// source: ECMAScript 2026, 7.1.4
// ends: timeout
return 1 + { valueOf() { for (;;); } }

// # a getter without end
// source: ECMAScript 2026, 10.1.8
// ends: timeout
const o = { get x() { return this.y }, get y() { for (;;); } }; o.x

// # a long array as text
// source: justjake/quickjs-emscripten#219
// ends: timeout
return (new Array(1e9) + '').length

// # a search in nothing
// source: justjake/quickjs-emscripten#219
// ends: timeout
return Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1)

// # a big power
// source: OWASP, Denial of Service Cheat Sheet
// ends: timeout
let x = 3n; for (;;) x = (x * x) % (2n ** 400000n)

// # digits of a big integer
// source: OWASP, Denial of Service Cheat Sheet
// ends: timeout
for (;;) String(7n ** 50000n)

// # recursion that goes on catching
// source: patriksimek/vm2#199
// ends: timeout
const f = () => { try { f() } catch { f() } }; f()

// # waiting for another thread
// source: ECMAScript 2026, 25.4.3 Atomics.wait
// ends: error
Atomics.wait(new Int32Array(8), 0, 0)

// # a buffer that threads share
// source: ECMAScript 2026, 25.2
// gets: "undefinedundefined"
return typeof SharedArrayBuffer + typeof new ArrayBuffer(8).constructor.prototype.grow

// # a source that takes long to read
// source: CVE-2020-22876 (QuickJS), bellard/quickjs#7
// ends: error
return (0, eval)('('.repeat(100000))

// # a source with endless nesting
// source: quickjs-ng/quickjs: parser recursion
// ends: error
return (0, eval)('['.repeat(50000) + ']'.repeat(50000))

// # a pattern with endless nesting
// source: quickjs-ng/quickjs: libregexp recursion
// ends: error
return new RegExp('('.repeat(1e6) + ')'.repeat(1e6))

// # a text of JSON with endless nesting
// source: OWASP, Denial of Service Cheat Sheet
// ends: error
return JSON.parse('['.repeat(1e6))
