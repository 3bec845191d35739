"""What the built-in model says and what it listens for, in the languages that Conduet speaks."""

from collections.abc import Mapping
from typing import Final

FIX: Final = (
    "This needs a language model, and the built-in one only quotes: set OPENAI_API_KEY, ANTHROPIC_API_KEY, "
    "GEMINI_API_KEY or OPENAI_BASE_URL where the server starts, or name a model in CONDUET_MODEL. "
    "`docs/guides/models.md` tells how."
)

SAID: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "hello": "Hello, this is {name}. How can I help you?",
        "welcome": "You are welcome. Is there anything else?",
        "goodbye": "Good-bye, and thank you for writing.",
        "person": "A person takes over from here.",
        "closest": "This is the closest I found:",
        "mean": "I am not sure. Did you mean one of these?",
        "unknown": "I cannot answer that: I only quote what I was given, without a language model.",
        "help": "I can help with: {topics}.",
        "offer": "Shall I get a person for you?",
        "ask": "What is your {what}?",
        "again": "I could not read that as {kind}.",
        "failed": "That did not work just now.",
        "found": "Here is what I found:",
        "done": "Done.",
    },
    "de": {
        "hello": "Guten Tag, hier ist {name}. Wie kann ich helfen?",
        "welcome": "Gern geschehen. Kann ich noch etwas tun?",
        "goodbye": "Auf Wiedersehen, und danke für Ihre Nachricht.",
        "person": "Ab hier übernimmt ein Mensch.",
        "closest": "Das kommt dem am nächsten:",
        "mean": "Ich bin nicht sicher. Meinen Sie eines davon?",
        "unknown": "Das kann ich nicht beantworten: ich zitiere nur, was mir gegeben wurde, ohne Sprachmodell.",
        "help": "Ich kann helfen bei: {topics}.",
        "offer": "Soll ich einen Menschen holen?",
        "ask": "Bitte nennen Sie: {what}.",
        "again": "Das konnte ich nicht lesen als {kind}.",
        "failed": "Das hat gerade nicht geklappt.",
        "found": "Das habe ich gefunden:",
        "done": "Erledigt.",
    },
    "es": {
        "hello": "Hola, soy {name}. ¿En qué puedo ayudar?",
        "welcome": "De nada. ¿Puedo hacer algo más?",
        "goodbye": "Adiós, y gracias por escribir.",
        "person": "A partir de aquí sigue una persona.",
        "closest": "Esto es lo más cercano que encontré:",
        "mean": "No estoy seguro. ¿Se refiere a algo de esto?",
        "unknown": "No puedo responder a eso: solo cito lo que me dieron, sin modelo de lenguaje.",
        "help": "Puedo ayudar con: {topics}.",
        "offer": "¿Llamo a una persona?",
        "ask": "Por favor, dígame: {what}.",
        "again": "No pude leer eso como {kind}.",
        "failed": "Eso no funcionó en este momento.",
        "found": "Esto es lo que encontré:",
        "done": "Hecho.",
    },
    "fr": {
        "hello": "Bonjour, ici {name}. Comment puis-je aider ?",
        "welcome": "Je vous en prie. Puis-je faire autre chose ?",
        "goodbye": "Au revoir, et merci de votre message.",
        "person": "Une personne prend la suite.",
        "closest": "Voici ce qui s’en approche le plus :",
        "mean": "Je ne suis pas sûr. Voulez-vous dire l’un de ceux-ci ?",
        "unknown": "Je ne peux pas répondre à cela : je ne fais que citer, sans modèle de langage.",
        "help": "Je peux aider pour : {topics}.",
        "offer": "Dois-je appeler une personne ?",
        "ask": "Veuillez indiquer : {what}.",
        "again": "Je n’ai pas pu lire cela comme {kind}.",
        "failed": "Cela n’a pas marché à l’instant.",
        "found": "Voici ce que j’ai trouvé :",
        "done": "C’est fait.",
    },
}  # fmt: skip
"""Each sentence, by language and by what it is for; the first language is for all others."""

HEARD: Final[Mapping[str, tuple[str, ...]]] = {
    "person": (
        "I want to talk to a human", "Can I speak to a person?", "Talk to a human", "Connect me to an agent",
        "I need a real person", "Get me a person", "human", "agent", "operator", "representative",
        "Let me speak to somebody", "Transfer me to customer service",
        "Ich möchte mit einem Menschen sprechen", "Mensch", "Mitarbeiter",
        "Quiero hablar con una persona", "persona", "Je veux parler à une personne", "conseiller",
    ),
    "hello": (
        "Hello", "Hi", "Hey", "Hi there", "Good morning", "Good afternoon", "Good evening", "Hello there",
        "Hallo", "Guten Tag", "Guten Morgen", "Servus", "Moin", "Hola", "Buenos días", "Buenas tardes",
        "Bonjour", "Bonsoir", "Salut",
    ),
    "welcome": (
        "Thanks", "Thank you", "Thank you very much", "Many thanks", "Thanks a lot", "Cheers", "Great, thanks",
        "Danke", "Vielen Dank", "Danke schön", "Gracias", "Muchas gracias", "Merci", "Merci beaucoup",
    ),
    "goodbye": (
        "Bye", "Goodbye", "Good-bye", "See you", "That is all", "That's all", "That was all, thanks",
        "No, that is all", "Nothing else, thank you", "No thanks", "No, thank you",
        "Tschüss", "Auf Wiedersehen", "Das war alles", "Adiós", "Eso es todo", "Au revoir", "C’est tout",
    ),
    "yes": (
        "Yes", "Yes please", "Yes, please", "Yeah", "Yep", "Sure", "Ok", "Okay", "Please do", "Please",
        "Ja", "Ja bitte", "Gern", "Sí", "Si", "Sí, por favor", "Oui", "Oui, s’il vous plaît",
    ),
}  # fmt: skip
"""What users say, by what it means; what stands first goes before the others."""

KINDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {"number": "a number", "email": "an e-mail address", "phone": "a phone number", "date": "a date",
           "url": "a web address", "boolean": "a yes or a no"},
    "de": {"number": "Zahl", "email": "E-Mail-Adresse", "phone": "Telefonnummer", "date": "Datum",
           "url": "Webadresse", "boolean": "Ja oder Nein"},
    "es": {"number": "número", "email": "correo electrónico", "phone": "teléfono", "date": "fecha",
           "url": "dirección web", "boolean": "sí o no"},
    "fr": {"number": "nombre", "email": "adresse e-mail", "phone": "numéro de téléphone", "date": "date",
           "url": "adresse web", "boolean": "oui ou non"},
}  # fmt: skip
"""What a kind of answer is called."""

QUESTIONS: Final = frozenset({
    "what", "when", "where", "which", "who", "whose", "why", "how", "do", "does", "did", "can", "could", "is", "are",
    "will", "would", "should", "may", "was", "wann", "wo", "wer", "wie", "warum", "welche", "kann", "ist", "sind",
    "qué", "cuándo", "dónde", "cuál", "quién", "cómo", "quand", "où", "qui", "quoi", "comment", "pourquoi", "quel",
})  # fmt: skip
"""The words that a question begins with."""


def say(key: str, language: str, **values: str) -> str:
    """A sentence in a language, filled in."""
    return _of(SAID, language)[key].format(**values)


def kind_name(kind: str, language: str) -> str:
    """What a kind of answer is called."""
    return _of(KINDS, language).get(kind, kind)


def _of(table: Mapping[str, Mapping[str, str]], language: str) -> Mapping[str, str]:
    return table.get(language.split("-", maxsplit=1)[0].casefold(), table["en"])
