"""Words that are about nothing, by language: they say how a question is put, not what is asked."""

from collections.abc import Mapping
from typing import Final

_EN = """
a about after again all also am an and any are as at be because been before being but by can could did do does doing
don't for from get got had has have having he her here him his how i i'd i'm i've if in into is it it's its just let
like make me more most my need no not now of off on once only or our out over please shall she should so some such
than that that's the their them then there these they this those to too under up us very was way we were what what's
when where which while who why will with want would you your am isn't can't doesn't didn't won't there's one
"""
_DE = """
aber als am an auch auf aus bei bin bis bitte da das dass dem den der des die doch du ein eine einem einen einer
eines er es euch euer für gibt habe haben hat ich ihr ihre ihren im in ist ja kann kannst können man mein meine
meinem meinen meiner mich mir mit muss nach nicht noch nur ob oder ohne sich sie sind so über um und uns unser vom
von vor wann warum was welche wenn werden wer wie wird wir wo zu zum zur
"""
_ES = """
a al algo ante antes como con cómo cuál cuando cuándo cuánto de del desde donde dónde e el él ella en entre es esta
está este esto estoy ha hace hacer han hasta hay he la las le les lo los me mi mis muy más necesito no nos o para
pero por porque puede puedo que qué quiero se si sí sin sobre son su sus también te tengo tiene tu un una unos y ya
yo
"""

STOP_WORDS: Final[Mapping[str, frozenset[str]]] = {
    "en": frozenset(_EN.split()),
    "de": frozenset(_DE.split()),
    "es": frozenset(_ES.split()),
}
