"""Text messages by Twilio: what its signature covers, what comes, and plain words out."""

import pytest

from conduet.channels.sms import Sms
from conduet.errors import Unauthorized
from tests.channels.requests import SMS, URL, sms
from tests.channels.test_whatsapp import buttons, text
from tests.channels.vectors import actions_of

HI = {"MessageSid": "SM1", "From": "+431234567", "To": "+15017122661", "Body": "Hi & bye", "NumMedia": "0"}


def test_the_signature_of_the_vendors_own_example_is_right() -> None:
    """From https://www.twilio.com/docs/usage/security, with the token 12345."""
    from tests.channels.requests import request

    example = Sms.model_validate(
        {
            "accountSid": "AC" + "0" * 32,
            "authToken": "12345",
            "from": "+15017122661",
            "publicUrl": "https://mycompany.com/myapp.php?foo=1&bar=2",
        }
    )
    body = b"CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212"
    example.verify(request(body, {"X-Twilio-Signature": "RSOYDt4T1cUTdK1PDd93/VVr8B8="}))


def test_only_what_is_signed_for_this_address_is_believed() -> None:
    SMS.verify(sms(**HI))
    for request in (sms(secret="guess", **HI), sms(url=f"{URL}/other", **HI)):
        with pytest.raises(Unauthorized):
            SMS.verify(request)


def test_a_message_is_a_text_and_its_files_are_told() -> None:
    found = SMS.read(sms(**HI))
    assert actions_of(found) == [{"type": "text", "payload": "Hi & bye"}]
    assert (found.messages[0].id, found.messages[0].user, found.reply.media_type) == ("SM1", "+431234567", "text/xml")
    picture = {"NumMedia": "1", "MediaUrl0": "https://api.twilio.com/m/1", "MediaContentType0": "image/jpeg"}
    media, words = actions_of(SMS.read(sms(**{**HI, **picture})))
    assert (media["payload"]["mimeType"], words["type"]) == ("image/jpeg", "text")


def test_what_became_of_a_message_is_told() -> None:
    for said, state in (("delivered", "delivered"), ("undelivered", "failed"), ("failed", "failed")):
        [status] = SMS.read(sms(MessageSid="SM9", MessageStatus=said, ErrorCode="30003")).statuses
        assert (status.vendor_id, status.state) == ("SM9", state)
    found = SMS.read(sms(MessageSid="SM9", MessageStatus="sent", From="+1"))
    assert (found.statuses, found.messages) == ((), ())


def test_buttons_are_numbered() -> None:
    [said] = SMS.write([text("**Which?**"), buttons("Small", "Large")])
    assert said.content == {"text": "Which?\n\n1. Small\n2. Large"}
    assert [button.value for button in said.numbered] == ["v0", "v1"]
