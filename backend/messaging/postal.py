"""Postal addresses as extracts write them, and whether a provider posts letters to them."""

import re

from backend.messaging.channels import is_notify_key
from backend.settings import Settings

POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9][A-Z]{2})", re.IGNORECASE)
AT_THE_END = re.compile(rf"(.*?)[\s,]*\b{POSTCODE.pattern}\s*", re.IGNORECASE | re.DOTALL)
BETWEEN_LINES = re.compile(r"[,;|\r\n]+")
# Notify prints three to seven lines with the name above them, and none of them wider than this.
FEWEST, MOST, LONGEST = 2, 6, 45
OFFICE = "office"  # the provider of a letter that a person took back to print


def is_posted_by_provider(settings: Settings) -> bool:
    """Whether the council has switched on that GOV.UK Notify prints and posts letters."""
    key = settings.heard_notify_key.get_secret_value()
    return bool(settings.heard_notify_letters) and is_notify_key(key)


def lines_of(address: str | None) -> tuple[str, ...]:
    """The lines of a postal address without its name, the postcode last and alone; none where it
    has no postcode at its end, or too few, too many or too long lines to be printed."""
    found = AT_THE_END.fullmatch((address or "").strip())
    if found is None:
        return ()
    above = [" ".join(line.split()) for line in BETWEEN_LINES.split(found[1])]
    lines = (*(line for line in above if line), f"{found[2]} {found[3]}".upper())
    is_fit = FEWEST <= len(lines) <= MOST and all(len(line) <= LONGEST for line in lines)
    return lines if is_fit else ()
