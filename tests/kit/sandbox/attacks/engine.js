// Mistakes that engines of this family had: none may do more than end the process that ran it.

// # isArray of nested proxies
// source: CVE-2023-31922 (QuickJS)
// gets: true
let p = []; for (let i = 0; i < 50000; i += 1) p = new Proxy(p, {}); return Array.isArray(p)

// # a comparison that shrinks what it sorts
// source: CVE-2026-0822: quickjs-ng/quickjs#1297
// gets: 30
let done = 0;
for (let at = 1; at < 1200; at += 40) {
  const buffer = new ArrayBuffer(256, { maxByteLength: 2560 });
  const bytes = new Uint8Array(buffer).map((_, i) => 255 - i);
  const view = new Uint8Array(buffer);
  view.set(bytes);
  let n = 0;
  view.sort((a, b) => { n += 1; if (n === at) buffer.resize(10); return a - b });
  done += 1;
}
return done

// # a constructor that shrinks its source
// source: CVE-2026-1145: quickjs-ng/quickjs#1305
// ends: error
const buffer = new ArrayBuffer(16, { maxByteLength: 16 });
const source = new Uint8Array(buffer);
const Evil = new Proxy(function () {}, { get(target, key) { buffer.resize(0); return Uint8Array.prototype } });
return Reflect.construct(Uint8Array, [source], Evil).length

// # an iterator that ends while it is made
// source: quickjs-ng/quickjs#1368, #1440: Iterator.concat
// gets: "TypeError"
let outer;
const evil = { [Symbol.iterator]() { return { get next() { outer.return(); return () => ({ done: true }) } } } };
outer = Iterator.concat(evil, [1]);
try { return typeof outer.next() } catch (error) { return error.name }

// # references that are never given back
// source: quickjs-ng/quickjs#1572: Iterator.prototype.find
// gets: "counted"
const o = {}; for (let i = 0; i < 1000; i += 1) [o, o, o].values().find(() => false); return 'counted'

// # holes at an array's end
// source: quickjs-ng/quickjs#1562: length and push
// gets: 100
const keep = [];
for (let i = 0; i < 100; i += 1) { const a = [{}]; a.length = 245; a.push({}); keep.push(a) }
return keep.length

// # a buffer that is given away while it is read
// source: quickjs-ng/quickjs#1208: ArrayBuffer.prototype.transfer
// gets: [0, null]
const b = new ArrayBuffer(64); const v = new Uint8Array(b).fill(65); b.transfer(); return [v.length, v[0] ?? null]

// # a length that shrinks while it is walked
// source: quickjs-ng/quickjs, tests/bug1672: array methods
// gets: 3
const a = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => ({ n }));
const seen = [];
a.forEach((x, i) => { seen.push(typeof x); if (i === 2) { a.length = 0; for (let j = 0; j < 1e4; j += 1) ({ j }) } });
a.concat({ get length() { a.length = 0; return 9 }, [Symbol.isConcatSpreadable]: true });
return seen.length

// # valueOf that takes the array away
// source: CVE-2016-4622 (JavaScriptCore), Phrack 70: the same idea
// gets: 0
const a = []; for (let i = 0; i < 100; i += 1) a.push(i + 0.5);
const b = a.slice(0, { valueOf() { a.length = 0; return 100 } });
return b.filter((x) => typeof x === 'number').length

// # a setter while an array is joined
// source: bellard/quickjs#2 to #26: use after free
// gets: "1,y,,"
const a = [1, { toString() { a.length = 1; a.push('x'.repeat(100)); return 'y' } }, 3, 4];
return a.join()

// # a data view that loses its buffer
// source: quickjs-ng/quickjs: DataView
// gets: "TypeError"
const b = new ArrayBuffer(64, { maxByteLength: 128 });
const view = new DataView(b);
try { view.setUint32({ valueOf() { b.resize(0); return 32 } }, 0x41414141) } catch (error) { return error.name }

// # a source that is read with little memory
// source: bellard/quickjs#528, #531, #532: parser under memory pressure
// gets: "read"
let kept = [];
try { for (;;) kept.push('x'.repeat(1e5 + kept.length)) } catch {}
for (let i = 0; i < 200; i += 1) {
  try { new Function('let a = 1; { let b = a; function f() { return b } } return class { #x = f() }') } catch {}
  if (i % 20 === 0) kept.pop();
}
kept = null;
return 'read'
