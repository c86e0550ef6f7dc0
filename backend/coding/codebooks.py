"""The council's codebook: what ships, and each version that its people made of it since."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from backend.accounts import queries as accounts
from backend.coding import machine
from backend.coding.models import CodebookVersion, EarlierSuggestion, SuggestedCode, ThemeDecision
from backend.core import audit, clock

if TYPE_CHECKING:
    from analysis.rows.codebooks import Codebook, Theme
    from backend.core.access.identity import StaffIdentity

MADE = audit.declare("coding.codebook_made", "version", "what", "theme_id")
LONGEST_TITLE, LONGEST_TEXT, LONGEST_ID = 60, 400, 40
ACCEPTED, RENAMED, MERGED, DROPPED = "accepted", "renamed", "merged", "dropped"
REWORDED, RETIRED = "reworded", "retired"
# What the machine calls questions of its own.
_TAKEN = frozenset({"ask"})


class BookRefused(Exception):
    """The codebook cannot be changed so; `errors` says why, by field."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(errors)
        self.errors = errors


@dataclass(frozen=True)
class Wording:
    """A theme as a person words it."""

    title: str
    covers: str = ""
    excludes: str = ""


@dataclass(frozen=True)
class Step:
    """One decision, as pages tell it."""

    decision: ThemeDecision
    by: str

    @property
    def at(self) -> datetime:
        return self.decision.decided_at


def version_in_use(session: Session) -> int:
    """The number of the codebook that texts are coded to now."""
    newest = select(CodebookVersion.version).order_by(col(CodebookVersion.version).desc())
    return session.exec(newest.limit(1)).first() or machine.codebook().version


def codebook_in_use(session: Session) -> "Codebook":
    """The themes that texts are coded to now, in their order."""
    return codebook_of(session, version_in_use(session)) or machine.codebook()


def codebook_of(session: Session, version: int) -> "Codebook | None":
    """One version, whole; None where there never was one."""
    shipped = machine.codebook()
    if version == shipped.version:
        return shipped
    row = session.get(CodebookVersion, version)
    return machine.as_codebook(row.themes, version) if row else None


def versions(session: Session) -> list[CodebookVersion]:
    """Every version that the council made, the newest first."""
    newest = select(CodebookVersion).order_by(col(CodebookVersion.version).desc())
    return list(session.exec(newest))


def titles_ever(session: Session) -> dict[str, str]:
    """The titles of all themes that ever were, by id, as they were called last."""
    titles = {theme.id: theme.title for theme in machine.codebook().themes}
    for row in reversed(versions(session)):
        titles |= {theme["id"]: theme["title"] for theme in row.themes}
    return titles


def steps(session: Session, *, suggestion_id: int | None = None) -> list[Step]:
    """What was decided about a group, or about everything; the newest first."""
    rows = select(ThemeDecision).order_by(col(ThemeDecision.id).desc())
    if suggestion_id is not None:
        rows = rows.where(ThemeDecision.suggestion_id == suggestion_id)
    found = list(session.exec(rows))
    names = accounts.names_of(session, {row.decided_by for row in found})
    return [Step(row, names.get(row.decided_by, "")) for row in found]


def check_wording(session: Session, wording: Wording, *, theme_id: str = "") -> dict[str, str]:
    """What is wrong with how a theme is worded, by field; its own title may stay."""
    errors = {}
    if not wording.title:
        errors["title"] = "Enter a title: what those who wrote would call it."
    elif len(wording.title) > LONGEST_TITLE:
        errors["title"] = f"Use {LONGEST_TITLE} characters at most."
    elif clash := _clash(session, wording.title, theme_id):
        errors["title"] = clash
    for field, text in (("covers", wording.covers), ("excludes", wording.excludes)):
        if len(text) > LONGEST_TEXT:
            errors[field] = f"Use {LONGEST_TEXT} characters at most."
    return errors


def _clash(session: Session, title: str, theme_id: str) -> str:
    wanted = _plain(title)
    for theme in codebook_in_use(session).themes:
        if theme.id != theme_id and wanted in (_plain(theme.title), _plain(theme.id)):
            return (
                f"There is a theme “{theme.title}” already. Merge into it, or choose another title."
            )
    for known, name in titles_ever(session).items():
        if known != theme_id and wanted in (_plain(name), _plain(known)):
            return f"“{name}” was retired, and its past stays its own. Choose another title."
    return ""


def _plain(text: str) -> str:
    return " ".join(text.replace("_", " ").casefold().split())


def new_id(session: Session, title: str) -> str:
    """An id made of the title, which no theme ever had."""
    letters = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    root = re.sub(r"[^a-z0-9]+", "_", letters).strip("_")[:LONGEST_ID].strip("_") or "theme"
    taken = titles_ever(session).keys() | _TAKEN
    name, number = root, 1
    while name in taken:
        number += 1
        name = f"{root}_{number}"
    return name


def with_theme(session: Session, theme_id: str, wording: Wording) -> "list[Theme]":
    """Today's themes with one more, or with one worded anew."""
    theme = machine.theme(theme_id, wording.title, wording.covers, wording.excludes)
    themes = list(codebook_in_use(session).themes)
    places = [place for place, one in enumerate(themes) if one.id == theme_id]
    if not places:
        return [*themes, theme]
    themes[places[0]] = theme
    return themes


def make_version(
    session: Session,
    viewer: "StaffIdentity",
    themes: "Iterable[Theme]",
    *,
    what: str,
    theme_id: str,
) -> int:
    """Put a codebook in force from now on, whole, and return its number. What was coded under the
    older one is coded anew by the worker, and stays readable as it was."""
    number = version_in_use(session) + 1
    row = CodebookVersion(
        version=number,
        themes=[
            {"id": one.id, "title": one.title, "covers": one.covers, "not": one.excludes}
            for one in themes
        ],
        made_by=viewer.staff_id,
        made_at=clock.now(),
    )
    session.add(row)
    session.flush()
    audit.record(session, MADE, actor=viewer.actor, version=number, what=what, theme_id=theme_id)
    return number


def keep_older(session: Session, answer_ids: Iterable[int]) -> None:
    """Keep what was suggested for these answers under an older codebook, as it was last; the words
    that led to it are not kept twice."""
    now, wanted = version_in_use(session), sorted(set(answer_ids))
    rows = session.exec(
        select(SuggestedCode)
        .where(col(SuggestedCode.answer_id).in_(wanted), SuggestedCode.codebook_version != now)
        .order_by(col(SuggestedCode.coded_at), col(SuggestedCode.id))
    ).all()
    kept = session.exec(
        select(EarlierSuggestion).where(col(EarlierSuggestion.answer_id).in_(wanted))
    ).all()
    known = {(row.answer_id, row.codebook_version): row for row in kept}
    for row in rows:
        values = {name: getattr(row, name) for name in _KEPT}
        key = (row.answer_id, row.codebook_version)
        earlier = known.setdefault(key, EarlierSuggestion(**values))
        for name, value in values.items():
            setattr(earlier, name, value)
        session.add(earlier)
    session.flush()


_KEPT = (
    "answer_id", "answer_revision", "codebook_version", "coder", "themes", "sentiment", "urgency",
    "is_ask", "confidence", "note", "coded_at",
)  # fmt: skip


def earlier_suggestions(session: Session, answer_id: int) -> list[EarlierSuggestion]:
    """What was suggested for an answer under older codebooks, the newest first."""
    rows = select(EarlierSuggestion).where(EarlierSuggestion.answer_id == answer_id)
    return list(session.exec(rows.order_by(col(EarlierSuggestion.codebook_version).desc())))


def keep_step(
    session: Session,
    viewer: "StaffIdentity",
    *,
    what: str,
    why: str,
    version: int,
    suggestion_id: int | None = None,
    theme_id: str = "",
    title: str = "",
) -> None:
    """Write down who decided what, when and why."""
    session.add(
        ThemeDecision(
            suggestion_id=suggestion_id,
            theme_id=theme_id,
            what=what,
            title=title,
            why=why,
            codebook_version=version,
            decided_by=viewer.staff_id,
            decided_at=clock.now(),
        )
    )
    session.flush()
