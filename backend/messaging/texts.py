"""The words of messages to contributors: they say that a page is ready, and nothing else."""

import unicodedata
from dataclasses import dataclass

from backend.core.catalogues import catalogue
from backend.core.translations import Phrase, page_language, phrase, speaking

# Whoever looks over a shoulder learns nothing: no care, no department, no meeting, no name.
READY = phrase("Your page is ready")
HELLO = phrase("Hi.")
NEWS = phrase("There is news for you on your page")
OFFERED = (READY, phrase("There is something new for you"), phrase("Have a look when you like"))
BY_OCCASION = {
    "invitation": READY,
    "reminder": phrase("Your page is still open"),
    "meeting_changed": phrase("Something on your page has changed"),
    "answer": NEWS,
    "urgent": NEWS,
    "digest": NEWS,
}
OFFERED_BY_TEXT = {str(one): one for one in OFFERED}
OWN_WORDS = ("invitation", "reminder")  # the child's own words say that the page is ready
# GSM 03.38: a text of these signs has 160 to a part; any other sign makes it 70.
PLAIN = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
TWICE = set("^{}\\[~]|€")


def text_for(
    occasion: str, link: str, *, sender: str = "", words: str = "", language: str = "en"
) -> str:
    """The whole text of a message to a contributor, in their language."""
    said = subject_for(occasion, words=words, language=language)
    with speaking(language):
        greeting = _spoken(phrase("Hi, it's %(name)s.", name=sender) if sender else HELLO)
    return f"{greeting} {said}: {link}"


def subject_for(occasion: str, *, words: str = "", language: str = "en") -> str:
    """What a message says, without greeting and link: the subject of an e-mail too."""
    said: str = BY_OCCASION.get(occasion, NEWS)
    if words and occasion in OWN_WORDS:
        said = OFFERED_BY_TEXT.get(words, words)
    with speaking(language):
        return _spoken(said).rstrip(".:")


@dataclass(frozen=True)
class Letter:
    """The words of a letter: the same that a text would say, and how to come in."""

    language: str
    greeting: str
    said: str
    steps: tuple[str, ...]
    qr_words: str


@dataclass(frozen=True)
class Printed:
    """One letter as it is printed, with the name for the envelope's pile and the way in."""

    letter: Letter
    name: str
    code: str
    link: str
    way_in: str


STEPS = (
    phrase("Let your phone's camera look at the square."),
    phrase("Or open this page and type this code:"),
)
QR_WORDS = phrase("A square that opens your page")


def letter_for(occasion: str, *, sender: str = "", words: str = "", language: str = "en") -> Letter:
    """The words of a letter on an occasion, in its reader's language."""
    said = subject_for(occasion, words=words, language=language)
    with speaking(language):
        greeting = _spoken(phrase("Hi, it's %(name)s.", name=sender) if sender else HELLO)
        steps = tuple(_spoken(one) for one in STEPS)
        return Letter(page_language().code, greeting, f"{said}.", steps, _spoken(QR_WORDS))


def _spoken(text: str) -> str:
    """A phrase of ours in the language of now, as plain text; own words as they are."""
    if not isinstance(text, Phrase):
        return text
    found = catalogue(page_language().code).messages.get(text.source)
    return (found.forms[0] if found else text.source) % text.values


def count_parts(text: str) -> tuple[int, int]:
    """How many signs a text has as phones count them, and in how many parts it goes."""
    if all(one in PLAIN or one in TWICE for one in text):
        length = len(text) + sum(one in TWICE for one in text)
        return length, 1 if length <= 160 else -(-length // 153)
    length = len(unicodedata.normalize("NFC", text).encode("utf-16-be")) // 2
    return length, 1 if length <= 70 else -(-length // 67)
