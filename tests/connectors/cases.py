"""For each action of each connector: what it is given in these tests, and what its service answers when all is well."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from conduet.engine.values import Json, to_json

SECRET = "xoxb-do-not-tell-anybody-this"


@dataclass(frozen=True)
class Case:
    """One action: `before` are the answers to what it asks before that."""

    credentials: Mapping[str, Json]
    inputs: Mapping[str, Json]
    answer: Json
    before: tuple[Json, ...] = ()
    status: int = 200
    result: Json = field(default=None)


def _key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


GOOGLE_KEY = _key()
SERVICE_ACCOUNT = to_json(
    {
        "type": "service_account",
        "client_email": "bikes@project.iam.gserviceaccount.example",
        "private_key": GOOGLE_KEY,
        "private_key_id": "0123",
        "token_uri": "https://evil.example/token",
    }
)

CASES: Mapping[tuple[str, str], Case] = {
    ("slack", "post-message"): Case(
        {"token": SECRET},
        {"channel": "C0123456789", "text": "Hello"},
        {"ok": True, "channel": "C0123456789", "ts": "1756715400.000100", "message": {"text": "Hello"}},
        result={"channel": "C0123456789", "ts": "1756715400.000100"},
    ),
    ("discord", "post-message"): Case(
        {"webhookUrl": f"https://discord.com/api/webhooks/1234567890/{SECRET}"},
        {"text": "Hello"},
        {"id": "987654321", "channel_id": "55", "content": "Hello", "type": 0},
        result={"id": "987654321", "channelId": "55"},
    ),
    ("google-sheets", "append-row"): Case(
        {"serviceAccount": SERVICE_ACCOUNT},
        {"spreadsheetId": "1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms", "values": ["Ann", 3]},
        {
            "spreadsheetId": "1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms",
            "tableRange": "Sheet1!A1:B4",
            "updates": {
                "spreadsheetId": "1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms",
                "updatedRange": "Sheet1!A5:B5",
                "updatedRows": 1,
                "updatedColumns": 2,
                "updatedCells": 2,
            },
        },
        before=({"access_token": "ya29.token", "expires_in": 3599, "token_type": "Bearer"},),
        result={"range": "Sheet1!A5:B5", "cells": 2},
    ),
    ("hubspot", "create-contact"): Case(
        {"token": SECRET},
        {"email": "ann@shop.example", "firstName": "Ann"},
        {
            "id": "512",
            "properties": {"email": "ann@shop.example", "firstname": "Ann"},
            "createdAt": "2026-09-01T08:30:00.000Z",
            "updatedAt": "2026-09-01T08:30:00.000Z",
            "archived": False,
        },
        status=201,
        result={"id": "512", "created": True},
    ),
    ("airtable", "create-record"): Case(
        {"token": SECRET},
        {"baseId": "appAbCdEfGhIjKlMn", "table": "Orders", "fields": {"Name": "Ann"}},
        {"id": "rec560UJdUtocSouk", "createdTime": "2026-09-01T08:30:00.000Z", "fields": {"Name": "Ann"}},
        result={"id": "rec560UJdUtocSouk", "createdTime": "2026-09-01T08:30:00.000Z", "fields": {"Name": "Ann"}},
    ),
    ("zendesk", "create-ticket"): Case(
        {"subdomain": "bikes", "email": "agent@bikes.example", "apiToken": SECRET},
        {"subject": "A flat tyre", "body": "Help!", "requesterName": "Ann", "requesterEmail": "ann@shop.example"},
        {"ticket": {"id": 35436, "url": "https://bikes.zendesk.com/api/v2/tickets/35436.json", "status": "new"}},
        status=201,
        result={"id": 35436, "status": "new", "url": "https://bikes.zendesk.com/agent/tickets/35436"},
    ),
    ("shopify", "order-status"): Case(
        {"shop": "bikes.myshopify.com", "accessToken": SECRET},
        {"order": "1001", "email": "Ann@shop.example"},
        {
            "data": {
                "orders": {
                    "nodes": [
                        {
                            "name": "#1001",
                            "email": "ann@shop.example",
                            "createdAt": "2026-08-30T10:00:00Z",
                            "cancelledAt": None,
                            "displayFinancialStatus": "PAID",
                            "displayFulfillmentStatus": "FULFILLED",
                            "statusPageUrl": "https://bikes.example/orders/abc",
                            "fulfillments": [
                                {
                                    "displayStatus": "IN_TRANSIT",
                                    "estimatedDeliveryAt": "2026-09-02T10:00:00Z",
                                    "trackingInfo": [
                                        {"company": "Post", "number": "RR1", "url": "https://post.example/RR1"}
                                    ],
                                }
                            ],
                        }
                    ]
                }
            },
            "extensions": {"cost": {"requestedQueryCost": 12}},
        },
        result={
            "found": True,
            "name": "#1001",
            "status": "FULFILLED",
            "payment": "PAID",
            "createdAt": "2026-08-30T10:00:00Z",
            "cancelledAt": None,
            "statusUrl": "https://bikes.example/orders/abc",
            "shipments": [
                {
                    "status": "IN_TRANSIT",
                    "estimatedDeliveryAt": "2026-09-02T10:00:00Z",
                    "tracking": [{"company": "Post", "number": "RR1", "url": "https://post.example/RR1"}],
                }
            ],
        },
    ),
    ("stripe", "find-customer"): Case(
        {"apiKey": SECRET},
        {"email": "jennyrosen@example.com"},
        {
            "object": "list",
            "url": "/v1/customers",
            "has_more": False,
            "data": [
                {
                    "id": "cus_NffrFeUfNV2Hib",
                    "object": "customer",
                    "created": 1680893993,
                    "currency": None,
                    "delinquent": False,
                    "email": "jennyrosen@example.com",
                    "name": "Jenny Rosen",
                    "phone": None,
                }
            ],
        },
        result={
            "found": True,
            "customers": [
                {
                    "id": "cus_NffrFeUfNV2Hib",
                    "email": "jennyrosen@example.com",
                    "name": "Jenny Rosen",
                    "phone": None,
                    "currency": None,
                    "delinquent": False,
                    "created": 1680893993,
                }
            ],
        },
    ),
    ("cal-com", "find-slots"): Case(
        {"apiKey": SECRET},
        {"eventTypeId": 5077497, "start": "2026-09-02", "end": "2026-09-03", "timeZone": "Europe/Vienna"},
        {
            "status": "success",
            "data": {
                "2026-09-03": [{"start": "2026-09-03T09:00:00.000+02:00"}],
                "2026-09-02": [
                    {"start": "2026-09-02T09:00:00.000+02:00"},
                    {"start": "2026-09-02T09:30:00.000+02:00"},
                ],
            },
        },
        result={
            "slots": [
                "2026-09-02T09:00:00.000+02:00",
                "2026-09-02T09:30:00.000+02:00",
                "2026-09-03T09:00:00.000+02:00",
            ],
            "more": False,
        },
    ),
    ("cal-com", "book"): Case(
        {"apiKey": SECRET},
        {
            "eventTypeId": 5077497,
            "start": "2026-09-02T09:00:00.000+02:00",
            "attendeeName": "Ann",
            "attendeeEmail": "ann@shop.example",
            "timeZone": "Europe/Vienna",
        },
        {
            "status": "success",
            "data": {
                "id": 1,
                "uid": "bk_3f",
                "title": "Fitting",
                "status": "accepted",
                "start": "2026-09-02T07:00:00.000Z",
                "end": "2026-09-02T07:20:00.000Z",
                "meetingUrl": "https://app.cal.com/video/bk_3f",
            },
        },
        status=201,
        result={
            "uid": "bk_3f",
            "status": "accepted",
            "start": "2026-09-02T07:00:00.000Z",
            "end": "2026-09-02T07:20:00.000Z",
            "title": "Fitting",
            "meetingUrl": "https://app.cal.com/video/bk_3f",
        },
    ),
    ("webhook", "send"): Case(
        {"url": "https://erp.bikes.example/hooks/orders", "secret": SECRET},
        {"payload": {"event": "order.placed", "total": 12.5}},
        {"accepted": True},
        status=202,
        result={"status": 202, "body": {"accepted": True}},
    ),
}
