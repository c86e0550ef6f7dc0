"""What a person sees of a suggested group, and what they make of it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from backend.coding import codebooks, discoveries, samples
from backend.coding.book_changes import DecidedMeanwhile, change, check_why, refuse
from backend.coding.codebooks import Step, Wording
from backend.coding.discoveries import OPEN
from backend.coding.models import DiscoveryRun, SuggestedTheme
from backend.coding.reviewing import OPENED
from backend.coding.texts import CodedText, codable_among
from backend.core import audit
from backend.core.access.permissions import Permission
from backend.core.access.policy import may
from backend.core.access.requires import Denied, check

if TYPE_CHECKING:
    from backend.core.access.identity import StaffIdentity

DECIDED = audit.declare("coding.group_decided", "suggestion_id", "what", "theme_id", "version")
EXAMPLES = 5


@dataclass(frozen=True)
class GroupLine:
    """One suggested group on the list; its words were each written by enough people."""

    row: SuggestedTheme
    words: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.row.title or ", ".join(self.words[:3]) or f"Group {self.row.id}"


@dataclass(frozen=True)
class Suggested:
    """The groups that wait for a decision, and the searches behind them."""

    lines: tuple[GroupLine, ...]
    running: DiscoveryRun | None
    last: DiscoveryRun | None
    version: int


@dataclass(frozen=True)
class GroupPage:
    """One group with examples of it, none but what this viewer may read."""

    line: GroupLine
    examples: tuple[CodedText, ...]
    readable: int  # how many of its texts this viewer may read
    others: tuple[GroupLine, ...]
    steps: tuple[Step, ...]
    version: int


def suggested_groups(session: Session, viewer: "StaffIdentity") -> Suggested:
    """The groups that wait, the largest first."""
    check(viewer, Permission.SHAPE_CODEBOOK)
    return Suggested(
        lines=_open_lines(session),
        running=discoveries.running(session),
        last=discoveries.last_run(session),
        version=codebooks.version_in_use(session),
    )


def _open_lines(session: Session) -> tuple[GroupLine, ...]:
    rows = session.exec(select(SuggestedTheme).where(SuggestedTheme.state == OPEN)).all()
    ordered = sorted(rows, key=lambda row: (-row.texts, row.id or 0))
    return tuple(_line(row) for row in ordered)


def _line(row: SuggestedTheme) -> GroupLine:
    return GroupLine(row, tuple(word for word in row.words.split("\n") if word))


def group_page(session: Session, viewer: "StaffIdentity", suggestion_id: int) -> GroupPage:
    """One group; audited for each text that is shown. Raises Denied where there is none."""
    row = _found(session, viewer, suggestion_id)
    readable = _readable(session, viewer, row)
    for text in readable[:EXAMPLES]:
        audit.record(
            session,
            OPENED,
            actor=viewer.actor,
            person_id=text.topic.person_id,
            answer_id=text.answer_id,
        )
    return GroupPage(
        line=_line(row),
        examples=tuple(readable[:EXAMPLES]),
        readable=len(readable),
        others=tuple(one for one in _open_lines(session) if one.row.id != row.id),
        steps=tuple(codebooks.steps(session, suggestion_id=suggestion_id)),
        version=codebooks.version_in_use(session),
    )


def _found(session: Session, viewer: "StaffIdentity", suggestion_id: int) -> SuggestedTheme:
    check(viewer, Permission.SHAPE_CODEBOOK)
    row = session.get(SuggestedTheme, suggestion_id)
    if row is None:
        raise Denied(viewer, Permission.SHAPE_CODEBOOK)
    return row


def _readable(session: Session, viewer: "StaffIdentity", row: SuggestedTheme) -> list[CodedText]:
    """Its texts that this viewer may code, as they were worded when it was found; not those that
    they are to code blind first."""
    if not may(viewer, Permission.CODE_TEXTS):
        return []
    members = discoveries.texts_of(session, [row.id or 0, *_merged_into(session, row)])
    texts = codable_among(session, viewer, {one.answer_id for one in members})
    blind = samples.kept_blind_for(session, viewer)
    return [
        texts[one.answer_id]
        for one in members
        if one.answer_id in texts
        and one.answer_id not in blind
        and texts[one.answer_id].revision == one.answer_revision
    ]


def _merged_into(session: Session, row: SuggestedTheme) -> list[int]:
    merged = select(SuggestedTheme.id).where(col(SuggestedTheme.merged_into) == row.id)
    return [one for one in session.exec(merged) if one is not None]


def accept(
    session: Session, viewer: "StaffIdentity", suggestion_id: int, wording: Wording, *,
    why: str, version: int,
) -> int:  # fmt: skip
    """Make the group a theme of the council's codebook; the new version. Raises BookRefused, and
    DecidedMeanwhile."""
    row = _open(session, viewer, suggestion_id, version)
    refuse(codebooks.check_wording(session, wording) | check_why(why))
    theme_id = codebooks.new_id(session, wording.title)
    made = change(session, viewer, codebooks.ACCEPTED, theme_id, wording)
    _end(session, viewer, row, codebooks.ACCEPTED, theme_id=theme_id, why=why, version=made)
    return made


def merge(
    session: Session, viewer: "StaffIdentity", suggestion_id: int, into: str, *,
    why: str, version: int,
) -> int:  # fmt: skip
    """Say that the group belongs to a theme (its id), whose wording may then be widened, or to
    another group ("group:" and its number). Raises as `accept`."""
    row = _open(session, viewer, suggestion_id, version)
    errors = check_why(why)
    other = _group_named(session, into)
    titles = {theme.id: theme.title for theme in codebooks.codebook_in_use(session).themes}
    if (other is None or other.id == row.id) and into not in titles:
        errors["into"] = "Choose the theme or the group that it belongs to."
    refuse(errors)
    if other is not None:
        row.merged_into = other.id
        other.texts += row.texts
        session.add(other)
    theme_id = "" if other is not None else into
    _end(session, viewer, row, codebooks.MERGED, theme_id=theme_id, why=why, version=version)
    return version


def _group_named(session: Session, into: str) -> SuggestedTheme | None:
    kind, _, number = into.partition(":")
    if kind != "group" or not number.isascii() or not number.isdigit() or len(number) > 9:
        return None
    row = session.get(SuggestedTheme, int(number))
    return row if row is not None and row.state == OPEN else None


def rename(
    session: Session, viewer: "StaffIdentity", suggestion_id: int, title: str, *,
    why: str, version: int,
) -> int:  # fmt: skip
    """Call the group otherwise, and decide later. Raises as `accept`."""
    row = _open(session, viewer, suggestion_id, version)
    refuse(codebooks.check_wording(session, Wording(title)) | check_why(why))
    row.title = title
    session.add(row)
    _keep(session, viewer, row, codebooks.RENAMED, theme_id="", why=why, version=version)
    return version


def drop(
    session: Session, viewer: "StaffIdentity", suggestion_id: int, *, why: str, version: int
) -> int:
    """Say that the group is no theme; it comes back only when it has grown much. Raises as
    `accept`."""
    row = _open(session, viewer, suggestion_id, version)
    refuse(check_why(why))
    _end(session, viewer, row, codebooks.DROPPED, theme_id="", why=why, version=version)
    return version


def _open(
    session: Session, viewer: "StaffIdentity", suggestion_id: int, version: int
) -> SuggestedTheme:
    row = _found(session, viewer, suggestion_id)
    session.refresh(row, with_for_update=True)
    if row.state != OPEN or version != codebooks.version_in_use(session):
        raise DecidedMeanwhile
    return row


def _end(
    session: Session, viewer: "StaffIdentity", row: SuggestedTheme, what: str, *,
    theme_id: str, why: str, version: int,
) -> None:  # fmt: skip
    row.state, row.theme_id = what, theme_id
    session.add(row)
    _keep(session, viewer, row, what, theme_id=theme_id, why=why, version=version)


def _keep(
    session: Session, viewer: "StaffIdentity", row: SuggestedTheme, what: str, *,
    theme_id: str, why: str, version: int,
) -> None:  # fmt: skip
    codebooks.keep_step(
        session, viewer, what=what, why=why, version=version,
        suggestion_id=row.id, theme_id=theme_id, title=row.title,
    )  # fmt: skip
    audit.record(
        session, DECIDED, actor=viewer.actor, suggestion_id=row.id, what=what,
        theme_id=theme_id, version=version,
    )  # fmt: skip
