"""Random lives in care, played through the services on a fake clock: every last lawful day and all
measures are the oracles'."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random  # noqa: TID251  (the same lives each time)

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from backend.core import clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Role
from backend.people.models import Person
from backend.reviews import queries, service, timescales
from backend.reviews.jobs import DAILY
from backend.reviews.measures import Child, Counted, Measures, measure
from backend.reviews.models import Review
from backend.reviews.timescales import Held
from tests.factories import make_person, make_staff
from tests.oracles import reg33
from tests.oracles.on_time import Life, Met, Shares, shares
from tests.reviews.test_timescales import ANY_DAY

LAST = date(2027, 12, 31)


def same(found: Measures, wanted: Shares) -> None:
    """Hold the product's measures against the oracle's, figure by figure."""
    assert (found.children, found.children_on_time) == (wanted.children, wanted.children_on_time)
    assert found.first_not_yet_due == wanted.first_not_yet_due
    assert (found.reviews, found.reviews_on_time) == (wanted.reviews, wanted.reviews_on_time)
    assert found.still_to_hold == wanted.still_to_hold
    assert list(found.days_late) == wanted.days_late


@st.composite
def lives(draw: st.DrawFn) -> Life:
    """A life of up to seven reviews, some adjourned; sometimes its child left."""
    began = draw(ANY_DAY)
    met, day = [], began
    for gap in draw(st.lists(st.integers(1, 250), max_size=7)):
        day += timedelta(days=gap)
        ended = day + timedelta(days=draw(st.sampled_from((0, 0, 0, 9, 27, 35))))
        met.append(Met(day, ended))
        day = ended
    left = draw(st.one_of(st.none(), st.integers(1, 300)))
    return Life(began, met, day + timedelta(days=left) if left else None)


def counted_of(person_id: int, life: Life) -> list[Counted]:
    """A life's reviews as the product judges them."""
    days = [
        timescales.counted_on(
            one.ended,
            began_on=None,
            adjourned_on=one.began if one.began < one.ended else None,
            resume_by=timescales.resume_by(one.began),
            by_first_meeting=False,
        )
        for one in life.met
    ]
    found = []
    for number, day in enumerate([*days, None]):
        before = [Held(one) for one in days[:number]]
        limit = timescales.next_limit(life.began, before, knows_all=True)
        assert limit is not None
        ended_on = life.left if day is None else None
        found.append(
            Counted(
                review_id=number,
                person_id=person_id,
                counted_on=day,
                last_day=limit.latest_on,
                is_first=not number,
                ended_on=ended_on,
            )
        )
    return found


@settings(deadline=None)
@given(everybody=st.lists(lives(), max_size=6), back=st.integers(0, 900))
def test_the_measures_of_any_lives_are_the_oracles(everybody: list[Life], back: int) -> None:
    last = max([LAST, *(one.met[-1].ended for one in everybody if one.met)])
    first = last - timedelta(days=back)
    here = [(key, one) for key, one in enumerate(everybody) if not one.left or one.left > last]
    found = measure(
        [Child(key, None) for key, _ in here],
        [row for key, one in enumerate(everybody) for row in counted_of(key, one)],
        first=first,
        last=last,
    )
    same(found, shares(everybody, first, last))


@dataclass
class Played:
    """One child in the database, with the life that the oracle is told."""

    person: Person
    began: date
    met: list[Met] = field(default_factory=list)
    left: date | None = None

    @property
    def life(self) -> Life:
        return Life(self.began, self.met, self.left)


def the_day(session: Session) -> None:
    for duty in DAILY:
        duty(session)


def at_work(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), clock.LONDON)


def play(session: Session, iro: StaffIdentity, chance: Random, began: date, last: date) -> Played:
    """One life from its first day, with whatever IROs do to dates: hold early, late or adjourned,
    bring forward, move, cancel; and sometimes the child leaves."""
    with clock.set_to(at_work(began)):
        person = make_person(session, became_looked_after_on=began, iro_id=iro.staff_id)
        the_day(session)
    played, day = Played(person, began), began
    while True:
        day += timedelta(days=chance.choice((5, 20, 28, 60, 88, 95, 150, 182, 190)))
        if day > last:
            return played
        with clock.set_to(at_work(day)):
            the_day(session)
            review = queries.next_review(session, person.id or 0)
            assert review is not None
            if chance.random() < 0.08:
                person.left_on = played.left = day
                session.flush()
                return played
            review = _change(session, iro, chance, review, day)
            ended = day + timedelta(days=chance.choice((0, 0, 0, 0, 7, 21, 40)))
            if ended > last:
                return played
            if ended > day:
                service.adjourn(session, iro, review, on=day, reason="A report was missing.")
        with clock.set_to(at_work(ended, 17)):
            _hold(session, iro, review, ended)
        played.met.append(Met(day, ended))
        day = ended


def _change(
    session: Session, iro: StaffIdentity, chance: Random, review: Review, day: date
) -> Review:
    """Perhaps move, bring forward or cancel it before it is held: none changes the law's day."""
    drawn = chance.random()
    try:
        if drawn < 0.15:
            service.move(session, iro, review, to=day + timedelta(days=9), reason="Asked.")
        elif drawn < 0.3:
            service.bring_forward(session, iro, review, to=day, ground="iro")
        elif drawn < 0.4:
            return service.cancel(session, iro, review, reason="Nobody could come.")
    except service.DatesRefused:
        pass
    return review


def _hold(session: Session, iro: StaffIdentity, review: Review, day: date) -> None:
    service.confirm(
        session, iro, review, held_on=day, participation_code="PN1", private_talk="done"
    )


@pytest.mark.parametrize("seed", range(3))
def test_lives_played_through_the_services_have_the_oracles_days_and_measures(
    session: Session, seed: int
) -> None:
    chance, iro = Random(seed), make_staff(session, Role.IRO)
    played = [
        play(session, iro, chance, date(2026, 1, 1) + timedelta(days=40 * n), LAST)
        for n in range(8)
    ]
    with clock.set_to(at_work(LAST, 20)):
        the_day(session)
        for one in played:
            rows = [
                row
                for row in queries.held_between(session, date.min, date.max)
                if row.person_id == one.person.id
            ]
            held = [met.counts_on for met in one.met]
            limits = reg33.last_days(one.began, held)
            assert [row.latest_on for row in rows] == limits[:-1]
            following = queries.next_review(session, one.person.id or 0)
            assert following is not None
            assert following.latest_on == limits[-1]
        for first, last in ((date(2026, 1, 1), LAST), (date(2027, 4, 1), LAST)):
            found = measure(
                queries.children_to_measure(session, last),
                queries.reviews_to_measure(session),
                first=first,
                last=last,
            )
            same(found, shares([one.life for one in played], first, last))
