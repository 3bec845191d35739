"""Everything that can go wrong with a model, and whether another model may be tried.

ModelError           MODEL_FAILED
├── BudgetReached    BUDGET_REACHED           the project has spent what it may in a day
├── HeldBack         MODEL_HELD_BACK          the project's guard let the question, or the answer, not through
├── NotConfigured    MODEL_NOT_CONFIGURED     no such provider, or it lacks a setting
├── Unauthorized     MODEL_UNAUTHORIZED       the key is not accepted, or does not allow this
├── UnknownModel     MODEL_UNKNOWN            the provider has no model of that name
├── RequestRejected  MODEL_REQUEST_REJECTED   the provider does not take the request as it is
├── ContextTooLong   MODEL_CONTEXT_TOO_LONG   the conversation does not fit into the model
├── Declined         MODEL_DECLINED           the model refuses to answer this
├── ContentFiltered  MODEL_CONTENT_FILTERED   a filter of the provider withheld the answer
└── Passing          MODEL_UNAVAILABLE        another model may do better:
    ├── Unreachable      MODEL_UNREACHABLE        nobody there, or the connection broke before an answer
    ├── Untrusted        MODEL_TLS_FAILED         the server's certificate is not good
    ├── TimedOut         MODEL_TIMED_OUT          no first token, or no end, in time
    ├── RateLimited      MODEL_RATE_LIMITED       too many requests or tokens (429)
    ├── OutOfCredit      MODEL_OUT_OF_CREDIT      the account has nothing left to pay with
    ├── Overloaded       MODEL_OVERLOADED         the provider has no capacity (503, 529)
    ├── ServerFailed     MODEL_SERVER_FAILED      a fault of the provider (any other 5xx)
    ├── BrokenStream     MODEL_STREAM_BROKEN      the answer broke off
    ├── MalformedAnswer  MODEL_ANSWER_MALFORMED   the answer is not what the format says
    └── EmptyAnswer      MODEL_ANSWER_EMPTY       the model said nothing and called nothing

A tool call with broken arguments is none of these: `ToolCall.parsed` tells the model.
"""

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from conduet.llm.answer import Attempt


class ModelError(Exception):
    """The root: `message` is for people and in our words, `said` is what the provider says, for logs and builders.

    `status` is that of the provider's answer, where there was one. `attempts` are all that were made, this one last.
    """

    code: ClassVar[str] = "MODEL_FAILED"
    default: ClassVar[str] = "The model failed."
    is_passing: ClassVar[bool] = False

    def __init__(
        self,
        message: str | None = None,
        *,
        said: str = "",
        status: int | None = None,
        retry_after_seconds: float | None = None,
    ) -> None:
        self.message = message or self.default
        self.said = said
        self.status = status
        self.retry_after_seconds = retry_after_seconds
        self.after_first_token = False
        self.attempts: tuple[Attempt, ...] = ()
        super().__init__(self.message)

    @property
    def may_try_another(self) -> bool:
        """Whether the next model of a chain is asked: never once the user may have seen something of this one."""
        return self.is_passing and not self.after_first_token


class BudgetReached(ModelError):
    """The project has spent what it may in a day."""

    code, default = "BUDGET_REACHED", "The project has spent what it may in a day (`behaviourConfig.budget.perDayUsd`)."


class HeldBack(ModelError):
    """The project's guard let the question, or the answer, not through."""

    code, default = "MODEL_HELD_BACK", "The project's guard held this back."


class NotConfigured(ModelError):
    """There is no such provider here, or a setting of it is missing."""

    code, default = "MODEL_NOT_CONFIGURED", "The model's provider is not configured on this server."


class Unauthorized(ModelError):
    """The provider does not accept the key, or the key does not allow this."""

    code, default = "MODEL_UNAUTHORIZED", "The model's provider does not accept the key, or it does not allow this."


class UnknownModel(ModelError):
    """The provider has no model of that name."""

    code, default = "MODEL_UNKNOWN", "The provider has no model of that name, or the key does not open it."


class RequestRejected(ModelError):
    """The provider does not take the request as it is."""

    code, default = "MODEL_REQUEST_REJECTED", "The model's provider does not take the request."


class ContextTooLong(ModelError):
    """The conversation, with the instructions and the tools, is longer than the model takes."""

    code, default = "MODEL_CONTEXT_TOO_LONG", "The conversation is longer than the model takes."


class Declined(ModelError):
    """The model refuses to answer. Another is not tried: nobody goes round until one agrees."""

    code, default = "MODEL_DECLINED", "The model declines to answer this."


class ContentFiltered(ModelError):
    """A filter of the provider withheld the answer, or did not let the question through."""

    code, default = "MODEL_CONTENT_FILTERED", "A content filter of the model's provider withheld the answer."


class Passing(ModelError):
    """What another model, or the same one a little later, may do better."""

    code, default, is_passing = "MODEL_UNAVAILABLE", "The model is not available just now.", True


class Unreachable(Passing):
    """No connection came about, or it broke before there was an answer."""

    code, default = "MODEL_UNREACHABLE", "The model's server could not be reached."


class Untrusted(Passing):
    """The server did not prove that it is who its URL names."""

    code, default = "MODEL_TLS_FAILED", "No secure connection to the model's server: its certificate is not good."


class TimedOut(Passing):
    """The first token, or the whole answer, did not come in time."""

    code, default = "MODEL_TIMED_OUT", "The model did not answer in time."


class RateLimited(Passing):
    """Too many requests, or too many tokens, for the account."""

    code, default = "MODEL_RATE_LIMITED", "The model's provider takes no more requests for now."


class OutOfCredit(Passing):
    """The account has nothing left to pay with; waiting does not help."""

    code, default = "MODEL_OUT_OF_CREDIT", "The account at the model's provider has no credit left."


class Overloaded(Passing):
    """The provider, or our own limit of calls at once, has no place free."""

    code, default = "MODEL_OVERLOADED", "The model's provider is overloaded."


class ServerFailed(Passing):
    """The provider has a fault of its own."""

    code, default = "MODEL_SERVER_FAILED", "The model's provider has a fault of its own."


class BrokenStream(Passing):
    """The answer broke off."""

    code, default = "MODEL_STREAM_BROKEN", "The model's answer broke off."


class MalformedAnswer(Passing):
    """The answer is not what the provider's format says."""

    code, default = "MODEL_ANSWER_MALFORMED", "The model's answer could not be understood."


class EmptyAnswer(Passing):
    """The model said nothing and called no tool."""

    code, default = "MODEL_ANSWER_EMPTY", "The model gave an empty answer."
