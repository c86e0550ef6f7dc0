"""How the people of a simulated year answer: on the day when each gets round to it, or never."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session, col, select

from backend.asks import service as asks
from backend.asks.kinds import buttons_for
from backend.core.access.identity import ContributorIdentity
from backend.core.access.permissions import Kind
from backend.core.access.predicates import Reach
from backend.demo.borough.draws import Chance, stream
from backend.people.models import Contributor
from backend.simulation.ledgers import Ledger
from backend.surveys import service
from backend.surveys.instruments import Instrument, Question, QuestionType
from backend.surveys.instruments.structure import PICKED
from backend.surveys.models import Consultation, Invitation

YOUNG = (Kind.CHILD, Kind.CARE_LEAVER)
# Of those who are invited, in percent: who answers, who only begins, who uses a button.
ANSWERS, BEGINS, ASKS = {"young": 55, "adult": 45}, 5, 12
SLOWEST = 12  # days
TOPICS, QUESTIONS = 3, 5
THOUGHTS = (
    "I like my room, but the window rattles.",
    "Can we eat together more often?",
    "My worker came late again and I missed football.",
    "Everything is fine just now.",
    "I would like to see my nan at half term.",
    "School is better than last year.",
)


class Writers:
    """Everybody who answers by link, with what each of them is going to do and when."""

    def __init__(self, seed: int, ledger: Ledger) -> None:
        self._seed = seed
        self._ledger = ledger
        self._last_invitation = 0
        self._diary: dict[date, list[tuple[int, int]]] = defaultdict(list)

    def hear(self, session: Session, today: date) -> None:
        """Take note of new invitations: each decides once when to answer."""
        rows = session.exec(
            select(Invitation)
            .where(col(Invitation.id) > self._last_invitation)
            .order_by(col(Invitation.id))
        ).all()
        for row in rows:
            self._last_invitation = row.id or 0
            chance = self._chance("when", row.consultation_id, row.contributor_id)
            day = today + timedelta(days=chance.randint(0, SLOWEST))
            self._diary[day].append((row.consultation_id, row.contributor_id))

    def has_plans(self, day: date) -> bool:
        """Whether anybody means to answer on a day."""
        return day in self._diary

    def answer(self, session: Session, today: date) -> None:
        """Whoever gets round to it today."""
        for consultation_id, contributor_id in self._diary.pop(today, ()):
            consultation = session.get_one(Consultation, consultation_id)
            contributor = session.get_one(Contributor, contributor_id)
            chance = self._chance("whether", consultation_id, contributor_id)
            is_young = contributor.kind in YOUNG
            wanted = ANSWERS["young" if is_young else "adult"]
            drawn = chance.randint(1, 100)
            if consultation.closes_on < today or drawn > wanted + BEGINS:
                continue
            self._fill_in(session, contributor, consultation, chance, is_sent=drawn <= wanted)
            if is_young and chance.randint(1, 100) <= ASKS:
                self._press_button(session, contributor, chance)

    def _chance(self, *purpose: object) -> Chance:
        return stream(self._seed, "writer", *purpose)

    def _fill_in(
        self,
        session: Session,
        contributor: Contributor,
        consultation: Consultation,
        chance: Chance,
        *,
        is_sent: bool,
    ) -> None:
        try:
            response = service.begin_response(session, contributor.id or 0, consultation.id or 0)
        except service.NoSuchForm:
            return
        form = service.form_of(response)
        kind = Kind(contributor.kind)
        for place in sorted(chance.sample(range(len(form.topics)), min(TOPICS, len(form.topics)))):
            wanted = Reach.ONLY_IRO if chance.random() < 0.1 else Reach.ASK_FIRST
            reach = service.reach_for(kind, wanted, consultation.moment)
            topic = service.begin_topic(session, response, form.topics[place].id)
            kept = self._keep(session, topic.id or 0, (form, place), reach, chance)
            if kept and is_sent:
                service.send_topic(session, topic.id or 0)
                self._ledger.answers |= kept
        self._ledger.forms_sent[contributor.kind if is_sent else "begun only"] += 1

    def _keep(
        self,
        session: Session,
        topic_row_id: int,
        where: tuple[Instrument, int],
        reach: Reach,
        chance: Chance,
    ) -> dict[int, Any]:
        form, place = where
        kept = {}
        always = [asked for asked in form.topics[place].questions if asked.show_when is None]
        for asked in always[:QUESTIONS]:
            value = self._value(asked, chance)
            if value is not None:
                row = service.keep_answer(session, topic_row_id, asked.id, value, reach=reach)
                kept[row.id or 0] = row.value
        return kept

    def _value(self, asked: Question, chance: Chance) -> Any:
        if asked.type in (QuestionType.LONG_TEXT, QuestionType.SHORT_TEXT):
            return f"{chance.choice(THOUGHTS)} ({chance.randint(1, 9999)})"
        if asked.type in PICKED and asked.options and not asked.several:
            return chance.choice(asked.options).id
        return None

    def _press_button(self, session: Session, contributor: Contributor, chance: Chance) -> None:
        kind = Kind(contributor.kind)
        identity = ContributorIdentity(
            contributor_id=contributor.id or 0,
            kind=kind,
            person_id=contributor.person_id,
            is_known=True,
            session_id=0,
        )
        button = chance.choice(buttons_for(is_care_leaver=kind is Kind.CARE_LEAVER))
        asks.make_ask(session, identity, kind=button.value)
        self._ledger.done["asks made"] += 1
