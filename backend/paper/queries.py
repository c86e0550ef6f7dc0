"""Reads of paper sheets: whose one is, what may be printed for whom, what was sent already."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from backend.accounts import queries as accounts
from backend.core import clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Kind, Permission, Role
from backend.core.access.policy import YOUNG_PEOPLE, may
from backend.core.access.predicates import is_around, is_lead
from backend.core.access.requires import Denied, check
from backend.core.encryption import keyring
from backend.core.tokens import plain_code
from backend.paper.models import PaperSheet
from backend.people import queries as people
from backend.preferences import queries as preferences
from backend.safeguarding import queries as safeguarding
from backend.surveys import queries as surveys
from backend.surveys import service as forms
from backend.surveys.service import Around, Sheet

if TYPE_CHECKING:
    from backend.people.models import Person

# Kept by the child on their own page and sent to nobody: there is nothing to type in.
NOT_ON_PAPER = frozenset({"next_home"})
READ_WITHIN_DAYS = 1


@dataclass(frozen=True)
class OpenSheet:
    """One printed sheet with all that printing and typing need."""

    row: PaperSheet
    sheet: Sheet
    person: "Person"
    kind: Kind
    around: Around
    is_lead: bool
    closed_on: date | None = None  # the day on which its round closed, where that was before today

    @property
    def is_older(self) -> bool:
        """Whether the form has changed since it was printed."""
        return self.row.instrument_version != self.sheet.version

    @property
    def gone(self) -> list[int]:
        """The printed numbers of questions that the form no longer asks."""
        return [
            number
            for number, question_id in enumerate(self.row.questions, 1)
            if question_id not in self.sheet.questions
        ]

    @property
    def id(self) -> int:
        return self.row.id or 0

    @property
    def lead_name(self) -> str:
        """Whom the child's IRO (or a care leaver's personal adviser) is, as the sheet says it."""
        return self.sheet.names["iro"]

    def types(self, question_id: str) -> bool:
        """Whether this viewer may type an answer to a question."""
        return self.is_lead or not self.sheet.questions[question_id].is_for_lead


@dataclass(frozen=True)
class SheetLine:
    """One sheet that was printed for a contributor."""

    sheet_id: int
    code: str
    printed_at: datetime
    typed_at: datetime | None


@dataclass(frozen=True)
class PrintLine:
    """One form that can be printed for one contributor around a person."""

    contributor_id: int
    name: str
    kind: Kind
    consultation_id: int
    instrument_id: str
    title: str
    closes_on: date
    languages: tuple[str, ...]
    topics: tuple[tuple[str, str], ...]
    has_choice: bool
    is_easy: bool  # they chose larger letters on their screen
    speaks: str  # the language that they read, where the form has it
    printed: tuple[SheetLine, ...]


@dataclass(frozen=True)
class Sent:
    """One topic of the same round that was sent before, as far as this viewer may know of it."""

    topic_id: str
    sent_at: datetime
    how_given: str


def code_index(typed: str) -> str:
    """Under what a sheet's code is looked up, however it was typed."""
    return keyring().index(f"sheet:{plain_code(typed)}")


def sheet_by_code(session: Session, viewer: StaffIdentity, typed: str) -> int | None:
    """The id of the sheet with this code; None for a code that is nobody's, and for the sheet of
    somebody with whom this viewer has nothing to do."""
    row = session.exec(select(PaperSheet).where(PaperSheet.code_index == code_index(typed))).first()
    if row is None:
        return None
    contributor = people.contributor(session, row.contributor_id)
    person = people.subject_of(session, contributor) if contributor else None
    if person is None or not may(viewer, Permission.TYPE_SHEET, people.case_of(person)):
        return None
    return row.id


def open_sheet(
    session: Session, viewer: StaffIdentity, sheet_id: int, *, permission: Permission
) -> OpenSheet:
    """One sheet; raises Denied for one that is not there or not this viewer's to see."""
    row = session.get(PaperSheet, sheet_id)
    contributor = people.contributor(session, row.contributor_id) if row else None
    person = people.subject_of(session, contributor) if contributor else None
    if row is None or contributor is None or person is None:
        raise Denied(viewer, permission)
    case = people.case_of(person)
    check(viewer, permission, case)
    kind = Kind(contributor.kind)
    around = around_of(session, person, kind)
    return OpenSheet(
        row=row,
        sheet=forms.sheet_of(
            row.instrument_id,
            row.language,
            names=around.names,
            printed=row.questions,
            printed_options=row.options,
        ),
        person=person,
        kind=kind,
        around=around,
        is_lead=is_lead(viewer, case) or kind not in (Kind.CHILD, Kind.CARE_LEAVER),
        closed_on=surveys.closed_on(session, row.consultation_id),
    )


def around_of(session: Session, person: "Person", kind: Kind) -> Around:
    """Who is around the person, as a form of this kind may name them."""
    return forms.around(
        session, person, kind=kind, consultation=None, read_within_days=READ_WITHIN_DAYS
    )


def printable(session: Session, viewer: StaffIdentity, person_id: int) -> list[PrintLine]:
    """Every form that is open for somebody around a person; raises Denied for others' people.

    Who the adults around a child are is for those around the child alone: the participation
    officer prints the young person's own forms.
    """
    person = people.person(session, person_id)
    if person is None:
        raise Denied(viewer, Permission.PRINT_SHEET)
    case = people.case_of(person)
    check(viewer, Permission.PRINT_SHEET, case)
    lines = []
    for one in people.contributors_around(session, person_id):
        contributor = people.contributor(session, one.contributor_id)
        is_theirs = is_around(viewer, case) or one.kind in YOUNG_PEOPLE
        if contributor is None or not is_theirs:
            continue
        for form in surveys.open_for(session, contributor, with_always_open=True):
            if form.moment in NOT_ON_PAPER or form.person_id != person_id:
                continue
            sheet = forms.sheet_of(form.instrument_id, "en")
            wishes = preferences.preferences_of(session, one.contributor_id)
            languages = forms.languages_of(form.instrument_id)
            lines.append(
                PrintLine(
                    contributor_id=one.contributor_id,
                    name=one.name,
                    kind=one.kind,
                    consultation_id=form.consultation_id,
                    instrument_id=form.instrument_id,
                    title=form.title,
                    closes_on=form.closes_on,
                    languages=languages,
                    topics=tuple(
                        (topic.id, topic.title) for topic in sheet.topics if not topic.is_always
                    ),
                    has_choice=sheet.has_choice,
                    is_easy=wishes.easy_read,
                    speaks=wishes.speaks if wishes.speaks in languages else "en",
                    printed=printed_for(session, one.contributor_id, form.consultation_id),
                )
            )
    return lines


def printed_for(
    session: Session, contributor_id: int, consultation_id: int
) -> tuple[SheetLine, ...]:
    """The sheets of one contributor in one round, the newest first."""
    rows = session.exec(
        select(PaperSheet)
        .where(
            PaperSheet.contributor_id == contributor_id,
            PaperSheet.consultation_id == consultation_id,
        )
        .order_by(col(PaperSheet.id).desc())
    )
    return tuple(SheetLine(row.id or 0, row.code, row.printed_at, row.typed_at) for row in rows)


def people_with_paper(
    session: Session, viewer: StaffIdentity, *, named: str = ""
) -> list[tuple[int, str]]:
    """For whom this viewer may print, by name, age, team and the case system's id, since two may
    share a name: their own cases, or everybody for the participation officer; with `named`, those
    whose name holds it."""
    if Role.PARTICIPATION_OFFICER in viewer.roles:
        found = people.living(session)
    else:
        own = [*people.people_led_by(session, viewer), *people.people_worked_by(session, viewer)]
        found = [one for one in own if may(viewer, Permission.PRINT_SHEET, people.case_of(one))]
    today, wanted = clock.today(), named.strip().casefold()
    names = {
        person.id or 0: _told_apart(person, today)
        for person in found
        if wanted in person.known_as.casefold()
    }
    return sorted(names.items(), key=lambda one: one[1].casefold())


def _told_apart(person: "Person", today: date) -> str:
    age = people.age_on(person.date_of_birth, today)
    return ", ".join(filter(None, (f"{person.known_as}, {age}", person.team, person.child_id)))


def sent_before(session: Session, viewer: StaffIdentity, page: OpenSheet) -> list[Sent]:
    """What the same contributor sent in the same round, where this viewer may read it: of words
    that are hidden from them they learn nothing here either."""
    topics = [
        topic
        for topic in surveys.sent_topics(session, person_ids=[page.person.id or 0])
        if topic.consultation_id == page.row.consultation_id
        and topic.contributor_id == page.row.contributor_id
    ]
    readable = safeguarding.readable_answers(session, viewer, topics)
    return [
        Sent(topic.topic_id, topic.sent_at, topic.how_given)
        for topic in topics
        if topic.topic_row_id in readable
    ]


def typed_before(session: Session, page: OpenSheet) -> tuple[str, datetime] | None:
    """Who typed this very sheet in before, and when."""
    if page.row.typed_at is None:
        return None
    staff_id = page.row.typed_by or 0
    return accounts.names_of(session, {staff_id}).get(staff_id, ""), page.row.typed_at


def sheets_of(session: Session, contributor_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """By contributor, how many sheets were ever printed for them and how many came back."""
    rows = session.exec(
        select(PaperSheet.contributor_id, PaperSheet.typed_at).where(
            col(PaperSheet.contributor_id).in_(contributor_ids)
        )
    ).all()
    found: dict[int, tuple[int, int]] = {}
    for contributor_id, typed_at in rows:
        printed, back = found.get(contributor_id, (0, 0))
        found[contributor_id] = (printed + 1, back + (typed_at is not None))
    return found


def count_untyped(session: Session) -> int:
    """How many printed sheets of rounds that are open today wait to be typed in."""
    rows = session.exec(
        select(PaperSheet.consultation_id).where(col(PaperSheet.typed_at).is_(None))
    ).all()
    return sum(surveys.closed_on(session, consultation_id) is None for consultation_id in rows)
