"""What each provider answers when it does not answer, as its documentation (or a report of its users) has it."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from tests.providers.playing import Reply

Complaints: TypeAlias = Mapping[str, Reply]


def openai(status: int, message: str, *, kind: str, code: str | None = None, **headers: str) -> Reply:
    """https://platform.openai.com/docs/guides/error-codes"""
    told = {"error": {"message": message, "type": kind, "param": None, "code": code}}
    return Reply.json(told, status=status, headers={name.replace("_", "-"): value for name, value in headers.items()})


def anthropic(status: int, kind: str, message: str, **headers: str) -> Reply:
    """https://platform.claude.com/docs/en/api/errors"""
    told = {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_011CSHoEeqs5C35K2UUqR7Fy"}
    return Reply.json(told, status=status, headers={name.replace("_", "-"): value for name, value in headers.items()})


def google(status: int, name: str, message: str, *details: Any) -> Reply:
    """https://ai.google.dev/gemini-api/docs/troubleshooting, https://cloud.google.com/apis/design/errors"""
    told = {"error": {"code": status, "message": message, "status": name, "details": list(details)}}
    return Reply.json(told, status=status)


OPENAI: Complaints = {
    "MODEL_UNAUTHORIZED": openai(
        401, "Incorrect API key provided: sk-do*****this.", kind="invalid_request_error", code="invalid_api_key"
    ),
    "MODEL_UNKNOWN": openai(
        404,
        "The model `m` does not exist or you do not have access to it.",
        kind="invalid_request_error",
        code="model_not_found",
    ),
    "MODEL_TIMED_OUT": openai(408, "Request timed out.", kind="timeout"),
    "MODEL_RATE_LIMITED": openai(
        429,
        "Rate limit reached for gpt-6.1-terra in organization org-1 on tokens per min (TPM).",
        kind="tokens",
        code="rate_limit_exceeded",
        retry_after="7",
    ),
    "MODEL_OUT_OF_CREDIT": openai(
        429,
        "You exceeded your current quota, please check your plan and billing details.",
        kind="insufficient_quota",
        code="insufficient_quota",
    ),
    "MODEL_SERVER_FAILED": openai(
        500, "The server had an error while processing your request. Sorry about that!", kind="server_error"
    ),
    "MODEL_OVERLOADED": openai(503, "The engine is currently overloaded, please try again later.", kind="overloaded"),
    "MODEL_CONTEXT_TOO_LONG": openai(
        400,
        "This model's maximum context length is 128000 tokens. However, your messages resulted in 130011 tokens.",
        kind="invalid_request_error",
        code="context_length_exceeded",
    ),
    "MODEL_CONTENT_FILTERED": openai(
        400,
        "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
        kind="invalid_request_error",
        code="content_filter",
    ),
    "MODEL_REQUEST_REJECTED": openai(
        400, "Invalid schema for function 'find_order': 'x' is not valid.", kind="invalid_request_error"
    ),
}

ANTHROPIC: Complaints = {
    "MODEL_UNAUTHORIZED": anthropic(401, "authentication_error", "invalid x-api-key"),
    "MODEL_UNKNOWN": anthropic(404, "not_found_error", "model: m"),
    "MODEL_TIMED_OUT": anthropic(504, "timeout_error", "The request timed out."),
    "MODEL_RATE_LIMITED": anthropic(
        429, "rate_limit_error", "This request would exceed your organization's rate limit.", retry_after="7"
    ),
    "MODEL_OUT_OF_CREDIT": anthropic(402, "billing_error", "Your credit balance is too low."),
    "MODEL_SERVER_FAILED": anthropic(500, "api_error", "Internal server error"),
    "MODEL_OVERLOADED": anthropic(529, "overloaded_error", "Overloaded"),
    "MODEL_CONTEXT_TOO_LONG": anthropic(
        400, "invalid_request_error", "prompt is too long: 205015 tokens > 200000 maximum"
    ),
    "MODEL_REQUEST_REJECTED": anthropic(
        400, "invalid_request_error", "messages.1: `tool_use` ids were found without `tool_result` blocks"
    ),
}

GOOGLE: Complaints = {
    "MODEL_UNAUTHORIZED": google(
        400,
        "INVALID_ARGUMENT",
        "API key not valid. Please pass a valid API key.",
        {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"},
    ),
    "MODEL_UNKNOWN": google(404, "NOT_FOUND", "models/m is not found for API version v1beta."),
    "MODEL_TIMED_OUT": google(504, "DEADLINE_EXCEEDED", "The service is unable to finish processing in time."),
    "MODEL_RATE_LIMITED": google(
        429,
        "RESOURCE_EXHAUSTED",
        "You exceeded your current quota. Please retry in 7s.",
        {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "7s"},
    ),
    "MODEL_SERVER_FAILED": google(500, "INTERNAL", "An internal error has occurred. Please retry."),
    "MODEL_OVERLOADED": google(503, "UNAVAILABLE", "The model is overloaded. Please try again later."),
    "MODEL_CONTEXT_TOO_LONG": google(
        400,
        "INVALID_ARGUMENT",
        "The input token count (1048600) exceeds the maximum number of tokens allowed (1048576).",
    ),
    "MODEL_REQUEST_REJECTED": google(400, "INVALID_ARGUMENT", "Invalid JSON payload received. Unknown name."),
}

COMPLAINTS: Mapping[str, Complaints] = {
    "openai": OPENAI,
    "openai_responses": OPENAI,
    "anthropic": ANTHROPIC,
    "google": GOOGLE,
}

# Servers that speak Chat Completions but complain in words of their own.
COMPATIBLE: Mapping[str, tuple[Reply, str]] = {
    "vLLM: https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html": (
        Reply.json(
            {
                "object": "error",
                "message": "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens.",
                "type": "BadRequestError",
                "param": None,
                "code": 400,
            },
            status=400,
        ),
        "MODEL_CONTEXT_TOO_LONG",
    ),
    "Ollama: https://github.com/ollama/ollama/blob/main/docs/api.md": (
        Reply.json({"error": "model 'm' not found, try pulling it first"}, status=404),
        "MODEL_UNKNOWN",
    ),
    "llama.cpp: https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md": (
        Reply.json(
            {
                "error": {
                    "code": 400,
                    "message": "the request exceeds the available context size. try increasing the context size",
                    "type": "exceed_context_size_error",
                    "n_prompt_tokens": 5000,
                    "n_ctx": 4096,
                }
            },
            status=400,
        ),
        "MODEL_CONTEXT_TOO_LONG",
    ),
    "llama.cpp, loading": (
        Reply.json({"error": {"code": 503, "message": "Loading model", "type": "unavailable_error"}}, status=503),
        "MODEL_OVERLOADED",
    ),
    "Mistral: https://docs.mistral.ai/api": (
        Reply.json({"object": "error", "message": "Service tier capacity exceeded", "code": "3505"}, status=429),
        "MODEL_RATE_LIMITED",
    ),
    "FastAPI": (Reply.json({"detail": "Not authenticated"}, status=401), "MODEL_UNAUTHORIZED"),
    "DeepSeek: https://api-docs.deepseek.com/quick_start/error_codes": (
        Reply.json({"error": {"message": "Insufficient Balance", "type": "unknown_error", "code": "x"}}, status=402),
        "MODEL_OUT_OF_CREDIT",
    ),
    "a proxy's page": (
        Reply(b"<html><body>502 Bad Gateway</body></html>", 502, {"Content-Type": "text/html"}),
        "MODEL_SERVER_FAILED",
    ),
    "a redirect": (Reply(b"", 302, {"Location": "https://elsewhere.example/"}), "MODEL_ANSWER_MALFORMED"),
    "nothing": (Reply(b"", 403), "MODEL_UNAUTHORIZED"),
}
