"""What holds for every action of every connector, whatever its service answers."""

import socket

import pytest
from pydantic import BaseModel

from conduet.engine.fields import control
from conduet.engine.values import Json
from tests.connectors.cases import CASES, SECRET, Case
from tests.connectors.playing import CONNECTORS, Answer, Service, action_of, failing

pytestmark = pytest.mark.slow

ACTIONS = [(provider, action.name) for provider, connector in CONNECTORS.items() for action in connector.actions]
CALLING = [pytest.param(*names, case, id="/".join(names)) for names, case in CASES.items()]
CONTROLS = ("text", "textarea", "number", "switch", "select", "secret", "list", "json")
HTML = "<html><body>502 Bad Gateway</body></html>"


def script(service: Service, case: Case, answer: Answer) -> None:
    service.script = [*(Answer(body=body) for body in case.before), answer]


async def used(service: Service, provider: str, action: str, case: Case) -> Json:
    return await service.use(provider, action, credentials=case.credentials, inputs=case.inputs)


def test_every_action_but_mail_has_a_case() -> None:
    assert {*ACTIONS} - {*CASES} == {("smtp", "send")}
    assert {*CASES} <= {*ACTIONS}


@pytest.mark.parametrize(("provider", "action"), ACTIONS)
def test_every_action_tells_what_it_does_and_what_it_takes(provider: str, action: str) -> None:
    connector = CONNECTORS[provider]
    deed = action_of(connector, action)
    models: tuple[type[BaseModel], ...] = (connector.credentials, deed)
    assert (connector.__doc__ or "").strip().endswith(".")
    assert (deed.__doc__ or "").strip().endswith(".")
    assert deed.example
    for model in models:
        for name, field in model.model_fields.items():
            assert field.description, name
            assert field.json_schema_extra in [control(kind) for kind in CONTROLS], name
    known = {str(field.alias) for field in deed.model_fields.values()}
    needed = {str(field.alias) for field in deed.model_fields.values() if field.is_required()}
    assert needed <= {*deed.example} <= known


@pytest.mark.parametrize(("provider", "action", "case"), CALLING)
async def test_an_action_is_done(service: Service, provider: str, action: str, case: Case) -> None:
    script(service, case, Answer(case.status, case.answer))
    assert await used(service, provider, action, case) == case.result


@pytest.mark.parametrize(("provider", "action", "case"), CALLING)
@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer(401, {"message": "Unauthorized"}), "UNAUTHORIZED"),
        (Answer(403, {}), "UNAUTHORIZED"),
        (Answer(429, {}, {"Retry-After": "30"}), "RATE_LIMITED"),
        (Answer(429, HTML, {"Retry-After": "Wed, 02 Sep 2026 07:28:00 GMT"}), "RATE_LIMITED"),
        (Answer(400, {}), "REFUSED"),
        (Answer(422, []), "REFUSED"),
        (Answer(500, {"error": {"message": "oops"}}), "SERVICE_DOWN"),
        (Answer(502, HTML), "SERVICE_DOWN"),
        (Answer(503, "", {"Content-Type": "application/json"}), "SERVICE_DOWN"),
    ],
    ids=lambda value: f"{value.status} {str(value.body)[:12]}" if isinstance(value, Answer) else value,
)
async def test_what_a_service_refuses_is_told_in_words(
    service: Service, provider: str, action: str, case: Case, answer: Answer, code: str
) -> None:
    script(service, case, answer)
    told = await failing(used(service, provider, action, case))
    assert told[0] == code
    assert HTML not in told[1]
    assert SECRET not in told[1]
    if "Retry-After" in answer.headers and answer.headers["Retry-After"].isdecimal():
        assert "30 seconds" in told[1]


@pytest.mark.parametrize(("provider", "action", "case"), [case for case in CALLING if case.id != "webhook/send"])
@pytest.mark.parametrize("body", ["nonsense", HTML, "", "[1, 2", [], {}, 7, None, [[]], {"data": 3}], ids=repr)
async def test_what_no_documentation_knows_is_a_failure_and_no_crash(
    service: Service, provider: str, action: str, case: Case, body: Json
) -> None:
    script(service, case, Answer(200, body))
    code, message = await failing(used(service, provider, action, case))
    assert code == "BAD_RESPONSE"
    assert message.endswith("gave an answer that cannot be understood.")


@pytest.mark.parametrize(("provider", "action", "case"), CALLING)
async def test_a_service_that_does_not_answer_is_left(service: Service, provider: str, action: str, case: Case) -> None:
    service.patience = 0.1
    script(service, case, Answer(seconds=0.5))
    assert (await failing(used(service, provider, action, case)))[0] == "TIMED_OUT"


@pytest.mark.parametrize(("provider", "action", "case"), CALLING)
async def test_a_service_that_is_away_is_told(service: Service, provider: str, action: str, case: Case) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        service.port = closed.getsockname()[1]
        assert (await failing(used(service, provider, action, case)))[0] == "UNREACHABLE"


@pytest.mark.parametrize(("provider", "action", "case"), CALLING)
async def test_a_service_that_asks_to_come_again_at_once_is_asked_again(
    service: Service, provider: str, action: str, case: Case
) -> None:
    before = [Answer(body=body) for body in case.before]
    service.script = [*before, Answer(429, {}, {"Retry-After": "0"}), Answer(case.status, case.answer)]
    assert await used(service, provider, action, case) == case.result
