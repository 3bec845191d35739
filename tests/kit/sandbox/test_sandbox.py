"""What code can do and see, and how it is told that something went wrong."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conduet.kit.json import Json
from conduet.kit.sandbox.outcome import ConsoleLine, Failure, Result
from conduet.kit.sandbox.pool import CODE_BYTES, INPUT_BYTES, Sandbox
from tests.kit.sandbox.running import NOW_MS, failure, run, value

NUMBERS = st.integers(-(2**53), 2**53) | st.floats(-1e15, 1e15)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


async def test_code_is_the_body_of_an_async_function(sandbox: Sandbox):
    code = """
    const later = async (n) => n * variables.factor;
    const doubled = [];
    for (const n of variables.numbers) doubled.push(await later(n));
    return { variables: { doubled }, say: `${doubled.length} done`, port: 'next' };
    """
    got = await value(sandbox, code, variables={"numbers": [1, 2, 3], "factor": 2})
    assert got == {"variables": {"doubled": [2, 4, 6]}, "say": "3 done", "port": "next"}


@pytest.mark.parametrize(
    ("code", "got"),
    [
        ("", None),
        ("return", None),
        ("return undefined", None),
        ("return () => 1", None),
        ("return NaN", None),
        ("return [undefined, () => 1, NaN, -0]", [None, None, None, 0]),
        ("return { a: undefined, b: new Date(0), c: new Map([[1, 2]]) }", {"b": "1970-01-01T00:00:00.000Z", "c": {}}),
        ("return Promise.resolve(7)", 7),
        ("return 2 ** 53", 2**53),
        ("return 1e300", 1e300),
        ("return 3.0", 3),
        ("return 'Grüße, 世界 🎉'", "Grüße, 世界 🎉"),
        ("return '👋'.slice(0, 1)", "\ufffd"),
        ("return /(?<year>\\d{4})/u.exec('in 2026').groups.year", "2026"),
        ("x = 5; return x // no declaration, and no new line at the end", 5),
        ("return [this === globalThis, arguments.length]", [True, 1]),
    ],
)
async def test_code_returns_json(sandbox: Sandbox, code: str, got: Json):
    assert await value(sandbox, code, variables={}) == got


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given=VALUES)
async def test_what_code_is_given_comes_back_as_it_was(sandbox: Sandbox, given: Json):
    assert await value(sandbox, "return [variables, args]", variables=given, args=given) == [given, given]


async def test_code_has_copies(sandbox: Sandbox):
    mine: dict[str, Json] = {"list": [1]}
    assert await value(sandbox, "variables.list.push(2); return variables.list", variables=mine) == [1, 2]
    assert mine == {"list": [1]}


async def test_whole_numbers_beyond_64_bits_become_the_nearest_number(sandbox: Sandbox):
    assert await value(sandbox, "return variables + 1", variables=10**30) == 1e30


async def test_nothing_is_left_for_the_next(sandbox: Sandbox):
    await value(sandbox, "globalThis.left = 1; Array.prototype.at = () => 'mine'; console.log = null")
    assert await value(sandbox, "console.log(1); return [typeof left, [7].at(0)]") == ["undefined", 7]


class TestClockAndChance:
    async def test_the_same_run_gives_the_same(self, sandbox: Sandbox):
        code = "return [Math.random(), Math.random(), Date.now(), new Date(), String(new Date()), Date()]"
        first = await value(sandbox, code)
        assert await value(sandbox, code) == first
        assert isinstance(first, list)
        assert first[2:] == [NOW_MS, "2025-11-24T16:00:00.123Z", *["Mon Nov 24 2025 16:00:00 GMT+0000"] * 2]

    async def test_another_seed_gives_other_numbers(self, sandbox: Sandbox):
        code = "return Array.from({ length: 200 }, Math.random)"
        drawn: list[float] = []
        for seed in (0, 1, 2, 2**31, 2**32 - 1, 2**32 + 5, -1):
            outcome = await run(sandbox, code, seed=seed)
            assert isinstance(outcome, Result)
            assert isinstance(outcome.value, list)
            numbers = [number for number in outcome.value if isinstance(number, float)]
            assert all(0 <= number < 1 for number in numbers)
            assert 0.4 < sum(numbers) / 200 < 0.6
            drawn += numbers
        # The last seed, -1, has the same 32 bits as one before it.
        assert len(drawn) == 1400
        assert len(set(drawn)) == 1200

    async def test_a_date_is_a_date(self, sandbox: Sandbox):
        code = """
        const day = new Date(2026, 1, 3, 4, 5);
        class Mine extends Date {}
        return [day.toISOString(), day instanceof Date, Date.UTC(2026, 0), Date.parse('2026-01-01'), Date.name,
          Date.length, new Mine(5).getTime(), day.constructor === Date, new Date('nonsense').getTime()];
        """
        year = 1_767_225_600_000
        assert await value(sandbox, code) == ["2026-02-03T04:05:00.000Z", True, year, year, "Date", 7, 5, True, None]


class TestErrors:
    @pytest.mark.parametrize(
        ("code", "message", "line"),
        [
            ("return 1 +", "SyntaxError: unexpected token in expression: '}'", 1),
            ("const a = 1;\nlet b = = 2;\nreturn a", "SyntaxError: unexpected token in expression: '='", 2),
            ("if (true) {\n  return 1\n", "SyntaxError: unexpected token in expression: ')'", 3),
            ("const a = 1;\n\nreturn a.b.c", "TypeError: cannot read property 'c' of undefined", 3),
            ("return missing", "ReferenceError: missing is not defined", 1),
            ("const f = () => {\n  throw new Error('inside')\n}\nawait null\nf()", "Error: inside", 2),
            ("const own = Error('x')\nown.name = 'Own'\n\nthrow own", "Own: x", 1),
            ("await 1;\nawait Promise.reject(new RangeError('later'))", "RangeError: later", 2),
            ("return eval('\\n\\nnull.x')", "TypeError: cannot read property 'x' of null", 2),
            ("throw 'text'", "Threw text", None),
            ("throw { code: 7 }", 'Threw {"code":7}', None),
            ("throw undefined", "Threw undefined", None),
            ("return { toJSON() {\n throw new Error('in the result') } }", "Error: in the result", 2),
            ("return 1n", "TypeError: BigInt are forbidden in JSON.stringify", None),
            ("throw new Error('x'.repeat(5000))", f"Error: {'x' * 1993}", 1),
            ("const f = () => f();\nf()", "RangeError: Maximum call stack size exceeded", 1),
        ],
    )
    async def test_an_error_names_its_line(self, sandbox: Sandbox, code: str, message: str, line: int | None):
        assert await failure(sandbox, code) == Failure("error", message, line)

    async def test_a_loop_is_stopped_and_named(self, sandbox: Sandbox):
        code = """console.log('before')

const spin = () => {
  for (let i = 0; ; i += 1) Math.sqrt(i)
}
spin()"""
        ended = await failure(sandbox, code, timeout_seconds=0.2)
        assert replace(ended, line=None, console=()) == Failure(
            "timeout", "The code ran longer than 200 ms and was stopped."
        )
        # Stopped by the clock instead, on a machine that had no time for it, a process tells nothing any more.
        if ended.line is not None:
            assert ended.line in {3, 4}
            assert ended.console == (ConsoleLine("log", "before", 1),)

    async def test_too_much_memory_is_named(self, sandbox: Sandbox):
        code = "const all = [];\nfor (;;)\n  all.push('x'.repeat(1e6 + all.length))"
        assert await failure(sandbox, code) == Failure("memory", "The code needed more than its 32 MB of memory.", 3)

    async def test_less_memory_can_be_given(self, sandbox: Sandbox):
        for size, fits in ((4, False), (64, True)):
            outcome = await sandbox.run(
                "return new Uint8Array(20e6).length",
                project="project",
                inputs={},
                timeout_seconds=10,
                now_ms=0,
                seed=0,
                memory_bytes=size * 1024 * 1024,
            )
            assert isinstance(outcome, Result) == fits, outcome

    async def test_a_promise_that_nobody_keeps_is_told(self, sandbox: Sandbox):
        told = "The code waits for a promise that nothing will ever keep."
        assert await failure(sandbox, "await new Promise(() => {})") == Failure("error", told)

    async def test_results_have_a_size(self, sandbox: Sandbox):
        large = Failure("too-large", "The result is larger than 256 KB.")
        assert await value(sandbox, "return 'x'.repeat(262142)") == "x" * 262142
        assert await failure(sandbox, "return 'x'.repeat(262143)") == large
        assert await failure(sandbox, "return 'é'.repeat(131072)") == large
        deep = await failure(sandbox, "let x = 1; for (let i = 0; i < 65; i += 1) x = [x]; return x")
        assert (deep.kind, deep.message) == ("too-large", "The result is nested more than 64 levels deep.")

    async def test_what_code_is_given_has_a_size(self, sandbox: Sandbox):
        given = await failure(sandbox, "return 1", variables="x" * INPUT_BYTES)
        assert given == Failure("too-large", "What the code is given is larger than 512 KB.")
        code = await failure(sandbox, " " * CODE_BYTES + "return 1")
        assert code == Failure("too-large", "The code is longer than 256 KB.")

    @pytest.mark.parametrize("name", ["a b", "a) {", "", "A", "a1", "ünder"])
    async def test_a_name_that_is_none_is_a_mistake_of_the_caller(self, sandbox: Sandbox, name: str):
        with pytest.raises(ValueError, match="out of range"):
            await sandbox.run("return 1", project="project", inputs={name: 1}, timeout_seconds=1, now_ms=0, seed=0)

    async def test_bounds_out_of_range_are_a_mistake_of_the_caller(self, sandbox: Sandbox):
        with pytest.raises(ValueError, match="out of range"):
            await run(sandbox, "return 1", timeout_seconds=0)

    async def test_text_that_the_engine_cannot_read_is_an_error(self, sandbox: Sandbox):
        assert (await failure(sandbox, "return '\0'")).kind == "error"


class TestConsole:
    async def test_what_is_written_is_told_with_its_level_and_line(self, sandbox: Sandbox):
        code = """console.log('text', 1, true, null, undefined)
console.info({ a: [1] }, [2])
console.warn(new TypeError('x'), Symbol('s'), 5n)
console.error(() => 1)
const f = () => console.debug('in a function')

f()
await null
console.log()"""
        outcome = await run(sandbox, code)
        assert outcome.console == (
            ConsoleLine("log", "text 1 true null undefined", 1),
            ConsoleLine("info", '{"a":[1]} [2]', 2),
            ConsoleLine("warn", "TypeError: x Symbol(s) 5", 3),
            ConsoleLine("error", "() => 1", 4),
            ConsoleLine("debug", "in a function", 5),
            ConsoleLine("log", "", 9),
        )

    async def test_it_is_told_when_the_code_fails(self, sandbox: Sandbox):
        ended = await failure(sandbox, "console.log('before')\nnull.x")
        assert ended.console == (ConsoleLine("log", "before", 1),)

    async def test_what_cannot_be_shown_is_no_error(self, sandbox: Sandbox):
        code = "const a = {}; a.a = a; console.log(a, { toJSON() { throw 1 } }, Object.create(null)); return 1"
        outcome = await run(sandbox, code)
        assert outcome == Result(1, (ConsoleLine("log", "[object] [object] {}", 1),))

    async def test_there_are_at_most_a_hundred_lines_of_8_kb(self, sandbox: Sandbox):
        outcome = await run(sandbox, "for (let i = 0; i < 1107; i += 1) console.log(i)")
        assert [line.text for line in outcome.console] == [*map(str, range(100)), "1,007 more lines were left out."]
        outcome = await run(sandbox, "for (let i = 0; i < 100; i += 1) console.log('é'.repeat(9000), 'more')")
        assert {len(line.text) for line in outcome.console[:-1]} == {8192}
        assert outcome.console[-1].text == f"{101 - len(outcome.console)} more lines were left out."
        assert sum(len(line.text) for line in outcome.console) < 300_000
