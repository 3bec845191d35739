"""Stripe's customers.

Source: https://docs.stripe.com/api/customers/list and …/customers/retrieve (API v1, version 2026-02-25.clover), with
https://docs.stripe.com/api/errors: `{error: {type, code?, message, param?}}`.
"""

from typing import Annotated, ClassVar, Final, Self

from pydantic import Field, JsonValue, model_validator

from conduet.engine.connector import Connector, ConnectorAction, Credentials
from conduet.engine.fields import control
from conduet.engine.service import Service, bearer, find, json_request
from conduet.engine.use import ToolFailure, ToolUse
from conduet.engine.values import Json

CUSTOMERS: Final = "https://api.stripe.com/v1/customers"
VERSION: Final = "2026-02-25.clover"
MOST: Final = 10

stripe: Final = Service("Stripe", lambda answer: find(answer, "error", "message"))


class StripeCredentials(Credentials):
    """What may read an account's customers."""

    api_key: Annotated[
        str,
        Field(
            min_length=1,
            description="A restricted key (`rk_…`) that may read customers, or a secret one.",
            json_schema_extra=control("secret"),
        ),
    ]


class FindCustomer(ConnectorAction[StripeCredentials]):
    """Look up a customer by e-mail address or id."""

    name: ClassVar[str] = "find-customer"
    example: ClassVar[dict[str, JsonValue]] = {"email": "{{email}}"}

    email: Annotated[
        str | None,
        Field(
            max_length=512,
            description="The e-mail address, exactly as Stripe has it.",
            json_schema_extra=control("text"),
        ),
    ] = None
    customer_id: Annotated[
        str | None,
        Field(
            pattern=r"^cus_[A-Za-z0-9]{1,100}$",
            description="The customer's id, instead.",
            json_schema_extra=control("text"),
        ),
    ] = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if bool(self.email) == bool(self.customer_id):
            raise ValueError("give an e-mail address or an id, and not both")
        return self

    async def run(self, credentials: StripeCredentials, use: ToolUse) -> Json:
        """`{found, customers: [{id, email, name, phone, currency, delinquent, created}]}`, the newest first."""
        headers = {**bearer(credentials.api_key), "Stripe-Version": VERSION}
        if self.customer_id:
            customers = await self._known(headers, use)
        else:
            query = {"email": self.email or "", "limit": str(MOST)}
            answer = await stripe.ask(use, json_request("GET", CUSTOMERS, headers=headers, query=query))
            customers = stripe.items(answer, "data")
        told = [_told(customer) for customer in customers if find(customer, "deleted") is not True]
        return {"found": bool(told), "customers": told}

    async def _known(self, headers: dict[str, str], use: ToolUse) -> list[Json]:
        try:
            return [await stripe.ask(use, json_request("GET", f"{CUSTOMERS}/{self.customer_id}", headers=headers))]
        except ToolFailure as failure:
            if failure.code == "NOT_FOUND":
                return []
            raise


class Stripe(Connector):
    """Stripe: customers who pay."""

    type: ClassVar[str] = "stripe"
    credentials = StripeCredentials
    actions = (FindCustomer,)


def _told(customer: Json) -> Json:
    kept = ("email", "name", "phone", "currency", "delinquent", "created")
    return {"id": stripe.part(customer, "id"), **{name: find(customer, name) for name in kept}}
