"""How a contributor gets in: what the application and other features may call."""

from backend.entry.frames import door_card, page_frame
from backend.entry.hand_overs import hand_over
from backend.entry.help_numbers import next_reading_words, numbers_for
from backend.entry.opening_links import OpeningLinkLine, make_opening_link
from backend.entry.other_checks import CheckRefused, remove_other_check, set_other_check
from backend.entry.own_secrets import set_secret
from backend.entry.passes import ensure_pass, revoke_pass
from backend.entry.queries import PassLine, own_address
from backend.entry.sessions import (
    identify,
    identity_of_visit,
    is_own_phone,
    just_left,
    locked_since_idle,
    say_whose_phone,
    whose_phone,
)

COOKIE = "heard_me"

__all__ = [
    "COOKIE",
    "CheckRefused",
    "OpeningLinkLine",
    "PassLine",
    "door_card",
    "ensure_pass",
    "hand_over",
    "identify",
    "identity_of_visit",
    "is_own_phone",
    "just_left",
    "locked_since_idle",
    "make_opening_link",
    "next_reading_words",
    "numbers_for",
    "own_address",
    "page_frame",
    "remove_other_check",
    "revoke_pass",
    "say_whose_phone",
    "set_other_check",
    "set_secret",
    "whose_phone",
]
