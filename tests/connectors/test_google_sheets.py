import json
from typing import Any
from urllib.parse import parse_qs

import jwt
import pytest
from cryptography.hazmat.primitives import serialization

from conduet.engine.values import Json
from tests.connectors.cases import CASES, GOOGLE_KEY, SERVICE_ACCOUNT
from tests.connectors.playing import Answer, Service, failing

SHEET = "1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms"
TOKEN = Answer(body={"access_token": "ya29.token", "expires_in": 3599, "token_type": "Bearer"})
DONE = Answer(body=CASES["google-sheets", "append-row"].answer)


async def append(service: Service, account: str = SERVICE_ACCOUNT, **inputs: Json) -> Any:
    inputs = {"spreadsheetId": SHEET, "values": ["Ann"], **inputs}
    return await service.use("google-sheets", "append-row", credentials={"serviceAccount": account}, inputs=inputs)


async def test_the_account_s_key_signs_for_a_token_of_an_hour(service: Service) -> None:
    service.script = [TOKEN, DONE]
    await append(service)
    sent = service.sent[0]
    assert (sent.method, sent.url) == ("POST", "https://oauth2.googleapis.com/token")
    form = {name: values[0] for name, values in parse_qs(sent.body).items()}
    assert form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
    public = serialization.load_pem_private_key(GOOGLE_KEY.encode(), None).public_key()
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    claims = jwt.decode(
        form["assertion"],
        pem.decode(),
        algorithms=["RS256"],
        audience="https://oauth2.googleapis.com/token",
        options={"verify_exp": False, "verify_iat": False},
    )
    assert claims == {
        "iss": "bikes@project.iam.gserviceaccount.example",
        "scope": "https://www.googleapis.com/auth/spreadsheets",
        "aud": "https://oauth2.googleapis.com/token",
        "iat": 1788251400,
        "exp": 1788255000,
    }


async def test_a_row_is_appended_as_it_is(service: Service) -> None:
    service.script = [TOKEN, DONE]
    await append(service, values=["=IMPORTXML(1)", 3, True, None, {"a": 1}], range="Orders!A1:D1")
    sent = service.sent[1]
    assert sent.method == "POST"
    assert sent.url == f"https://sheets.googleapis.com/v4/spreadsheets/{SHEET}/values/Orders%21A1%3AD1:append"
    assert sent.query == {"valueInputOption": "RAW", "insertDataOption": "INSERT_ROWS"}
    assert sent.headers["Authorization"] == "Bearer ya29.token"
    assert sent.json == {"majorDimension": "ROWS", "values": [["=IMPORTXML(1)", 3, True, None, '{"a":1}']]}


async def test_texts_are_read_as_typed_where_that_is_wanted(service: Service) -> None:
    service.script = [TOKEN, DONE]
    await append(service, values=["=1+1"], interpret=True)
    assert service.sent[1].query["valueInputOption"] == "USER_ENTERED"


async def test_errors_of_both_kinds_are_told_in_google_s_words(service: Service) -> None:
    service.script = [Answer(400, {"error": "invalid_grant", "error_description": "Invalid JWT Signature."})]
    assert await failing(append(service)) == ("REFUSED", "Google refused the call (status 400): Invalid JWT Signature.")
    service.sent.clear()
    denied: Json = {
        "error": {"code": 403, "message": "The caller does not have permission", "status": "PERMISSION_DENIED"}
    }
    service.script = [TOKEN, Answer(403, denied)]
    code, message = await failing(append(service))
    assert code == "UNAUTHORIZED"
    assert message.endswith("The caller does not have permission")


@pytest.mark.parametrize(
    "account",
    [
        "{}",
        "not json",
        "[secret GOOGLE]",
        json.dumps({"client_email": "a@b.example", "private_key": "no key"}),
        json.dumps(
            {
                "client_email": "a@b.example",
                "private_key": "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
            }
        ),
    ],
)
async def test_what_is_no_key_is_told_without_telling_it(service: Service, account: str) -> None:
    code, message = await failing(append(service, account))
    assert (code, message) == (
        "UNAUTHORIZED",
        "The service account's key is not the JSON file that Google made for it.",
    )
    assert not service.sent


async def test_the_token_is_asked_for_at_google_whatever_the_file_says(service: Service) -> None:
    service.script = [TOKEN, DONE]
    await append(service)
    assert "evil.example" not in " ".join(sent.url for sent in service.sent)
