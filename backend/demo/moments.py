"""Lays down some of what the demo borough's people said at moments of their own choosing."""

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from sqlmodel import Session, col, select

from backend.accounts import service as accounts
from backend.accounts.models import Staff
from backend.asks import service as asks
from backend.core import clock
from backend.core.access.identity import ContributorIdentity
from backend.core.access.permissions import Kind
from backend.core.access.predicates import Part
from backend.in_touch import service as in_touch
from backend.messaging import queries as messages
from backend.messaging import service as messaging
from backend.people import queries as people
from backend.people import service as people_service
from backend.people.models import Person
from backend.surveys import catalogue, next_home
from backend.surveys.models import Consultation
from backend.surveys.moments import ANYTIME, HOME_ENDED, HOME_MOVE, NEXT_HOME, OBSERVER
from backend.surveys.past import PastTopic, record_past_form
from backend.surveys.touches import questions_of

if TYPE_CHECKING:
    from backend.people.models import Contributor
    from backend.surveys.instruments import Instrument, Question

MOST_EACH = 6
# Days ago and what was tapped, one line for each care leaver in turn.
TAPS = ((1, "ok"), (2, "ring_me"), (4, "ok"), (1, "nobody_called"), (9, "ok"), (3, "ring_me"))
NUMBERS = ((2, "new_number", "07700 900145"), (5, "moved", "A room in Pinner, near the station"))
ANYTHING = (
    "I got into the football team!",
    "Can someone fix the shower? It goes cold.",
    "I have an idea for the summer trip.",
    "I worry about my maths test.",
)
OBSERVED = (
    "Lights up when the dog comes in.",
    "Hums when at ease, and goes still when doors bang.",
    "A slow walk and the blue blanket settle everything.",
    "Reaches for the photograph of the family at bedtime.",
)
NEXT = (
    "I like to be left alone for a bit when I get in.",
    "Knock before you come in.",
    "I can't stand shouting.",
    "My cat's photo must come with me.",
)
TOLD = (
    "It went better than we feared.",
    "The school place was sorted late.",
    "More notice would have helped.",
)
# Days ago: one complaint whose ten working days are half over, and one of yesterday.
COMPLAINED = (8, 1)
OTHERS = (("Ms Alder", "Class teacher"), ("Mr Finch", "School nurse"))


def lay_down_moments(session: Session) -> None:
    """Taps, news, words for a next home, readings and moves, in rounds that are open already."""
    persons = people.living(session)
    leavers = [one for one in persons if one.group == people.CARE_LEAVER]
    children = [one for one in persons if one.group != people.CARE_LEAVER and _age(one) >= 9]
    for person, (days, tap) in zip(leavers, TAPS, strict=False):
        with clock.set_to(_ago(days)):
            in_touch.tap(session, _identity(session, person), tap)
    for person, (days, tap, words) in zip(leavers[len(TAPS) :], NUMBERS, strict=False):
        with clock.set_to(_ago(days)):
            _send_number(session, person, tap, words)
    for place, (person, words) in enumerate(zip(children, ANYTHING, strict=False)):
        _say(session, person, _own(session, person), ANYTIME, [words], days=place + 1)
    for place, person in enumerate(children[len(ANYTHING) : len(ANYTHING) + 4]):
        _keep_for_next_home(session, person, is_shared=bool(place % 2))
    _answer_rounds(session, {OBSERVER: OBSERVED, HOME_MOVE: TOLD, HOME_ENDED: TOLD})
    _ask_others(session, persons)
    _complain(session, children[-len(COMPLAINED) :])
    _reach_somebody_else(session, children)


def _age(person: Person) -> int:
    return people.age_on(person.date_of_birth, clock.today())


def _ago(days: int) -> datetime:
    return datetime.combine(clock.today() - timedelta(days=days), time(17, 20), clock.LONDON)


def _own(session: Session, person: Person) -> "Contributor":
    row = people.contributor_of_person(session, person.id or 0)
    if row is None:
        raise LookupError(person.child_id)
    return row


def _identity(session: Session, person: Person) -> ContributorIdentity:
    row = _own(session, person)
    # No page is open, so no page of theirs sees these again without the secret.
    return ContributorIdentity(row.id or 0, Kind(row.kind), person.id, True, session_id=0)


def _send_number(session: Session, person: Person, tap: str, words: str) -> None:
    in_touch.send_words(session, _identity(session, person), tap, {questions_of(tap)[0].id: words})


def _say(
    session: Session,
    person: Person,
    contributor: "Contributor",
    moment: str,
    words: "list[str]",
    *,
    days: int,
    consultation: Consultation | None = None,
) -> None:
    """A form of one moment, sent some days ago, with these words in its boxes."""
    form = catalogue.find_form(Kind(contributor.kind), age=_age(person), moment=moment)
    if form is None:
        return
    filled = _filled(form, words)
    review_id = consultation.review_id if consultation else None
    record_past_form(
        session,
        person_id=person.id or 0,
        contributor_id=contributor.id or 0,
        moment=moment,
        window_or_review=review_id or (consultation.window if consultation else ""),
        topics={topic_id: PastTopic(answers) for topic_id, answers in filled.items()},
        given_at=_ago(days),
        home_id=consultation.home_id if consultation else None,
        consultation=consultation,
    )


def _filled(form: "Instrument", words: "list[str]") -> dict[str, dict[str, Any]]:
    """Words in the boxes for words, in order; a middling tap where a side is asked alike."""
    waiting, filled = list(words), {}
    for topic in form.topics:
        answers: dict[str, Any] = {}
        for question in topic.questions:
            if question.show_when is None and (value := _value(question, waiting)) is not None:
                answers[question.id] = value
        if answers:
            filled[topic.id] = answers
    return filled


def _value(question: "Question", waiting: "list[str]") -> Any:
    if question.type == "long_text" and waiting:
        return waiting.pop(0)
    return 4 if question.indicator and question.type != "scale" else None


def _keep_for_next_home(session: Session, person: Person, *, is_shared: bool) -> None:
    form = catalogue.find_form(Kind.CHILD, age=_age(person), moment=NEXT_HOME)
    if form is None:
        return
    identity = _identity(session, person)
    boxes = [question for question in form.questions if question.type == "long_text"]
    for question, words in zip(boxes, NEXT, strict=False):
        next_home.keep_answer(session, identity, form, question_id=question.id, value=words)
    if is_shared:
        next_home.share(session, identity, [Part.WORKER, Part.FINDS_HOMES])


def _answer_rounds(session: Session, told: dict[str, tuple[str, ...]]) -> None:
    """Some adults' and young people's answers in rounds that opened by themselves."""
    for moment, words in told.items():
        rows = session.exec(
            select(Consultation)
            .where(Consultation.moment == moment, Consultation.opens_on <= clock.today())
            .order_by(col(Consultation.id))
        ).all()
        for row in rows[:MOST_EACH]:
            person = people.person(session, row.person_id)
            for place, contributor in enumerate(_askable(session, row) if person else []):
                if person is not None:
                    days = min(2, (clock.today() - row.opens_on).days)
                    _say(
                        session, person, contributor, moment, list(words[place:]),
                        days=days, consultation=row,
                    )  # fmt: skip


def _askable(session: Session, row: Consultation) -> "list[Contributor]":
    kinds = [Kind.CARER, Kind.PROVIDER_STAFF]
    kinds += [] if row.moment == OBSERVER else [Kind.CHILD]
    found = []
    for line in people.contributors_around(session, row.person_id):
        contributor = people.contributor(session, line.contributor_id)
        if line.kind in kinds and contributor is not None:
            found.append(contributor)
    return found[:2]


def _ask_others(session: Session, persons: "list[Person]") -> None:
    """Two people from school, added by the IRO of a child whose review is near."""
    led = [one for one in persons if one.iro_id is not None and one.group != people.CARE_LEAVER]
    for person, (name, part) in zip(led, OTHERS, strict=False):
        iro = accounts.identity_of(session, session.get_one(Staff, person.iro_id))
        people_service.add_other(session, iro, person.id or 0, name=name, part=part)


def _complain(session: Session, children: "list[Person]") -> None:
    for person, days in zip(children, COMPLAINED, strict=False):
        with clock.set_to(_ago(days)):
            asks.make_ask(session, _identity(session, person), kind="complaint")


def _reach_somebody_else(session: Session, children: "list[Person]") -> None:
    """One child's number is a stranger's, who said so: nothing of the child's was shown."""
    for person in reversed(children):
        own = _own(session, person)
        sent = messages.history_of(session, own.id or 0)
        if any(one.channel == "text" and one.state == "waiting" for one in sent):
            return messaging.say_not_me(session, own.id or 0)
    return None
