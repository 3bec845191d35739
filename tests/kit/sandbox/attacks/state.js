// Into what others run later, or out of what a replay would give again.

// # pollution of prototypes
// source: OWASP, Prototype Pollution Prevention Cheat Sheet
// gets: 1
Object.prototype.polluted = 1; Array.prototype.map = () => 'polluted'; ({}).__proto__.toString = () => 'polluted';
globalThis.leak = variables; return ({}).polluted

// # pollution by a merge
// source: PayloadsAllTheThings, Prototype Pollution
// gets: [1, true]
const merge = (to, from) => {
  for (const key in from) typeof from[key] === 'object' ? merge(to[key] ??= {}, from[key]) : to[key] = from[key];
};
merge({}, JSON.parse('{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"admin": true}}}'));
return [({}).polluted, ({}).admin]

// # frozen prototypes
// source: OWASP, Prototype Pollution Prevention Cheat Sheet
// gets: true
Object.freeze(Object.prototype); Object.freeze(Array.prototype); Object.freeze(globalThis);
return Object.isFrozen(globalThis)

// # no more console
// source: ECMAScript 2026
// gets: "undefined"
delete globalThis.console; return typeof console

// # another console, date and chance
// source: ECMAScript 2026
// gets: 1
console = { log() { throw 1 } }; Date = Math = null; try { console.log() } catch (thrown) { return thrown }

// # another clock
// source: Kocher et al., Spectre Attacks (2019): they need a clock
// gets: [[], "undefined", "undefined"]
const clocks = [Date.now(), +new Date(), Date.prototype.constructor.now(), +Reflect.construct(Date, []),
  +new (class extends Date {})(), +new (Object.getPrototypeOf(new Date()).constructor)(), Date.parse(Date())];
return [clocks.filter((clock) => clock !== 0), typeof performance, typeof Temporal]

// # another chance
// source: ECMAScript 2026, 21.3.2.28 Math.random
// gets: [false, "undefined", 0]
return [Math.random() === Math.random(), typeof crypto, new Date().getTimezoneOffset()]

// # what the collector does
// source: vm2, docs/ATTACKS.md: timeout bypass via FinalizationRegistry (GHSA-r4fx-v8hh-22mv)
// ends: error
new FinalizationRegistry(() => { for (;;); }).register({}, 1); return 1

// # work left behind
// source: patriksimek/vm2#35
// ends: timeout
const on = () => Promise.resolve().then(on); on(); (async () => { await null; for (;;); })(); return 'done'
