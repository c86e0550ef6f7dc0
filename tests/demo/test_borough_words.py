"""The demo borough's past year: who spoke, in words that suit them, and what came of it."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta

import pytest

from backend.demo.borough.draws import age_on
from backend.demo.borough.generate import (
    make_borough,
    past_forum,
    past_year,
)
from backend.demo.borough.records import Borough, Case, PastComment
from backend.demo.borough.stays import home_on
from backend.demo.borough.words_files import FILES, Saying, sayings, worries

FOUNDED = date(2026, 11, 23)
LATER = FOUNDED + timedelta(days=40)
SEEDS = (1, 7, 2024)


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


def test_a_year_and_its_last_fortnight_hold_900_to_1450_comments_of_every_audience(
    borough: Borough, year: list[PastComment]
) -> None:
    assert 900 <= len(year) <= 1450
    audiences = Counter(one.audience for one in year)
    assert set(audiences) == set(FILES)
    assert min(audiences.values()) >= 30
    assert len({one.text for one in year}) >= 450
    assert all(FOUNDED - timedelta(days=365) <= one.given_on < FOUNDED for one in year)
    assert len({(one.given_on.year, one.given_on.month) for one in year}) >= 12


def test_about_half_of_the_children_two_thirds_of_carers_and_most_workers_answered(
    borough: Borough, year: list[PastComment]
) -> None:
    def coverage(children: list[Case], *audiences: str) -> float:
        spoke = {one.person_ref for one in year if one.audience in audiences}
        return _share(sum(case.person.child_id in spoke for case in children), len(children))

    children = _looked_after(borough)
    fostered = {
        case.home.home_id: case
        for case in children
        if case.home.adults and case.home.adults[0].kind == "carer"
    }
    spoken = {
        home_on(person.stays, one.given_on).home_id
        for one in year
        if one.audience == "carer"
        for person in [next(p for p in borough.people if p.child_id == one.person_ref)]
    }
    assert 0.42 <= coverage(children, "child_5_10", "child_11_17") <= 0.6
    assert 0.5 <= coverage(children, "social_worker") <= 0.7
    assert 0.55 <= _share(len(spoken & set(fostered)), len(fostered)) <= 0.8


def test_each_comment_suits_the_person_and_the_home_that_day(
    borough: Borough, year: list[PastComment]
) -> None:
    people = {one.child_id: one for one in borough.people}
    homes = {one.home_id: one for one in borough.homes}
    texts = {(one.audience, one.text): one for one in _all_sayings()}
    ages = {"child_5_10": (5, 10), "child_11_17": (11, 17), "care_leaver": (18, 25)}
    for one in year:
        person = people[one.person_ref]
        age = age_on(person.date_of_birth, one.given_on)
        low, high = ages.get(one.audience, (0, 17))
        assert low <= age <= high
        kind = homes[home_on(person.stays, one.given_on).home_id].kind
        assert texts[one.audience, one.text].suits(person, age=age, kind=kind)
        assert set(one.faces.values()) <= {1, 2, 3, 4, 5}


def test_nobody_says_the_same_thing_twice(year: list[PastComment]) -> None:
    said = Counter((one.person_ref, one.audience, one.text) for one in year)
    assert max(said.values()) == 1
    assert max(Counter(one.text for one in year).values()) <= 10


def test_an_answer_belongs_to_an_ask_and_nothing_recent_is_answered(
    year: list[PastComment],
) -> None:
    for one in year:
        if one.answer is not None:
            assert one.ask is not None
            assert one.given_on <= FOUNDED - timedelta(days=14)
        if one.happened is not None:
            assert one.answer is not None
    assert {one.happened for one in year} == {True, False, None}
    assert {one.visibility for one in year} == {"ask_first", "only_iro"}


def test_every_alarming_text_is_told_once(year: list[PastComment]) -> None:
    counts = Counter(one.text for one in year)
    assert 6 <= len(worries("worrying")) <= 10
    assert len(worries("harmless")) >= 5
    assert all(counts[one.text] == 1 for one in worries("worrying") + worries("harmless"))


def test_in_a_minority_of_homes_child_and_worker_disagree(
    borough: Borough, year: list[PastComment]
) -> None:
    people = {one.child_id: one for one in borough.people}
    sides: dict[str, dict[str, list[int]]] = {}
    for one in year:
        if "settled" in one.faces and one.author_kind in ("child", "social_worker"):
            home = home_on(people[one.person_ref].stays, one.given_on).home_id
            side = sides.setdefault(home, {}).setdefault(one.author_kind, [])
            side.append(one.faces["settled"])
    both = [home for home in sides.values() if len(home) == 2]
    gaps = [_mean(home["child"]) - _mean(home["social_worker"]) for home in both]
    apart = sum(abs(gap) >= 2 for gap in gaps)
    assert 5 <= apart < len(both) / 2
    assert sum(abs(gap) < 1 for gap in gaps) > apart
    assert sum(len(home) == 1 for home in sides.values()) >= 10


def _mean(faces: list[int]) -> float:
    return sum(faces) / len(faces)


def test_the_forum_has_two_spaces_with_authors_of_the_right_age(borough: Borough) -> None:
    people = {one.child_id: one for one in borough.people}
    posts = past_forum(borough)
    assert 12 <= len(posts) <= 16
    assert {one.space for one in posts} == {"under_18", "adult"}
    for post in posts:
        age = age_on(people[post.author].date_of_birth, FOUNDED)
        assert (age >= 18) == (post.space == "adult")
        assert (post.answer is None) == (post.answered_by is None)
    assert {post.answer is None for post in posts} == {True, False}


def _all_sayings() -> list[Saying]:
    ordinary = [one for audience in FILES for one in sayings(audience)]
    return ordinary + list(worries("worrying")) + list(worries("harmless"))


def test_the_words_files_hold_450_texts_and_no_text_twice() -> None:
    texts = [" ".join(one.text.casefold().split()) for one in _all_sayings()]
    assert len(texts) >= 450
    assert [text for text, count in Counter(texts).items() if count > 1] == []


def test_the_words_files_use_the_agreed_topics_moods_and_limits() -> None:
    topics = {"home", "carers", "family", "friends", "school", "health", "feelings", "safety"}
    topics |= {"fun", "identity", "worker", "plan", "meeting", "money", "moving_on"}
    for one in _all_sayings():
        assert one.topic in topics
        assert 1 <= one.mood <= 5
        assert one.where in {"", "foster", "staff", "kinship", "supported", "own", "parents"}
        assert one.who in {"", "uasc"}
        assert one.sex in {"", "F", "M"}
        assert one.from_age <= one.to_age
        assert (one.ask is None) == (one.answer is None)


def test_answers_to_children_avoid_the_words_that_children_dislike() -> None:
    avoided = re.compile(r"\b(placements?|contact|LAC|CLA|siblings?|respite|don't worry)\b", re.I)
    for audience in ("child_5_10", "child_11_17"):
        for one in sayings(audience):
            assert not avoided.search(one.answer or "")
