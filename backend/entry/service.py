"""How a contributor gets in: what the application and other features may call."""

from backend.entry.frames import page_frame
from backend.entry.help_numbers import next_reading_words, numbers_for
from backend.entry.opening_links import OpeningLinkLine, make_opening_link
from backend.entry.own_secrets import set_secret
from backend.entry.passes import ensure_pass, revoke_pass
from backend.entry.queries import PassLine
from backend.entry.sessions import identify

COOKIE = "heard_me"

__all__ = [
    "COOKIE",
    "OpeningLinkLine",
    "PassLine",
    "ensure_pass",
    "identify",
    "make_opening_link",
    "next_reading_words",
    "numbers_for",
    "page_frame",
    "revoke_pass",
    "set_secret",
]
