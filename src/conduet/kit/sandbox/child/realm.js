// What surrounds a piece of code in a context of its own. All of this is read as one line, line 1, and the code begins
// on line 2: that is how a stack tells them apart. Whatever the code may have replaced by the time it is needed is kept
// here under a name of its own.
(function (nowMs, seed, maxLines, maxCharacters, maxConsole, maxResult) {
  "use strict";
  const uncurry = Function.prototype.bind.bind(Function.prototype.call);
  const apply = Reflect.apply;
  const construct = Reflect.construct;
  const toText = String;
  const toNumber = Number;
  const stringify = JSON.stringify;
  const NativeError = Error;
  const isError = Error.isError;
  const describeError = uncurry(Error.prototype.toString);
  const stackOf = uncurry(Object.getOwnPropertyDescriptor(Error.prototype, "stack").get);
  const slice = uncurry(String.prototype.slice);
  const exec = uncurry(RegExp.prototype.exec);
  const then = uncurry(Promise.prototype.then);

  // Marsaglia, Xorshift RNGs (2003): 32 bits, never all zero; spread first, as seeds that are close begin alike.
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) || 1;
  Math.random = function random() {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4294967296;
  };

  const now = new Date(nowMs);
  const nowText = now.toString();
  Date.now = () => nowMs;
  const Clock = new Proxy(Date, {
    apply: () => nowText,
    construct: (target, given, newTarget) => construct(target, given.length ? given : [nowMs], newTarget),
  });
  Date.prototype.constructor = Clock;
  globalThis.Date = Clock;

  // Another clock, what depends on the collector, and what only threads need.
  for (const name of ["performance", "WeakRef", "FinalizationRegistry", "SharedArrayBuffer", "Atomics"]) {
    delete globalThis[name];
  }

  const where = (stack) => {
    const places = /<input>:([0-9]+)/g;
    if (typeof stack !== "string") return null;
    for (let found; (found = exec(places, stack)) !== null; ) {
      const line = toNumber(found[1]);
      if (line > 1) return line - 1;
    }
    return null;
  };

  const show = (value) => {
    if (typeof value === "string") return value;
    try {
      if (isError(value)) return describeError(value);
      if (typeof value === "object") return stringify(value) ?? toText(value);
      return toText(value);
    } catch {
      return "[" + typeof value + "]";
    }
  };

  let lines = "";
  let count = 0;
  const note = (level, values) => {
    count += 1;
    if (count > maxLines || lines.length > maxConsole) return;
    let text = "";
    for (let index = 0; index < values.length && text.length <= maxCharacters; index += 1) {
      text += (index === 0 ? "" : " ") + slice(show(values[index]), 0, maxCharacters);
    }
    let line = null;
    try {
      line = where(stackOf(new NativeError()));
    } catch {
      line = null;
    }
    lines += (lines === "" ? "" : ",") + "[" + stringify(level) + "," + stringify(slice(text, 0, maxCharacters));
    lines += "," + line + "]";
  };
  globalThis.console = {
    debug: (...values) => note("debug", values),
    log: (...values) => note("log", values),
    info: (...values) => note("info", values),
    warn: (...values) => note("warn", values),
    error: (...values) => note("error", values),
  };

  let outcome = null;
  const succeed = (value) => {
    try {
      const text = stringify(value) ?? "null";
      outcome = text.length > maxResult ? '{"stopped":"too-large"}' : '{"value":' + text + "}";
    } catch (error) {
      fail(error);
    }
  };
  const fail = (thrown) => {
    let line = null;
    let text = null;
    try {
      line = isError(thrown) ? where(stackOf(thrown)) : null;
    } catch {
      line = null;
    }
    try {
      if (thrown !== null) text = isError(thrown) ? describeError(thrown) : "Threw " + show(thrown);
    } catch {
      text = "Threw an error that cannot be shown";
    }
    text = text === null ? "null" : stringify(slice(text, 0, maxCharacters));
    outcome = '{"thrown":' + text + ',"line":' + line + "}";
  };

  // The engine keeps a text that was put together as its parts, which the module around the engine cannot take.
  const whole = (text) => slice(" " + text, 1);

  return (question, code, inputs) => {
    if (question === "console") return whole('{"lines":[' + lines + '],"count":' + count + "}");
    if (question === "launch") {
      try {
        then(apply(code, undefined, inputs), succeed, fail);
      } catch (error) {
        fail(error);
      }
    }
    return outcome === null ? null : whole(outcome);
  };
})
