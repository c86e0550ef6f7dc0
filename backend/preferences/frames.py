"""What preferences give to every contributor's page: its language, direction and look."""

from typing import Any

from fastapi import Request

from backend.core import languages
from backend.core.access.identity import ContributorIdentity
from backend.preferences.queries import Preferences


def page_frame(request: Request, identity: ContributorIdentity | None) -> dict[str, Any]:
    """The values of base.html that follow from who reads, and in which language.

    Before anybody is in, the language stands in the address alone (docs/decisions/0011).
    """
    mine = preferences_of_page(request, identity)
    spoken = languages.language(mine.speaks)
    asked = "" if identity else languages.asked_for(request.query_params)
    return {
        "lang": spoken.page.code,
        "dir": spoken.page.direction,
        "speaks": spoken.code,
        "easy_read": mine.easy_read,
        "looks": "".join(f" {one}" for one in mine.looks),
        "has_looks": bool(mine.looks) or spoken.code != languages.SOURCE,
        "lang_query": f"?{languages.IN_ADDRESS}={asked}" if asked else "",
        "look_url": "/me/look" if identity else "",
        "other_languages": () if identity else others_than(spoken),
    }


def preferences_of_page(request: Request, identity: ContributorIdentity | None) -> Preferences:
    """The preferences that this page follows."""
    if identity is not None:
        kept: Preferences = getattr(request.state, "preferences", Preferences())
        return kept
    of_link: str = getattr(request.state, "language_of_link", "")
    asked = languages.asked_for(request.query_params)
    return Preferences(speaks=asked or of_link or languages.SOURCE)


def others_than(spoken: languages.Language) -> tuple[languages.Language, ...]:
    """The languages that a page offers beside its own."""
    return tuple(one for one in languages.languages().values() if one != spoken)
