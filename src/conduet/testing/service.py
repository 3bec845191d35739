"""The tests of a project: kept in its document, and run."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, cast

from pydantic import ValidationError

from conduet.accounts.principal import AccountScope, ProjectScope
from conduet.conversations.minds import Minds
from conduet.engine.conversation_test import Test
from conduet.engine.document import Document
from conduet.engine.mistakes import mistakes_of
from conduet.engine.values import Json
from conduet.errors import At, BadRequest, Conflict, NotFound
from conduet.kit.db import Database
from conduet.kit.ids import new_id
from conduet.kit.sandbox.pool import Sandbox
from conduet.kit.schema import parsed
from conduet.projects.changes import Changed
from conduet.projects.document import JsonObject, complete
from conduet.projects.documents import Documents
from conduet.projects.draft import Draft
from conduet.projects.service import Projects
from conduet.projects.store import DEVELOPMENT, resolve_version
from conduet.testing.changes import with_changes
from conduet.testing.context import Stage
from conduet.testing.play import play_all
from conduet.testing.recorded import name_of, recorded_test
from conduet.testing.result import TestResult
from conduet.testing.schemas import FromTranscript, Run
from conduet.testing.transcript import read_talk

ATTEMPTS: Final = 10
"""How often the draft is looked for again when a save came in between."""

RUN_SECONDS: Final = 120.0
"""How long the tests of one request may take together."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A test as the document holds it, and the revision it was read from or saved as."""

    test: JsonObject
    revision: int


class Tests:
    """The conversation tests of all projects, each seen through its scope."""

    def __init__(
        self, database: Database, projects: Projects, documents: Documents, *, sandbox: Sandbox, minds: Minds
    ) -> None:
        self._minds = minds
        self._database = database
        self._projects = projects
        self._documents = documents
        self._sandbox = sandbox

    async def list(self, scope: ProjectScope) -> "tuple[Sequence[JsonObject], int]":
        """The tests of the draft, in the order of the document, and its revision."""
        draft = await self._projects.get(scope)
        return _tests(draft.document), draft.summary.revision

    async def get(self, scope: ProjectScope, test_id: str) -> Kept:
        """One test. Raises `NotFound`."""
        tests, revision = await self.list(scope)
        return Kept(tests[_index(tests, test_id)], revision)

    async def add(self, account: AccountScope, scope: ProjectScope, body: Json, *, if_match: str | None) -> Kept:
        """A new test at the end of the document; one without an `id` gets one.

        A body with `fromTranscript` is made a test of that transcript. Raises `NotFound` for the transcript,
        `BadRequest` by path, `Conflict` when its id is taken, and what saving the document raises.
        """
        if isinstance(body, dict) and "fromTranscript" in body:
            body = await self._recorded(scope, parsed(FromTranscript, body))
        test = {"id": new_id("test"), **body} if isinstance(body, dict) else body
        return await self._save(account, scope, read_test(test), _add, if_match=if_match)

    async def replace(
        self, account: AccountScope, scope: ProjectScope, test_id: str, body: Json, *, if_match: str | None
    ) -> Kept:
        """Another test in the place of one, whose id it keeps.

        Raises `NotFound`, `BadRequest` by path, and what saving the document raises.
        """
        test = read_test({"id": test_id, **body} if isinstance(body, dict) else body)
        if test["id"] != test_id:
            raise BadRequest.at(
                "id", f"The test is called {test_id!r} in the address: leave `id` out, or say the same."
            )
        return await self._save(account, scope, test, _replace, if_match=if_match)

    async def remove(self, account: AccountScope, scope: ProjectScope, test_id: str, *, if_match: str | None) -> int:
        """Removes a test and tells the new revision. Raises `NotFound`, and what saving the document raises."""
        kept = await self._save(account, scope, {"id": test_id}, _remove, if_match=if_match)
        return kept.revision

    async def run(self, scope: ProjectScope, order: Run) -> Sequence[TestResult]:
        """What the draft's tests come to on a version, in the order of the document.

        Raises `NotFound` for the version and `BadRequest` for an id that no test has.
        """
        version_id, draft = await self._document(scope, DEVELOPMENT)
        tests = draft.shape.tests if order.ids is None else _chosen(draft.shape.tests, order.ids)
        document = draft
        if order.version_id != DEVELOPMENT:
            version_id, document = await self._document(scope, order.version_id)
        stage = Stage(version_id, self._sandbox, scope.project_id, self._minds)
        return await play_all(tests, document, stage, seconds=RUN_SECONDS)

    async def _recorded(self, scope: ProjectScope, order: FromTranscript) -> JsonObject:
        talk = await read_talk(self._database, scope, order.from_transcript)
        name = order.name or name_of(talk)
        version_id, document = await self._document(scope, DEVELOPMENT)
        test = recorded_test(talk, test_id=order.id or new_id("test"), name=name)
        return await with_changes(test, talk, document, Stage(version_id, self._sandbox, scope.project_id, self._minds))

    async def _document(self, scope: ProjectScope, version_id: str) -> tuple[str, Document]:
        for _ in range(ATTEMPTS):
            resolved = await self._database.glance(lambda tx: resolve_version(tx, scope, version_id))
            try:
                return resolved.version_id, await self._documents.get(scope, resolved.revision)
            except NotFound:  # a save came in between, and nothing keeps the draft before it
                continue
        raise Conflict("Others keep saving this project: try again.")

    async def _save(
        self,
        account: AccountScope,
        scope: ProjectScope,
        test: JsonObject,
        edit: "Callable[[list[JsonObject], JsonObject], list[JsonObject]]",
        *,
        if_match: str | None,
    ) -> Kept:
        def change(present: JsonObject) -> Changed:
            edited = edit(list(_tests(present)), test)
            return Changed(complete({**present, "tests": cast("list[Json]", edited)}))

        draft: Draft = await self._projects.save(account, scope, change, if_match=if_match)
        return Kept(test, draft.summary.revision)


def read_test(raw: Json) -> JsonObject:
    """A test as it came, unknown fields included. Raises `BadRequest` with every mistake by path."""
    try:
        Test.model_validate(raw)
    except ValidationError as error:
        mistakes = mistakes_of(error, raw)
        first = mistakes[0]
        told = f"{first.path}: {first.message}" if first.path else first.message
        raise BadRequest(told, details=mistakes) from None
    return cast("JsonObject", raw)


def _add(tests: list[JsonObject], test: JsonObject) -> list[JsonObject]:
    if any(each["id"] == test["id"] for each in tests):
        message = f"There is a test {test['id']!r} already."
        raise Conflict(message, details=[At("id", message)])
    return [*tests, test]


def _replace(tests: list[JsonObject], test: JsonObject) -> list[JsonObject]:
    tests[_index(tests, str(test["id"]))] = test
    return tests


def _remove(tests: list[JsonObject], test: JsonObject) -> list[JsonObject]:
    del tests[_index(tests, str(test["id"]))]
    return tests


def _tests(document: JsonObject) -> Sequence[JsonObject]:
    return cast("list[JsonObject]", document["tests"])


def _index(tests: Sequence[JsonObject], test_id: str) -> int:
    found = next((index for index, test in enumerate(tests) if test["id"] == test_id), None)
    if found is None:
        raise NotFound(f"The project has no test {test_id!r}.")
    return found


def _chosen(tests: Sequence[Test], ids: Sequence[str]) -> Sequence[Test]:
    known = {test.id for test in tests}
    mistakes = [
        At(f"ids[{index}]", f"There is no test {name!r}.") for index, name in enumerate(ids) if name not in known
    ]
    if mistakes:
        raise BadRequest(f"{mistakes[0].path}: {mistakes[0].message}", details=mistakes)
    wanted = {*ids}
    return [test for test in tests if test.id in wanted]
