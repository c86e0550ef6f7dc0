"""The demo borough: the same for the same seed, in the stated proportions, on any day."""

from __future__ import annotations

import csv
import time
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from backend.demo.borough.draws import age_on
from backend.demo.borough.generate import (
    make_borough,
    past_forum,
    past_year,
    write_extract,
    write_return,
)
from backend.demo.borough.records import Borough, Case, PastComment, Person

FOUNDED = date(2026, 11, 23)
LATER = FOUNDED + timedelta(days=40)
SEEDS = (1, 7, 2024)


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _looked_after(borough: Borough) -> list[Case]:
    return [case for case in borough.cases if case.group == "looked_after"]


def _share(part: int, whole: int) -> float:
    return part / whole


@pytest.fixture(scope="module", params=SEEDS)
def borough(request: pytest.FixtureRequest) -> Borough:
    return make_borough(seed=request.param, founded_on=FOUNDED, today=FOUNDED)


@pytest.fixture(scope="module")
def year(borough: Borough) -> list[PastComment]:
    return past_year(borough)


def test_the_same_seed_gives_the_same_borough_words_and_files(
    borough: Borough, year: list[PastComment], tmp_path: Path
) -> None:
    again = make_borough(seed=borough.seed, founded_on=FOUNDED, today=FOUNDED)
    assert again == borough
    assert past_year(again) == year
    assert past_forum(again) == past_forum(borough)
    for name, made in (("one", borough), ("two", again)):
        write_extract(made, tmp_path / name)
        write_return(made, tmp_path / name)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_another_seed_gives_other_people() -> None:
    one, two = (make_borough(seed=seed, founded_on=FOUNDED, today=FOUNDED) for seed in (1, 2))
    assert {p.child_id for p in one.people} != {p.child_id for p in two.people}


def test_a_later_extract_is_of_the_same_people_homes_and_staff(borough: Borough) -> None:
    later = make_borough(seed=borough.seed, founded_on=FOUNDED, today=LATER)
    assert later.people == borough.people
    assert later.homes == borough.homes
    assert later.staff == borough.staff
    assert later.cases != borough.cases


def test_tomorrow_moves_only_the_reviews_that_have_been_held(borough: Borough) -> None:
    before = borough
    for days in range(1, 22):
        today = FOUNDED + timedelta(days=days)
        after = make_borough(seed=borough.seed, founded_on=FOUNDED, today=today)
        for old, new in zip(before.cases, after.cases, strict=True):
            if old.group == new.group and old.next_review != new.next_review:
                assert old.next_review < today < new.next_review
        before = after


def test_whoever_turns_eighteen_becomes_a_care_leaver_with_an_adviser(tmp_path: Path) -> None:
    later = FOUNDED + timedelta(days=300)
    first = make_borough(seed=7, founded_on=FOUNDED, today=FOUNDED)
    then = make_borough(seed=7, founded_on=FOUNDED, today=later)
    grown = [
        new
        for old, new in zip(first.cases, then.cases, strict=True)
        if old.group != "care_leaver" and new.group == "care_leaver"
    ]
    rows = {row["child_id"]: row for row in _read(write_extract(then, tmp_path)[0])}
    assert len(grown) > 10
    for case in grown:
        row = rows[case.person.child_id]
        assert age_on(case.person.date_of_birth, later) >= 18
        assert row["personal_adviser"]
        assert not row["iro_email"]
        assert not row["worker_email"]
        assert row["team"].startswith("Leaving care")


def test_a_day_before_the_founding_is_refused() -> None:
    with pytest.raises(ValueError, match="before the borough was founded"):
        make_borough(seed=1, founded_on=FOUNDED, today=FOUNDED - timedelta(days=1))


@pytest.mark.parametrize("seed", range(101, 106))
def test_a_borough_may_be_founded_on_a_leap_day(seed: int) -> None:
    leap_day = date(2028, 2, 29)
    made = make_borough(seed=seed, founded_on=leap_day, today=leap_day)
    leavers = sum(case.group == "care_leaver" for case in made.cases)
    assert leavers == 185


def test_there_are_about_190_children_and_185_care_leavers(borough: Borough) -> None:
    groups = Counter(case.group for case in borough.cases)
    assert 180 <= groups["looked_after"] <= 195
    assert groups["care_leaver"] == 185
    assert 4 <= groups["short_breaks"] <= 8


def test_ages_follow_harrows_mix(borough: Borough) -> None:
    ages = [age_on(case.person.date_of_birth, FOUNDED) for case in _looked_after(borough)]
    for low, high, share in ((0, 0, 8), (1, 4, 9), (5, 9, 9), (10, 15, 38), (16, 17, 38)):
        part = sum(low <= age <= high for age in ages)
        assert _share(part, len(ages)) == pytest.approx(share / 102, abs=0.02)


def test_homes_are_mostly_in_house_fostering_with_every_other_type(borough: Borough) -> None:
    kinds = Counter(case.home.kind for case in _looked_after(borough))
    agency = sum(
        case.home.kind in ("U4", "U6") and case.home.sector == "PR4"
        for case in _looked_after(borough)
    )
    in_house = kinds["U4"] + kinds["U6"] - agency
    assert 50 <= in_house <= 75
    assert 26 <= agency <= 34
    assert 18 <= kinds["U1"] + kinds["U3"] <= 26
    assert kinds["K3"] == 30
    assert 12 <= kinds["K2"] <= 18
    assert {"P1", "S1", "K1", "R2", "R3", "R5", "A5", "U5"} <= set(kinds)


def test_about_18_in_a_hundred_live_more_than_20_miles_away(borough: Borough) -> None:
    children = [case for case in borough.cases if case.group != "care_leaver"]
    assert 0.15 <= _share(sum(case.home.is_far for case in children), len(children)) <= 0.22


def test_nobody_under_16_lives_in_supported_accommodation(borough: Borough) -> None:
    ages = [
        age_on(case.person.date_of_birth, FOUNDED)
        for case in borough.cases
        if case.home.kind in ("K3", "P2")
    ]
    assert min(ages) >= 16


def test_staff_hold_even_caseloads(borough: Borough) -> None:
    roles = Counter(one.role for one in borough.staff)
    assert roles == {
        "iro": 4,
        "social_worker": 14,
        "personal_adviser": 9,
        "participation_officer": 2,
        "duty_reader": 2,
        "manager": 7,
        "complaints_manager": 1,
        "administrator": 1,
    }
    assert len({one.email for one in borough.staff}) == len(borough.staff)
    workers = ("social_worker", "personal_adviser")
    teams = {one.team for one in borough.staff if one.role in workers}
    assert teams <= {one.team for one in borough.staff if one.role == "manager"}
    children = [case for case in borough.cases if case.group != "care_leaver"]
    for loads in (
        Counter(case.person.iro_email for case in children),
        Counter(case.person.worker_email for case in children),
    ):
        assert max(loads.values()) - min(loads.values()) <= 6


def test_brothers_and_sisters_share_an_iro_and_have_different_names(borough: Borough) -> None:
    families: dict[str, list[Person]] = {}
    for person in borough.people:
        families.setdefault(person.family_id, []).append(person)
    groups = [family for family in families.values() if len(family) > 1]
    assert len(groups) >= 14
    for family in groups:
        assert len({one.iro_email for one in family}) == 1
        assert len({one.known_as for one in family}) == len(family)


def test_some_came_alone_and_speak_seven_languages(borough: Borough) -> None:
    spoken = Counter(one.language for one in borough.people if one.is_unaccompanied)
    assert set(spoken) <= {
        "Arabic",
        "Pashto",
        "Dari",
        "Sorani",
        "Tigrinya",
        "Albanian",
        "Vietnamese",
    }
    assert len(spoken) >= 6
    assert sum(one.communication == "observer" for one in borough.people) >= 3


@pytest.mark.parametrize("days", [0, 1, 9, 45, 130, 200, 365])
def test_reviews_fall_due_and_4_to_8_stand_overdue_on_any_day(days: int) -> None:
    for seed in SEEDS:
        today = FOUNDED + timedelta(days=days)
        made = make_borough(seed=seed, founded_on=FOUNDED, today=today)
        soon = [case for case in made.cases if 0 <= (case.next_review - today).days <= 14]
        overdue = [case for case in made.cases if case.next_review < today]
        assert len(soon) >= 25
        assert 4 <= len(overdue) <= 8
        assert all((today - case.next_review).days <= 30 for case in overdue)


def test_at_least_25_children_have_a_review_in_the_first_fortnight(borough: Borough) -> None:
    soon = [
        case
        for case in borough.cases
        if case.group != "care_leaver" and 0 <= (case.next_review - FOUNDED).days <= 14
    ]
    assert len(soon) >= 25


def test_reviews_keep_to_regulation_33(borough: Borough) -> None:
    for person in borough.people:
        reviews = borough.care_reviews.get(person.child_id, ())
        assert all((two.due - one.due).days <= 183 for one, two in pairwise(reviews))
        if reviews and person.in_care_since > FOUNDED - timedelta(days=300):
            assert (reviews[0].due - person.in_care_since).days <= 28


def test_stays_follow_each_other_without_a_gap(borough: Borough) -> None:
    for person in borough.people:
        assert person.stays[-1].end is None
        assert person.date_of_birth < person.in_care_since == person.stays[0].start
        for one, two in pairwise(person.stays):
            assert one.start < two.start
            assert one.end is not None
            if not person.is_leaver_from_start:
                assert one.end == two.start


def test_the_whole_borough_is_made_in_under_three_seconds(tmp_path: Path) -> None:
    start = time.perf_counter()
    made = make_borough(seed=7, founded_on=FOUNDED, today=FOUNDED)
    write_extract(made, tmp_path)
    write_return(made, tmp_path)
    past_year(made)
    past_forum(made)
    assert time.perf_counter() - start < 3
