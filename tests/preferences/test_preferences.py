"""Each contributor chooses how pages look and speak; own words open with their own secret alone."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, text

from backend.core import clock
from backend.core.access.identity import ContributorIdentity
from backend.core.access.permissions import Kind
from backend.people import queries as people
from backend.preferences import queries, service
from tests.factories import make_contact, make_person


def make_child(session: Session, **values: str) -> ContributorIdentity:
    """A child who is in and known."""
    person = make_person(session, **values)
    own = people.contributor_of_person(session, person.id or 0)
    assert own is not None
    return ContributorIdentity(own.id or 0, Kind.CHILD, person.id, is_known=True, session_id=1)


def test_who_chose_nothing_has_the_usual_look_in_english(session: Session) -> None:
    found = queries.preferences_of(session, make_child(session).contributor_id)
    assert found == queries.Preferences()
    assert found.looks == ()


@pytest.mark.parametrize(
    ("extract", "code"),
    [
        ("Arabic", "ar"),
        ("Kurdish (Sorani)", "ckb"),
        ("tigrinya ", "ti"),
        ("Kurdish", "en"),
        ("Klingon", "en"),
    ],
)
def test_a_young_persons_pages_speak_what_the_extract_says(
    session: Session, extract: str, code: str
) -> None:
    me = make_child(session, language=extract)
    found = queries.preferences_of(session, me.contributor_id)
    assert (found.speaks, found.language) == (code, "")


def test_nothing_is_guessed_of_the_adults_around_a_child(session: Session) -> None:
    parent = make_contact(session, make_person(session, language="Arabic"), "parent")
    assert queries.preferences_of(session, parent.id or 0).speaks == "en"


def test_a_choice_stands_over_the_extract_and_an_unknown_language_changes_nothing(
    session: Session,
) -> None:
    me = make_child(session, language="Arabic")
    service.choose_language(session, me.contributor_id, "vi")
    service.choose_language(session, me.contributor_id, "tlh")
    assert queries.preferences_of(session, me.contributor_id).speaks == "vi"
    service.choose_language(session, me.contributor_id, "en")
    assert queries.preferences_of(session, me.contributor_id).speaks == "en"


def test_only_what_is_offered_can_be_chosen(session: Session) -> None:
    me = make_child(session)
    chosen = {"theme": "dark", "colour": "plum", "contrast": "high", "text_size": "huge"}
    service.choose_look(session, me, chosen | {"contributor_id": "1"}, easy_read=True)
    found = queries.preferences_of(session, me.contributor_id)
    assert found.looks == ("easy", "dark", "contrast", "plum")
    assert found.text_size == "normal"


def test_own_words_are_kept_tidily_and_lie_encrypted(session: Session, noon: datetime) -> None:
    me = make_child(session)
    names = ["Nan", " Uncle  Bo ", "", "Nan", *(f"Friend {n}" for n in range(20))]
    service.keep_own_words(session, me, home=" Larch  House ", carers="Sam and Jo", people=names)
    found = queries.own_words(session, me)
    assert (found.home, found.carers) == ("Larch House", "Sam and Jo")
    assert found.people[:3] == ("Nan", "Uncle Bo", "Friend 0")
    assert len(found.people) == service.MOST_PEOPLE
    row = session.execute(text("select home, carers, people from own_word")).one()
    assert not any("Larch" in one or "Sam" in one or "Nan" in one for one in row)


@pytest.mark.parametrize("field", ["home", "carers", "people"])
def test_a_word_longer_than_a_line_is_refused_and_nothing_changes(
    session: Session, field: str
) -> None:
    me = make_child(session)
    long = "x" * (service.LONGEST_WORD + 1)
    with pytest.raises(service.WordTooLong) as refused:
        service.keep_own_words(
            session,
            me,
            home=long if field == "home" else "",
            carers=long if field == "carers" else "",
            people=[long] if field == "people" else [],
        )
    assert refused.value.field == field
    assert not queries.own_words(session, me).was_asked


def test_without_the_secret_own_words_stay_shut(session: Session, noon: datetime) -> None:
    me = make_child(session)
    service.keep_own_words(session, me, home="Nan’s", people=["Mum"])
    stranger = replace(me, is_known=False)
    assert queries.own_words(session, stranger) == queries.OwnWords(was_asked=True)


def test_a_secret_that_was_set_later_opens_no_earlier_words(
    session: Session, noon: datetime
) -> None:
    me = make_child(session)
    service.keep_own_words(session, me, home="Nan’s")
    later = replace(me, reads_from=(noon + timedelta(minutes=1)).isoformat())
    assert queries.own_words(session, later).home == ""
    with clock.set_to(noon + timedelta(minutes=2)):
        service.keep_own_words(session, later, home="The flat")
    assert queries.own_words(session, later).home == "The flat"


def test_who_passes_it_over_is_not_asked_again_and_loses_nothing(
    session: Session, noon: datetime
) -> None:
    me = make_child(session)
    service.pass_over_words(session, me)
    assert queries.own_words(session, me) == queries.OwnWords(was_asked=True)
    service.keep_own_words(session, me, home="Nan’s")
    service.pass_over_words(session, me)
    assert queries.own_words(session, me).home == "Nan’s"
