"""The forum: moderated under 18, nobody's name, votes once, answers with a date."""

from datetime import date

import pytest
from sqlmodel import Session

from backend.core.access.identity import ContributorIdentity
from backend.core.access.permissions import Kind, Role
from backend.forum import queries, service
from backend.people import queries as people
from backend.people.models import Person
from tests.factories import make_person, make_staff

pytestmark = pytest.mark.usefixtures("noon")


def member(session: Session, person: Person) -> ContributorIdentity:
    row = people.contributor_of_person(session, person.id or 0)
    assert row is not None
    return ContributorIdentity(row.id or 0, Kind(row.kind), person.id, True, 1)


@pytest.fixture
def child(session: Session) -> ContributorIdentity:
    return member(session, make_person(session))


@pytest.fixture
def friend(session: Session) -> ContributorIdentity:
    return member(session, make_person(session))


@pytest.fixture
def leaver(session: Session) -> ContributorIdentity:
    person = make_person(session, group="care_leaver", date_of_birth=date(2005, 1, 2))
    return member(session, person)


def test_a_post_under_18_is_seen_by_its_writer_alone_until_moderated(
    session: Session, child: ContributorIdentity, friend: ContributorIdentity
) -> None:
    post = service.add_post(session, child, kind="idea", words="a later bedtime on Fridays")
    assert [line.is_mine for line in queries.posts_for_member(session, child)] == [True]
    assert queries.posts_for_member(session, friend) == []
    officer = make_staff(session, Role.PARTICIPATION_OFFICER)
    service.moderate(session, officer, post.id or 0, is_shown=True)
    assert [line.words for line in queries.posts_for_member(session, friend)] == [post.words]


def test_children_and_adults_never_meet_in_one_space(
    session: Session, child: ContributorIdentity, leaver: ContributorIdentity
) -> None:
    service.add_post(session, leaver, kind="question", words="who fixes the heating?")
    assert len(queries.posts_for_member(session, leaver)) == 1
    assert queries.posts_for_member(session, child) == []


def test_a_vote_counts_once_and_can_be_taken_back(
    session: Session, child: ContributorIdentity, friend: ContributorIdentity
) -> None:
    post = service.add_post(session, child, kind="idea", words="bikes")
    officer = make_staff(session, Role.PARTICIPATION_OFFICER)
    service.moderate(session, officer, post.id or 0, is_shown=True)
    service.vote(session, friend, post.id or 0)
    assert queries.shown_posts(session)[0].votes == 1
    service.vote(session, friend, post.id or 0)
    assert queries.shown_posts(session)[0].votes == 0
    with pytest.raises(service.ForumRefused):
        service.vote(session, child, post.id or 0)


def test_a_declined_post_tells_its_writer_why_and_nobody_else(
    session: Session, child: ContributorIdentity, friend: ContributorIdentity
) -> None:
    post = service.add_post(session, child, kind="idea", words="my address is ...")
    officer = make_staff(session, Role.PARTICIPATION_OFFICER)
    with pytest.raises(service.ForumRefused):
        service.moderate(session, officer, post.id or 0, is_shown=False)
    service.moderate(session, officer, post.id or 0, is_shown=False, because="It has an address.")
    assert queries.posts_for_member(session, child)[0].declined_because == "It has an address."
    assert queries.posts_for_member(session, friend) == []


def test_a_shown_post_has_a_day_by_which_a_manager_answers(
    session: Session, leaver: ContributorIdentity
) -> None:
    post = service.add_post(session, leaver, kind="question", words="free bus passes?")
    assert queries.shown_posts(session)[0].answer_due_on == date(2026, 12, 7)
    manager = make_staff(session, Role.MANAGER)
    service.answer(session, manager, post.id or 0, words="Yes, from January.")
    assert queries.posts_for_member(session, leaver)[0].answer == "Yes, from January."
