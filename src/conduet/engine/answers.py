"""What counts as an answer of a kind: how it is read, and what is said to who gave none."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any, Final
from zoneinfo import ZoneInfo

from conduet.engine.fields import Scripted
from conduet.engine.values import Json, to_number

LONGEST: Final = 200
"""The longest answer in which a date or a phone number is looked for, in characters."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Who is asked, where and when; languages are tags such as `de-AT`, `zone` is an IANA name."""

    language: str
    project_language: str
    zone: str
    now: datetime


def read_number(said: str, _: Asking) -> Json:
    """A number as JSON spells it."""
    return to_number(said)


def read_text(said: str, _: Asking) -> Json:
    """Any words."""
    return said


def read_email(said: str, _: Asking) -> Json:
    """An e-mail address, its domain in lower case; whether somebody reads there is not asked."""
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(said, check_deliverability=False).normalized
    except EmailNotValidError:
        return None


def read_url(said: str, _: Asking) -> Json:
    """An address on the web; `https://` may be left out."""
    from pydantic import HttpUrl, TypeAdapter, ValidationError

    if any(letter.isspace() for letter in said) or "@" in said:
        return None
    try:
        url = TypeAdapter(HttpUrl).validate_python(said if "://" in said else f"https://{said}")
    except ValidationError:
        return None
    return str(url) if "." in (url.host or "").strip(".") else None


_PHONE: Final = re.compile(r"\+?[0-9 ().\-/]+")


def read_phone(said: str, asking: Asking) -> Json:
    """A phone number as E.164 has it (`+4930901820`); without a country code it is of the project's country."""
    import phonenumbers

    if len(said) > LONGEST or not _PHONE.fullmatch(said):
        return None
    try:
        number = phonenumbers.parse(said, region_of(asking.project_language))
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


_REGIONS: Final[Mapping[str, str]] = {
    "ar": "EG", "be": "BY", "bn": "BD", "bs": "BA", "ca": "ES", "cs": "CZ", "cy": "GB", "da": "DK", "el": "GR",
    "en": "US", "et": "EE", "eu": "ES", "fa": "IR", "ga": "IE", "gl": "ES", "he": "IL", "hi": "IN", "hy": "AM",
    "ja": "JP", "ka": "GE", "kk": "KZ", "ko": "KR", "lb": "LU", "mk": "MK", "ms": "MY", "nb": "NO", "nn": "NO",
    "pa": "IN", "sl": "SI", "sq": "AL", "sr": "RS", "sv": "SE", "sw": "KE", "ta": "IN", "te": "IN", "uk": "UA",
    "ur": "PK", "vi": "VN", "zh": "CN",
}  # fmt: skip
"""Where most people live who speak a language, when the country is not called like the language."""


def region_of(language: str) -> str | None:
    """The country of a language tag: what it names (`de-AT`: `AT`), else where most speak it; `None` for none known."""
    import phonenumbers

    first, *more = language.split("-")
    named = next((part.upper() for part in more if len(part) == 2 and part.isalpha()), None)
    region = named or _REGIONS.get(first.lower(), first.upper())
    return region if region in phonenumbers.SUPPORTED_REGIONS else None


_reading_dates: Final = Lock()


def read_date(said: str, asking: Asking) -> Json:
    """A day (`2026-12-24`), or a moment in the project's zone (`2026-12-24T17:00:00+01:00`) where a time was said.

    Days are named in the conversation's language, relative ones (`tomorrow`, `next friday`) too; where a year or a week
    is not said, the next one is meant. The first call takes half a second.
    """
    if len(said) > LONGEST:
        return None
    from dateparser.date import DateDataParser

    zone = ZoneInfo(asking.zone)
    settings = {
        "RELATIVE_BASE": asking.now.astimezone(zone).replace(tzinfo=None),
        "PREFER_DATES_FROM": "future",
        "RETURN_TIME_AS_PERIOD": True,
    }
    with _reading_dates:
        found: Any = DateDataParser(settings=settings, **_names(asking.language)).get_date_data(said)
    moment: datetime | None = found.date_obj
    if moment is None or found.period not in {"day", "time"}:
        return None
    if found.period == "day":
        return moment.date().isoformat()
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).isoformat(timespec="seconds")


def _names(language: str) -> dict[str, Any]:
    """How the library is told a language: with its country, without, or English when it knows neither."""
    from dateparser.data.languages_info import language_locale_dict, language_order

    first, *more = language.split("-")
    tag = "-".join((first.lower(), *(part.upper() for part in more)))
    if tag in language_locale_dict.get(first.lower(), ()):
        return {"locales": [tag]}
    return {"languages": [first.lower() if first.lower() in language_order else "en"]}


READERS: Final[Mapping[str, Callable[[str, Asking], Json]]] = {
    "text": read_text,
    "number": read_number,
    "email": read_email,
    "phone": read_phone,
    "date": read_date,
    "url": read_url,
}
"""How an answer of each kind is read: its value, `None` when it is none."""

SLOW: Final = frozenset({"email", "phone", "date", "url"})
"""The kinds that are read in a thread: their libraries take long to be loaded, and one to read."""

HINTS: Final[Mapping[str, Scripted]] = {
    "text": Scripted({
        "en": "Please answer in words.",
        "de": "Bitte antworten Sie mit Worten.",
        "es": "Responda con palabras, por favor.",
        "fr": "Répondez avec des mots, s’il vous plaît.",
    }),
    "number": Scripted({
        "en": "That is not a number. Please write one such as 42 or 3.5.",
        "de": "Das ist keine Zahl. Bitte schreiben Sie eine wie 42 oder 3.5.",
        "es": "Eso no es un número. Escriba uno como 42 o 3.5, por favor.",
        "fr": "Ce n’est pas un nombre. Écrivez-en un comme 42 ou 3.5, s’il vous plaît.",
    }),
    "email": Scripted({
        "en": "That is not an e-mail address. Please write one such as name@example.org.",
        "de": "Das ist keine E-Mail-Adresse. Bitte schreiben Sie eine wie name@example.org.",
        "es": "Eso no es una dirección de correo. Escriba una como nombre@example.org, por favor.",
        "fr": "Ce n’est pas une adresse e-mail. Écrivez-en une comme nom@example.org, s’il vous plaît.",
    }),
    "phone": Scripted({
        "en": "That is not a phone number. Please write it with its area code, or with + and its country code.",
        "de": "Das ist keine Telefonnummer. Bitte schreiben Sie sie mit Vorwahl, oder mit + und Landesvorwahl.",
        "es": "Eso no es un número de teléfono. Escríbalo con su prefijo, o con + y el código del país, por favor.",
        "fr": "Ce n’est pas un numéro de téléphone. Écrivez-le en entier, ou avec + et l’indicatif du pays, s’il vous "
        "plaît.",
    }),
    "date": Scripted({
        "en": "That is not a date. Please write one such as “24 December” or “tomorrow”.",
        "de": "Das ist kein Datum. Bitte schreiben Sie eines wie „24. Dezember“ oder „morgen“.",
        "es": "Eso no es una fecha. Escriba una como «24 de diciembre» o «mañana», por favor.",
        "fr": "Ce n’est pas une date. Écrivez-en une comme « 24 décembre » ou « demain », s’il vous plaît.",
    }),
    "url": Scripted({
        "en": "That is not a web address. Please write one such as https://example.org.",
        "de": "Das ist keine Webadresse. Bitte schreiben Sie eine wie https://example.org.",
        "es": "Eso no es una dirección web. Escriba una como https://example.org, por favor.",
        "fr": "Ce n’est pas une adresse web. Écrivez-en une comme https://example.org, s’il vous plaît.",
    }),
    "regex": Scripted({
        "en": "That does not have the form that is expected here.",
        "de": "Das hat nicht die Form, die hier erwartet wird.",
        "es": "Eso no tiene la forma que se espera aquí.",
        "fr": "Cela n’a pas la forme attendue ici.",
    }),
}  # fmt: skip
"""What is said to who gave no answer of a kind; the first language when the conversation's is not among them."""
