"""A simulated year keeps every promise, and its checker sees each one that is broken on purpose."""

import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select

from backend.asks.models import Ask
from backend.core import clock, database
from backend.messaging.models import Message
from backend.people.models import Contributor
from backend.reviews.models import Review
from backend.simulation.checks import Finding
from backend.simulation.reckoning import is_months_after, is_nth_working_day, recounted
from backend.simulation.years import Terms, end_of
from backend.surveys.models import Answer, Consultation
from tests.oracles import reg33
from tests.simulation.years import TERMS, Ran, run_year

pytestmark = pytest.mark.xdist_group("simulated year")  # it takes twenty seconds to run one


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    """Ten people's year, once for this file."""
    found = run_year(tmp_path_factory.mktemp("year"))
    yield found
    found.engine.dispose()


@pytest.fixture
def copied(ran: Ran, tmp_path: Path) -> Iterator[Session]:
    """The same year's database again, to break a rule in it."""
    with ran.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    path = tmp_path / "heard.db"
    shutil.copy(ran.path, path)
    engine = database.open_engine(f"sqlite:///{path}")
    with clock.set_to(end_of(TERMS.last)), Session(engine) as session:
        yield session
    engine.dispose()


def broken(ran: Ran, session: Session) -> dict[str, list[str]]:
    session.flush()
    return {one.promise: one.broken for one in ran.year.examine(session) if one.broken}


def test_every_promise_holds_in_a_simulated_year(ran: Ran, copied: Session) -> None:
    findings: list[Finding] = ran.year.examine(copied)
    assert {one.promise: one.broken for one in findings if one.broken} == {}
    looked_at = {one.promise: one.looked_at for one in findings}
    unused = [promise for promise, count in looked_at.items() if not count]
    assert all("ask" in promise for promise in unused), unused
    assert len(ran.said) == 7


def test_the_year_has_all_that_it_claims_to_try(ran: Ran) -> None:
    done = ran.year.ledger.done
    assert done["reviews confirmed"] >= 6
    assert ran.year.ledger.stale_days
    assert ran.year.provider.taken
    assert sum(ran.year.ledger.forms_sent.values()) > 10
    assert len(ran.year.extracts.brought_in) >= 27


def test_timeliness_is_that_of_the_regulation_walked_day_by_day(ran: Ran, copied: Session) -> None:
    """Every review confirmed here, and the one to come, from the reviews that stand before it in
    the list: not from the day that the product says it counted from."""
    chains: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in ran.year.told(copied)["reviews"]:
        chains[line["child"]].append(line)
    compared = Counter[str]()
    for lines in chains.values():
        for number, line in enumerate(lines):
            days = [date.fromisoformat(one["counted_on"]) for one in lines[:number]]
            if line["rule"] in ("second", "later"):
                assert days, line
            if line["rule"] == "first":
                last = reg33.within_working_days(began_of(line), 20)
            elif line["rule"] == "second":
                last = reg33.months_after(days[-1], 3)
            elif line["rule"] == "later":
                last = reg33.months_after(days[-1], 6)
            else:
                continue
            compared[line["rule"]] += line["is_confirmed_here"] or not line["held_on"]
            assert line["last_lawful_day"] == last.isoformat(), line
    assert compared["later"] >= 6


def began_of(line: dict[str, Any]) -> date:
    return date.fromisoformat(line["became_looked_after_on"])


def test_the_shares_on_time_are_the_oracles(ran: Ran, copied: Session) -> None:
    told = ran.year.told(copied)
    late, reviews = set(), Counter[str]()
    for line in told["reviews"]:
        if line["judged_by"] is None:
            continue
        limit, ended = date.fromisoformat(line["judged_by"]), line["counted_on"] or line["ended_on"]
        waits = date.fromisoformat(line["adjourned_until"] or line["judged_by"])
        end = min(date.fromisoformat(ended or "2099-01-01"), TERMS.last)
        was_held = bool(line["counted_on"]) and TERMS.first <= end
        is_late = end > (limit if line["counted_on"] else max(limit, waits)) and end >= TERMS.first
        reviews["late"] += is_late
        reviews["on time"] += was_held and not is_late
        late |= {line["child"]} if is_late else set()
    counted = {one["child"] for one in told["children"] if one["state"] in ("on_time", "late")}
    timely = told["timeliness"]
    assert timely["reviews"] == reviews.total()
    assert timely["reviews_on_time"] == reviews["on time"]
    assert (timely["children"], timely["children_on_time"]) == (len(counted), len(counted - late))
    assert timely["reviews"] > 3


@pytest.mark.parametrize("figure", ["children_on_time", "reviews", "reviews_on_time"])
def test_a_share_that_does_not_follow_from_the_reviews_is_seen(
    ran: Ran, copied: Session, figure: str
) -> None:
    told = ran.year.told(copied)
    assert not recounted(told).broken
    told["timeliness"][figure] += 1
    assert recounted(told).broken


def test_the_same_seed_runs_the_same_year(tmp_path: Path) -> None:
    terms = Terms(date(2026, 3, 2), date(2026, 4, 12), people=6, seed=5)
    years = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        found = run_year(tmp_path / name, terms)
        years.append((found.year.ledger.done, found.year.ledger.forms_sent, found.said))
        found.engine.dispose()
    assert years[0] == years[1]


def invite_again(session: Session) -> str:
    """The same call once more, under another key."""
    row = session.exec(select(Message).where(Message.occasion == "invitation")).first()
    assert row is not None
    session.add(Message(**{**row.model_dump(exclude={"id", "reference"}), "key": "again"}))
    return "Nobody was invited twice to a round"


def invite_too_soon(session: Session) -> str:
    """A second call to a young person within the thirty days, to another round."""
    row, contributor = session.exec(
        select(Message, Contributor)
        .join(Contributor, col(Contributor.id) == col(Message.contributor_id))
        .where(
            Message.occasion == "invitation",
            col(Message.state).not_in(("stopped", "failed")),
            col(Contributor.person_id).is_not(None),
        )
    ).first() or (None, None)
    assert row is not None
    assert contributor is not None
    other = Consultation(
        person_id=contributor.person_id or 0,
        moment="home_move",
        opens_on=TERMS.first,
        closes_on=TERMS.last,
        key="another",
    )
    session.add(other)
    session.flush()
    values = row.model_dump(exclude={"id", "reference"})
    values |= {
        "key": "soon",
        "consultation_id": other.id,
        "made_at": row.made_at + timedelta(days=9),
    }
    session.add(Message(**values))
    return "The budget of attention was kept"


def lose_an_answer(session: Session) -> str:
    """One word of one answer changed."""
    row = session.exec(select(Answer).order_by(col(Answer.id))).first()
    assert row is not None
    row.value = "something else"
    return "Every answer that was sent can be read"


def hold_without_round(session: Session) -> str:
    """A review that was held before anybody was asked."""
    row = session.exec(select(Review).where(col(Review.confirmed_at).is_not(None))).first()
    assert row is not None
    row.held_on = date(2025, 1, 7)
    return "No review was held without its round"


def invite_while_stale(session: Session) -> str:
    """A call on a day on which nobody knew who lives where."""
    row = session.exec(select(Message).where(Message.occasion == "invitation")).first()
    assert row is not None
    row.made_at = end_of(TERMS.first + timedelta(days=160))
    return "Nobody was invited from a stale extract"


def judge_by_another_day(session: Session) -> str:
    """A last lawful day that the review before it does not give."""
    rows = session.exec(
        select(Review).where(col(Review.confirmed_at).is_not(None), Review.rule == "later")
    ).all()
    for row in rows:
        row.latest_on = date(2027, 1, 1)
    return "Each review is judged as regulation 33 says"


def remind_again(session: Session) -> str:
    """A second reminder of one round."""
    row = session.exec(
        select(Message).where(
            Message.occasion == "invitation", col(Message.state).not_in(("stopped", "failed"))
        )
    ).first()
    assert row is not None
    for number in (1, 2):
        values = row.model_dump(exclude={"id", "reference"})
        session.add(Message(**{**values, "key": f"again {number}", "occasion": "reminder"}))
    return "Nobody was reminded twice of a round"


def hold_late_what_was_on_time(session: Session) -> str:
    """A last lawful day a week too early, so that what was on time is called late."""
    for row in session.exec(select(Review).where(Review.rule == "later")).all():
        row.latest_on = (row.latest_on or TERMS.first) - timedelta(days=7)
    return "Each review is judged as regulation 33 says"


@pytest.mark.parametrize(
    "breaks",
    [
        invite_again,
        invite_too_soon,
        lose_an_answer,
        hold_without_round,
        invite_while_stale,
        judge_by_another_day,
        hold_late_what_was_on_time,
        remind_again,
    ],
)
def test_a_promise_broken_on_purpose_is_seen(
    ran: Ran, copied: Session, breaks: Callable[[Session], str]
) -> None:
    promise = breaks(copied)
    found = broken(ran, copied)
    assert any(one.startswith(promise) for one in found), found


def test_asks_left_open_at_the_years_end_stand_as_overdue_with_their_owners(
    ran: Ran, copied: Session
) -> None:
    for row in copied.exec(select(Ask)).all():
        row.answered_at = row.released_at = None
        row.due_on = TERMS.last - timedelta(days=3)
    assert not any("ask" in promise for promise in broken(ran, copied))


def test_whoever_is_without_an_open_review_on_any_morning_is_seen(
    ran: Ran, copied: Session
) -> None:
    row = copied.exec(
        select(Review).where(col(Review.held_on).is_(None), col(Review.cancelled_on).is_(None))
    ).first()
    assert row is not None
    row.cancelled_on = TERMS.last
    copied.flush()
    ledger, kept = ran.year.ledger, list(ran.year.ledger.without_review)
    assert not kept
    try:
        ran.year._look_for_the_missed(copied, TERMS.last)
        assert [one.split(": ")[1] for one in ledger.without_review] == [
            f"person {row.person_id} has no open review"
        ]
    finally:
        ledger.without_review[:] = kept


@pytest.mark.parametrize("year", range(2014, 2032))
def test_the_checks_own_definitions_agree_with_the_regulation_walked_day_by_day(year: int) -> None:
    for day in reg33.days_of(year)[::9]:
        last = reg33.within_working_days(day, 20)
        near = [last + timedelta(days=one) for one in (-3, -2, -1, 0, 1, 2, 3)]
        assert [one for one in near if is_nth_working_day(day, one)] == [last]
        for months in (3, 6):
            last = reg33.months_after(day, months)
            near = [last + timedelta(days=one) for one in (-3, -2, -1, 0, 1, 2, 3)]
            assert [one for one in near if is_months_after(day, one, months)] == [last]
