from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from conduet.testing.junit import junit
from conduet.testing.result import TestResult

GREEN = TestResult(id="a", name="Greets", ok=True)
RED = TestResult(
    id="b",
    name="",
    ok=False,
    turn=2,
    workflow_id="main",
    step_id="ask",
    expected='a text that contains "<&>"',
    got='"]]>"',
)
SKIPPED = TestResult(id="c", name="Is kind", ok=True, skipped="turn 1: judge needs a model")


def read(*results: TestResult, project: str = "Shop") -> ET.Element:
    return ET.fromstring(junit(results, project=project))


def test_every_test_is_a_case_with_what_it_came_to() -> None:
    suite = read(GREEN, RED, SKIPPED)[0]
    assert suite.attrib == {"name": "Shop", "tests": "3", "failures": "1", "errors": "0", "skipped": "1"}
    assert [case.attrib for case in suite] == [
        {"classname": "Shop", "name": "Greets"},
        {"classname": "Shop", "name": "b"},
        {"classname": "Shop", "name": "Is kind"},
    ]
    failure = suite[1].find("failure")
    assert failure is not None
    assert failure.attrib == {"type": "expectation", "message": 'expected a text that contains "<&>"'}
    assert failure.text == 'turn 2, step main/ask\nexpected  a text that contains "<&>"\ngot       "]]>"'
    skipped = suite[2].find("skipped")
    assert skipped is not None
    assert skipped.attrib == {"message": "turn 1: judge needs a model"}
    assert [len(case) for case in suite] == [0, 1, 1]


def test_the_same_results_are_the_same_bytes() -> None:
    assert junit([GREEN, RED], project="Shop") == junit([GREEN, RED], project="Shop")
    assert junit([], project="Shop").startswith(b"<?xml version='1.0' encoding='utf-8'?>\n")


@given(st.text(st.characters()), st.text(st.characters()))
def test_whatever_is_told_is_well_formed(name: str, got: str) -> None:
    result = TestResult(id="x", name=name, ok=False, expected=name, got=got)
    case = read(result, project=name)[0][0]
    assert case.find("failure") is not None
