"""Changes of the codebook itself: each makes a new version, and has texts coded anew."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlmodel import Session

from backend.coding import codebooks
from backend.coding.codebooks import BookRefused, Wording
from backend.coding.learning import RECODE_JOB, count_outdated
from backend.coding.models import CodebookVersion
from backend.core import jobs
from backend.core.access.permissions import Permission
from backend.core.access.requires import Denied, check

if TYPE_CHECKING:
    from backend.core.access.identity import StaffIdentity

LONGEST_WHY = 1000
LAST_THEMES = 2


class DecidedMeanwhile(Exception):
    """The group or the codebook is not as the page showed it: nothing was written."""


@dataclass(frozen=True)
class Progress:
    """How far what was coded under older codebooks is coded anew."""

    texts: int
    left: int


def check_why(why: str) -> dict[str, str]:
    """What is wrong with a reason, by field."""
    if not why:
        return {"why": "Say why, for those who ask in a year."}
    return {"why": f"Use {LONGEST_WHY} characters at most."} if len(why) > LONGEST_WHY else {}


def refuse(errors: dict[str, str]) -> None:
    """Raise BookRefused where something is wrong."""
    if errors:
        raise BookRefused(errors)


def reword(
    session: Session, viewer: "StaffIdentity", theme_id: str, wording: Wording, *,
    why: str, version: int,
) -> int:  # fmt: skip
    """Word a theme anew, under the same id; the new version. Raises as `accept`."""
    _known(session, viewer, theme_id, version)
    refuse(codebooks.check_wording(session, wording, theme_id=theme_id) | check_why(why))
    made = change(session, viewer, codebooks.REWORDED, theme_id, wording)
    _keep_theme_step(session, viewer, codebooks.REWORDED, theme_id, why=why, version=made)
    return made


def retire(
    session: Session, viewer: "StaffIdentity", theme_id: str, *, why: str, version: int
) -> int:
    """Code to a theme no more; what was coded stays as it was. Raises as `accept`."""
    themes = _known(session, viewer, theme_id, version)
    errors = check_why(why)
    if len(themes) <= LAST_THEMES:
        errors["theme"] = f"A codebook keeps {LAST_THEMES} themes at least."
    refuse(errors)
    left = [theme for theme in codebooks.codebook_in_use(session).themes if theme.id != theme_id]
    made = codebooks.make_version(session, viewer, left, what=codebooks.RETIRED, theme_id=theme_id)
    _code_anew(session, made)
    _keep_theme_step(session, viewer, codebooks.RETIRED, theme_id, why=why, version=made)
    return made


def _known(
    session: Session, viewer: "StaffIdentity", theme_id: str, version: int
) -> tuple[str, ...]:
    check(viewer, Permission.SHAPE_CODEBOOK)
    if version != codebooks.version_in_use(session):
        raise DecidedMeanwhile
    ids = codebooks.codebook_in_use(session).ids
    if theme_id not in ids:
        raise Denied(viewer, Permission.SHAPE_CODEBOOK)
    return ids


def _keep_theme_step(
    session: Session, viewer: "StaffIdentity", what: str, theme_id: str, *, why: str, version: int
) -> None:
    title = codebooks.titles_ever(session).get(theme_id, "")
    codebooks.keep_step(
        session, viewer, what=what, why=why, version=version, theme_id=theme_id, title=title
    )


def change(
    session: Session, viewer: "StaffIdentity", what: str, theme_id: str, wording: Wording
) -> int:
    """Add a theme, or word one anew, and have texts coded anew; the new version."""
    themes = codebooks.with_theme(session, theme_id, wording)
    made = codebooks.make_version(session, viewer, themes, what=what, theme_id=theme_id)
    _code_anew(session, made)
    return made


def _code_anew(session: Session, version: int) -> None:
    row = session.get_one(CodebookVersion, version)
    row.texts = count_outdated(session)
    session.add(row)
    if row.texts:
        jobs.enqueue(session, RECODE_JOB)


def progress(session: Session) -> Progress | None:
    """How far the texts are coded to the newest version; None where the council made none."""
    row = session.get(CodebookVersion, codebooks.version_in_use(session))
    return Progress(row.texts, min(row.texts, count_outdated(session))) if row else None
