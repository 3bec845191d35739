"""Results as JUnit XML, which every build server reads."""

import re
from collections.abc import Sequence
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from conduet.testing.result import TestResult

_NOT_XML: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(results: Sequence[TestResult], *, project: str) -> bytes:
    """One test suite, called as the project; there are no times in it, so that the same results are the same bytes."""
    failed = sum(not result.ok for result in results)
    skipped = sum(result.ok and result.skipped is not None for result in results)
    counts = {"tests": str(len(results)), "failures": str(failed), "errors": "0", "skipped": str(skipped)}
    root = Element("testsuites", counts)
    suite = SubElement(root, "testsuite", {"name": _clean(project), **counts})
    for result in results:
        case = SubElement(suite, "testcase", {"classname": _clean(project), "name": _clean(result.name or result.id)})
        if not result.ok:
            told = SubElement(
                case, "failure", {"type": "expectation", "message": _clean(f"expected {result.expected}")}
            )
            told.text = _clean(result.told())
        elif result.skipped is not None:
            SubElement(case, "skipped", {"message": _clean(result.skipped)})
    indent(root)
    return tostring(root, encoding="utf-8", xml_declaration=True)


def _clean(text: str) -> str:
    """The text without what XML cannot hold."""
    return _NOT_XML.sub("\ufffd", text)
