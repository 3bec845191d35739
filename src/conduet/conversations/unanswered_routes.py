"""The API that tells what nobody had an answer to: by a project's secret key, and the same for developers."""

from typing import Annotated, Any, Final

from fastapi import Path, Request, Response
from pydantic import Field

from conduet.accounts.access import Access
from conduet.accounts.principal import ProjectScope
from conduet.analytics.selection import SELECTING, Selection
from conduet.conversations.funnel_routes import StepPlace
from conduet.conversations.unanswered import Question, Unanswered, look
from conduet.kit.clock import from_milliseconds, iso
from conduet.kit.db import Database
from conduet.kit.json import dumps
from conduet.kit.openapi import failures
from conduet.kit.router import Router
from conduet.kit.schema import Wire

JSON: Final = "application/json"

ProjectId = Annotated[str, Path(alias="projectId", examples=["proj_demo"])]

EXAMPLE: Final[dict[str, Any]] = {
    "conversations": 40,
    "truncated": False,
    "questions": [
        {
            "question": "Do you rent out cargo bikes?",
            "count": 3,
            "firstAskedAt": "2026-11-20T09:12:44.120Z",
            "lastAskedAt": "2026-11-25T12:00:00.023Z",
            "transcriptId": "txn_18eb6d95dcb1bb2217e2f180dd50d320",
            "steps": [{"workflowId": "main", "stepId": "topic"}],
        }
    ],
}


class UnansweredQuestion(Wire):
    """Words that no step took; without regard to case and punctuation they are the same."""

    question: Annotated[str, Field(description="As it was written last.")]
    count: int
    first_asked_at: str
    last_asked_at: str
    transcript_id: Annotated[str, Field(description="Where it was written last.")]
    steps: Annotated[list[StepPlace], Field(description="Those that had no answer, the most frequent one first.")]

    @classmethod
    def of(cls, question: Question) -> "UnansweredQuestion":
        """As answers show it."""
        return cls(
            question=question.said,
            count=question.count,
            first_asked_at=iso(from_milliseconds(question.first_at)),
            last_asked_at=iso(from_milliseconds(question.last_at)),
            transcript_id=question.transcript_id,
            steps=[
                StepPlace(workflow_id=workflow_id, step_id=step_id)
                for (workflow_id, step_id), _ in question.steps.most_common()
            ],
        )


class ToldUnanswered(Wire):
    """The questions of the conversations that were looked through."""

    conversations: int
    truncated: Annotated[bool, Field(description="Whether there are more: the most recent ones are looked through.")]
    questions: list[UnansweredQuestion]

    @classmethod
    def of(cls, found: Unanswered) -> "ToldUnanswered":
        """As answers show it, what was asked most often first."""
        return cls(
            conversations=found.conversations,
            truncated=found.is_cut,
            questions=[UnansweredQuestion.of(question) for question in found.most_asked()],
        )


def unanswered_routes(access: Access, database: Database, selection: Selection) -> Router:
    """`/analytics/unanswered`, and the same below `/projects/{projectId}`."""
    router = Router(tags=["Analytics"])

    async def told(request: Request, scope: ProjectScope) -> Response:
        found = await look(database, scope, await selection.read(request, scope))
        return Response(dumps(ToldUnanswered.of(found).model_dump(by_alias=True)), media_type=JSON)

    async def by_key(request: Request) -> Response:
        return await told(request, (await access.by_key(request)).scope)

    async def by_developer(request: Request, project_id: ProjectId) -> Response:
        return await told(request, (await access.by_project(request, project_id)).scope)

    described: dict[str, Any] = {
        "methods": ["GET"],
        "summary": "Tell what users wrote and no step had an answer to",
        "description": "Of the 5,000 most recent conversations that are asked for: what was written in turns in which "
        "a step was left by `noMatch` or `noResults`, what was written most often first. What the knowledge base alone "
        "has no answer to is told by `/knowledge-base/gaps`.",
        "responses": {
            200: {"content": {JSON: {"example": EXAMPLE}}, "model": ToldUnanswered},
            **failures(400, 401, 404, 429),
        },
        "openapi_extra": {"parameters": [*SELECTING]},
    }
    router.add_api_route("/analytics/unanswered", by_key, **described)
    router.add_api_route("/projects/{projectId}/analytics/unanswered", by_developer, **described)
    return router
