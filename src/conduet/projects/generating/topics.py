"""What a brief asks for, told by its words: which templates it is about."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

STRONG: Final = 3
"""What a phrase weighs that means one thing only; a word weighs 1."""

ENOUGH: Final = 2
"""What the words about a template have to weigh: one word alone may mean anything."""

PARTS: Final = 4
"""At most so many templates make one project."""


@dataclass(frozen=True, slots=True)
class Topic:
    """How people write of what a template does: `phrases` alone tell it, `words` together; each the beginning of one.

    `label` is what a menu calls it, `asks` is what a user would say who wants it.
    """

    label: str
    phrases: Sequence[str]
    words: Sequence[str]
    asks: Sequence[str]


TOPICS: Final[Mapping[str, Topic]] = {
    "appointment-booking": Topic(
        "Book an appointment",
        ("appointment", "book a", "book an", "booking", "reservation", "termin", "reservier", "rendez-vous", "cita"),
        ("book", "schedul", "slot", "calendar", "reserv", "visit", "buch", "kalender", "agenda"),
        ("I would like an appointment", "Can I book a time?"),
    ),
    "faq": Topic(
        "Frequent questions",
        ("faq", "frequent question", "frequently asked", "opening hours", "common question", "öffnungszeiten"),
        ("hours", "price", "delivery", "returns", "payment", "address", "horaire", "preise"),
        ("I have a question", "Can you tell me something?"),
    ),
    "it-help-desk": Topic(
        "IT help",
        ("it help", "it support", "it service", "help desk", "helpdesk", "service desk", "printer", "vpn", "passwor"),
        ("laptop", "wi-fi", "wifi", "network", "computer", "ticket", "drucker", "netzwerk"),
        ("Something is broken", "I have trouble with my computer"),
    ),
    "lead-qualification": Topic(
        "Talk about our offer",
        ("qualif", "leads", "new lead", "prospect", "demo request", "interessent"),
        ("sales", "crm", "b2b", "quote", "offer", "budget", "vertrieb", "angebot", "ventas", "buyer"),
        ("I am interested in your product", "I want to talk to sales"),
    ),
    "newsletter": Topic(
        "Newsletter",
        ("newsletter", "digest", "linkedin", "rundbrief", "campaign", "press release", "blog post", "social media"),
        ("weekly", "publish", "post", "announce", "monthly", "wöchentlich", "twitter", "audience"),
        ("I want the newsletter", "What is new?"),
    ),
    "onboarding-survey": Topic(
        "Give feedback",
        (
            "survey",
            "nps",
            "net promoter",
            "feedback",
            "satisfaction",
            "umfrage",
            "zufriedenheit",
            "encuesta",
            "sondage",
        ),
        ("onboard", "rating", "rate", "score", "review", "opinion", "bewert"),
        ("I want to give feedback", "I would like to rate you"),
    ),
    "order-status": Topic(
        "Where is my order?",
        (
            "order status",
            "my order",
            "their order",
            "where an order",
            "where the order",
            "orders are",
            "track",
            "parcel",
            "shipment",
            "bestell",
            "paket",
        ),
        ("order", "shipping", "shipped", "delivery", "shop", "purchase", "sendung", "pedido", "commande", "colis"),
        ("Track my order", "When does my parcel arrive?"),
    ),
    "shop-assistant": Topic(
        "Help with an order",
        ("online shop", "webshop", "shop assistant", "send back", "sent back", "return policy", "rückgabe"),
        ("shop", "return", "order", "delivery", "parcel", "refund", "versand", "bestell"),
        ("I have a question about my order", "I want to send something back"),
    ),
    "support": Topic(
        "Get support",
        (
            "knowledge base",
            "documentation",
            "our docs",
            "help center",
            "help centre",
            "customer support",
            "support agent",
        ),
        (
            "support",
            "docs",
            "manual",
            "customer",
            "help",
            "question",
            "kund",
            "hilfe",
            "frag",
            "soporte",
            "aide",
        ),
        ("I need help", "I have a problem"),
    ),
}
"""By the id of each template."""

_IDLE: Final = re.compile(r"\bin order to\b")


def asked_for(brief: str, templates: Collection[str]) -> list[str]:
    """The templates that a brief is about, the one it is most about first; none where its words tell of none."""
    text = _IDLE.sub(" ", brief.lower())
    weights = {name: _weight(text, TOPICS[name]) for name in sorted(templates) if name in TOPICS}
    found = sorted((name for name in weights if weights[name] >= ENOUGH), key=lambda name: -weights[name])
    return found[:PARTS]


def _weight(text: str, topic: Topic) -> int:
    phrases = [phrase for phrase in topic.phrases if _has(text, phrase)]
    words = [word for word in topic.words if _has(text, word)]
    return STRONG * len(phrases) + len(words)


def _has(text: str, beginning: str) -> bool:
    return re.search(rf"\b{re.escape(beginning)}", text) is not None
