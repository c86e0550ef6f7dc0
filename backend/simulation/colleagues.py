"""What the staff of a simulated year do: move, adjourn and confirm reviews, and answer asks."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta

from sqlmodel import Session, col, select

from backend.accounts import service as accounts
from backend.accounts.models import Staff
from backend.asks import service as asks
from backend.asks.models import Ask
from backend.asks.owners import Owners
from backend.core import clock
from backend.core.access.identity import StaffIdentity
from backend.demo.borough.draws import stream
from backend.people import queries as people
from backend.people.models import Person
from backend.reviews import queries as reviews
from backend.reviews import service as review_service
from backend.reviews.changes import DatesRefused
from backend.reviews.models import Review
from backend.reviews.service import ReviewRefused
from backend.simulation.courses import Fate, Meeting
from backend.simulation.ledgers import Ledger
from backend.surveys import queries as surveys

NEVER_ANSWERED, LATE = 8, 15  # of asks, in percent


class Colleagues:
    """IROs, advisers, workers and managers, each with what they are going to do and when."""

    def __init__(self, seed: int, ledger: Ledger) -> None:
        self._seed = seed
        self._ledger = ledger
        self._last_ask = 0
        self._diary: dict[date, list[int]] = defaultdict(list)

    def meet(self, session: Session, meeting: Meeting, today: date) -> None:
        """Whatever is to be done about one review today."""
        person = session.exec(select(Person).where(Person.child_id == meeting.child_id)).first()
        review = reviews.next_review(session, person.id or 0) if person else None
        if person is None or review is None or review.kind != meeting.kind:
            if today == meeting.confirmed_on:
                self._ledger.done["reviews that nobody could confirm"] += 1
            return
        lead = self._lead(session, person)
        if lead is None:
            return
        # A fate that is decided on the day on which it is confirmed was decided by being held.
        if today == meeting.decided_on and meeting.fate is Fate.MOVED:
            self._do("moved", lambda: self._move(session, lead, review, meeting))
        elif today == meeting.decided_on and meeting.fate is Fate.BROUGHT_FORWARD:
            self._do("brought forward", lambda: self._forward(session, lead, review, meeting))
        elif today == meeting.due and meeting.fate is Fate.ADJOURNED:
            self._do("adjourned", lambda: self._adjourn(session, lead, review, today))
        if today == meeting.confirmed_on:
            self._do("confirmed", lambda: self._confirm(session, lead, review, meeting))

    def _do(self, what: str, act: Callable[[], object]) -> None:
        try:
            act()
            self._ledger.done[f"reviews {what}"] += 1
        except (DatesRefused, ReviewRefused) as refusal:
            self._ledger.refused[f"{what}: {refusal}"] += 1

    def _lead(self, session: Session, person: Person) -> StaffIdentity | None:
        case = people.case_of(person)
        lead_id = case.personal_adviser_id if case.is_care_leaver else case.iro_id
        staff = session.get(Staff, lead_id) if lead_id else None
        return accounts.identity_of(session, staff) if staff else None

    def _move(self, session: Session, lead: StaffIdentity, row: Review, meeting: Meeting) -> None:
        review_service.move(session, lead, row, to=meeting.held, reason="The school asked.")

    def _forward(
        self, session: Session, lead: StaffIdentity, row: Review, meeting: Meeting
    ) -> None:
        review_service.bring_forward(session, lead, row, to=meeting.held, ground="iro")

    def _adjourn(self, session: Session, lead: StaffIdentity, row: Review, today: date) -> None:
        review_service.adjourn(session, lead, row, on=today, reason="A report was missing.")

    def _confirm(
        self, session: Session, lead: StaffIdentity, row: Review, meeting: Meeting
    ) -> None:
        person = people.people(session, [row.person_id])[row.person_id]
        is_heard = bool(surveys.heard_for(session, [row.id or 0]))
        age = people.age_on(person.date_of_birth, meeting.held)
        chance = stream(self._seed, "code", meeting.child_id, meeting.held)
        came = "PN1" if chance.random() < 0.7 else "PN6" if is_heard else "PN7"
        review_service.confirm(
            session,
            lead,
            row,
            held_on=meeting.held,
            participation_code="PN0" if age < 4 else came,
            private_talk="done" if chance.random() < 0.8 else "offered",
        )

    def hear(self, session: Session, today: date) -> None:
        """Take note of new asks: each has an owner who answers in time, late, or never."""
        rows = session.exec(
            select(Ask).where(col(Ask.id) > self._last_ask).order_by(col(Ask.id))
        ).all()
        for ask in rows:
            self._last_ask = ask.id or 0
            drawn = stream(self._seed, "ask", ask.id).randint(1, 100)
            if drawn > NEVER_ANSWERED:
                days = 6 if drawn <= NEVER_ANSWERED + LATE else 0
                due = clock.add_working_days(max(ask.due_on, today), days) if days else ask.due_on
                self._diary[max(due, today)].append(ask.id or 0)

    def has_plans(self, day: date) -> bool:
        """Whether anybody means to answer an ask on a day."""
        return day in self._diary

    def answer(self, session: Session, today: date) -> None:
        """Answer the asks whose day has come, as one of their owners."""
        for ask_id in self._diary.pop(today, ()):
            ask = session.get_one(Ask, ask_id)
            case = people.cases(session, [ask.person_id])[ask.person_id]
            owners = Owners(session).of(ask.owner_role, case)
            if not owners or ask.answered_at is not None:
                continue
            owner = accounts.identity_of(session, session.get_one(Staff, owners[0]))
            try:
                asks.answer_ask(
                    session,
                    owner,
                    ask_id,
                    words="Yes. I will see to it this week.",
                    outcome="yes",
                    promised_on=today + timedelta(days=3),
                    doer=owner.name,
                )
                self._ledger.done["asks answered"] += 1
            except asks.AskRefused as refusal:
                self._ledger.refused[f"ask: {refusal}"] += 1
