"""The one door to the analysis package: its coder, its codebook, and how well it was measured.

Nothing else in `backend` imports `analysis`; it is imported late, because pages that code nothing
must not wait for the learning library.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from backend.settings import get_settings

if TYPE_CHECKING:
    from analysis.coder.coding import Coder, Coding, Comment
    from analysis.discovery.groups import Discovery
    from analysis.rows.codebooks import Codebook, Theme
    from analysis.rows.labels import Labelled

# As analysis.learning.councils has it, which a page that only says so need not load.
FEWEST_TO_LEARN_FROM = 20


def name_in_use() -> str:
    """The name of the coder in use; it changes with all that the coder was made of."""
    from analysis.learning.defaults import name_in_use

    return name_in_use(_folder())


def learn(decided: "Sequence[Labelled]") -> str:
    """Let people's decided codes correct the coder; the name of the coder in use from now on.
    ValueError where there are too few."""
    from analysis.learning.councils import learn

    return learn(decided, _folder())


def labelled(
    text: str,
    *,
    audience: str,
    question: str | None,
    language: str | None,
    themes: Collection[str],
    sentiment: str | None,
    urgency: str | None,
    is_ask: bool | None,
) -> "Labelled":
    """One decided code as the coder learns from it."""
    from analysis.rows.labels import Labelled

    return Labelled(
        text=text,
        audience=audience,
        themes=frozenset(themes),
        sentiment=sentiment,
        urgency=urgency,
        ask=is_ask,
        question=question,
        language=language,
    )


def forget() -> None:
    """Code as what ships again: what was learnt from people's decisions is deleted."""
    from analysis.learning.defaults import COUNCIL

    (_folder() / COUNCIL).unlink(missing_ok=True)


def _folder() -> Path:
    return get_settings().heard_data / "analysis"


@lru_cache(maxsize=2)
def _coder(name: str, themes: "Codebook") -> "Coder":
    """One coder of that name in this process: another process may have taught a newer one."""
    from analysis.learning.defaults import load_default

    return load_default(_folder(), themes)


@cache
def codebook() -> "Codebook":
    """The themes that ship, in their order; `codebooks` knows the council's own."""
    from analysis.rows.codebooks import load_codebook

    return load_codebook()


def theme(theme_id: str, title: str, covers: str, excludes: str) -> "Theme":
    """One theme of a codebook."""
    from analysis.rows.codebooks import Theme

    return Theme(id=theme_id, title=title, covers=covers, excludes=excludes)


def as_codebook(themes: Sequence[Mapping[str, str]], version: int) -> "Codebook":
    """A codebook as a version of it was kept."""
    from analysis.rows.codebooks import Codebook

    found = [theme(one["id"], one["title"], one["covers"], one["not"]) for one in themes]
    return Codebook(tuple(found), version=version)


def comment(
    text: str, *, key: str, audience: str, question: str | None, language: str | None
) -> "Comment":
    """One text as the coder takes it."""
    from analysis.coder.coding import Comment

    return Comment(id=key, text=text, audience=audience, question=question, language=language)


def code(comments: Sequence["Comment"], themes: "Codebook | None" = None) -> "list[Coding]":
    """What the coder in use says of each, in their order, by these themes or by those that ship."""
    return _coder(name_in_use(), themes or codebook()).code(comments)


def coding(key: str, *, themes: Collection[str], urgency: str, confidence: float) -> "Coding":
    """A code that was kept, as far as `discover` looks at it."""
    from analysis.coder.coding import Coding

    return Coding(
        id=key,
        themes=tuple(themes),
        sentiment=None,
        urgency=urgency,
        ask=False,
        confidence=confidence,
        matched=(),
        note="",
    )


def discover(codings: Sequence["Coding"], comments: Sequence["Comment"]) -> "Discovery":
    """Groups among the comments that fit no theme; seconds to minutes, so for a job alone."""
    from analysis.discovery.groups import discover

    return discover(codings, comments)


def measured() -> dict[str, str] | None:
    """How well themes are coded by what ships, on comments kept apart: micro-F1 with its 95%
    interval and the number of codes that people gave; None where nothing was measured."""
    from analysis.measures.cards import card

    micro = card().get("micro")
    if not micro:
        return None
    told = {name: f"{micro[name]:.2f}" for name in ("value", "low", "high")}
    return {**told, "n": str(micro["n"])}
