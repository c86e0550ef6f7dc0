"""A young person's own secret: what opens past words, what does not, and what nobody can guess."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from backend.core import clock
from backend.core.access.identity import ContributorIdentity
from backend.core.access.permissions import Permission, Role
from backend.core.access.policy import may
from backend.core.database import unit_of_work
from backend.core.templates import TEMPLATES, make_environment
from backend.entry import opening_links, own_secrets, service, sessions
from backend.entry.jobs import forget_old_tries_and_pages
from backend.entry.models import Secret
from tests.entry.doors import make_young_person
from tests.factories import make_staff


def identity_of(session: Session, token: str) -> ContributorIdentity:
    session.flush()
    identity = service.identify(session, token)
    assert identity is not None
    return identity


def page_of(session: Session, contributor_id: int) -> tuple[str, ContributorIdentity]:
    """A page opened by code and birthday, before the secret."""
    token = sessions.open_session(session, contributor_id, how="code")
    return token, identity_of(session, token)


def choose(session: Session, identity: ContributorIdentity, choice: str) -> ContributorIdentity:
    token = own_secrets.choose_secret(session, identity, kind="pictures", choice=choice)
    return identity_of(session, token)


def enter(session: Session, contributor_id: int, choice: str) -> ContributorIdentity:
    _, page = page_of(session, contributor_id)
    return identity_of(session, own_secrets.check_secret(session, page, choice=choice))


def test_code_and_birthday_alone_never_open_past_words(session: Session) -> None:
    _, own, _ = make_young_person(session)
    _, page = page_of(session, own.id or 0)
    assert not page.is_known
    assert may(page, Permission.ANSWER)
    assert not may(page, Permission.READ_OWN_PAST)
    sessions.pass_secret(session, page)
    _, again = page_of(session, own.id or 0)
    assert not may(again, Permission.READ_OWN_PAST)


def test_a_secret_chosen_without_the_worker_opens_only_what_comes_after(
    session: Session, noon: datetime
) -> None:
    _, own, _ = make_young_person(session)
    chosen = choose(session, page_of(session, own.id or 0)[1], "moon-key-boat")
    assert chosen.is_known
    assert chosen.reads_from == noon.isoformat()
    assert enter(session, own.id or 0, "moon-key-boat").reads_from == noon.isoformat()


def test_whoever_chose_first_sees_nothing_that_the_young_person_writes_after_choosing_anew(
    session: Session, noon: datetime
) -> None:
    _, own, _ = make_young_person(session)
    stranger, _ = page_of(session, own.id or 0)
    strangers_token = own_secrets.choose_secret(
        session, identity_of(session, stranger), kind="pictures", choice="fish-key-boat"
    )
    with clock.set_to(noon + timedelta(minutes=5)):
        chosen = choose(session, page_of(session, own.id or 0)[1], "moon-key-boat")
        assert chosen.reads_from == (noon + timedelta(minutes=5)).isoformat()
        assert service.identify(session, strangers_token) is None
        with pytest.raises(own_secrets.WrongSecret):
            enter(session, own.id or 0, "fish-key-boat")


def test_a_new_secret_by_opening_link_opens_everything_and_closes_every_other_page(
    session: Session, noon: datetime
) -> None:
    person, own, _ = make_young_person(session)
    iro = make_staff(session, Role.IRO)
    person.iro_id = iro.staff_id
    stranger, _ = page_of(session, own.id or 0)
    stranger = own_secrets.choose_secret(
        session, identity_of(session, stranger), kind="pictures", choice="fish-key-boat"
    )
    link = service.make_opening_link(session, iro, person.id or 0)
    session.flush()
    token = opening_links.use_opening_code(session, link.code)
    assert token is not None
    page = identity_of(session, token)
    assert (page.is_known, page.came_by_opening_link, page.reads_from) == (True, True, None)
    assert choose(session, page, "moon-key-boat").reads_from is None
    assert service.identify(session, stranger) is None
    assert enter(session, own.id or 0, "moon-key-boat").reads_from is None


def test_changing_a_secret_that_was_given_keeps_what_it_opens(
    session: Session, noon: datetime
) -> None:
    _, own, _ = make_young_person(session)
    service.set_secret(
        session, own.id or 0, kind="pictures", choice="moon-key-boat", reads_from=None
    )
    known = enter(session, own.id or 0, "moon-key-boat")
    assert choose(session, known, "fish-key-boat").reads_from is None


def test_five_wrong_tries_lock_it_even_for_the_right_one_and_for_ever(
    session: Session, noon: datetime
) -> None:
    _, own, _ = make_young_person(session)
    choose(session, page_of(session, own.id or 0)[1], "moon-key-boat")
    for left in (4, 3, 2, 1):
        with pytest.raises(own_secrets.WrongSecret) as wrong:
            enter(session, own.id or 0, "fish-key-boat")
        assert wrong.value.left == left
    with pytest.raises(own_secrets.SecretLocked):
        enter(session, own.id or 0, "fish-key-boat")
    with clock.set_to(noon + timedelta(days=90)), pytest.raises(own_secrets.SecretLocked):
        enter(session, own.id or 0, "moon-key-boat")


def test_wrong_tries_are_counted_however_slowly_they_come_and_forgotten_when_it_is_right(
    session: Session, noon: datetime
) -> None:
    _, own, _ = make_young_person(session)
    choose(session, page_of(session, own.id or 0)[1], "moon-key-boat")
    for day in (1, 2, 3, 4):
        with clock.set_to(noon + timedelta(days=day)):
            forget_old_tries_and_pages(session)
            with pytest.raises(own_secrets.WrongSecret):
                enter(session, own.id or 0, "fish-key-boat")
    with clock.set_to(noon + timedelta(days=5)):
        enter(session, own.id or 0, "moon-key-boat")
        with pytest.raises(own_secrets.WrongSecret) as wrong:
            enter(session, own.id or 0, "fish-key-boat")
    assert wrong.value.left == 4


def test_a_locked_secret_opens_again_after_an_opening_link(
    session: Session, noon: datetime
) -> None:
    person, own, _ = make_young_person(session)
    worker = make_staff(session, Role.SOCIAL_WORKER)
    person.worker_id = worker.staff_id
    choose(session, page_of(session, own.id or 0)[1], "moon-key-boat")
    session.get_one(Secret, own.id).is_locked = True
    link = service.make_opening_link(session, worker, person.id or 0)
    session.flush()
    token = opening_links.use_opening_code(session, link.code)
    choose(session, identity_of(session, token or ""), "fish-moon-boat")
    assert enter(session, own.id or 0, "fish-moon-boat").reads_from is None


def test_the_table_holds_an_argon2id_hash_and_no_secret(session: Session) -> None:
    _, own, _ = make_young_person(session)
    choose(session, page_of(session, own.id or 0)[1], "moon-key-boat")
    assert session.get_one(Secret, own.id).hash.startswith("$argon2id$")


@pytest.mark.parametrize(
    ("kind", "choice", "reason"),
    [
        ("pictures", "moon-moon-boat", "same"),
        ("digits", "0903", "easy"),
        ("digits", "0309", "easy"),
        ("digits", "2014", "easy"),
        ("digits", "7777", "easy"),
        ("digits", "3456", "easy"),
        ("digits", "4321", "easy"),
    ],
)
def test_a_secret_that_those_at_home_would_guess_is_refused(
    session: Session, kind: str, choice: str, reason: str
) -> None:
    _, own, _ = make_young_person(session)
    _, page = page_of(session, own.id or 0)
    with pytest.raises(own_secrets.SecretRefused) as refused:
        own_secrets.choose_secret(session, page, kind=kind, choice=choice)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("kind", "parts"),
    [
        ("pictures", ["moon", "key"]),
        ("pictures", ["moon", "key", "dragon"]),
        ("digits", ["12"]),
        ("digits", ["12a4"]),
        ("digits", []),
    ],
)
def test_an_incomplete_secret_is_refused(kind: str, parts: list[str]) -> None:
    with pytest.raises(own_secrets.SecretRefused):
        own_secrets.as_choice(kind, parts)


def test_the_pictures_are_those_that_are_drawn() -> None:
    drawn = make_environment("contributor").get_template("symbols.html").module
    assert tuple(drawn.pictures) == own_secrets.PICTURES  # type: ignore[attr-defined]
    assert (TEMPLATES / "contributor" / "symbols.html").exists()


def test_guesses_sent_side_by_side_are_counted_one_by_one(engine: Engine) -> None:
    with unit_of_work(engine) as session:
        _, own, _ = make_young_person(session)
        service.set_secret(session, own.id or 0, kind="digits", choice="8261", reads_from=None)
        _, page = page_of(session, own.id or 0)

    def guess(number: int) -> int | None:
        with unit_of_work(engine) as session:
            try:
                own_secrets.check_secret(session, page, choice=f"11{number}")
            except own_secrets.WrongSecret as wrong:
                return wrong.left
            except own_secrets.SecretLocked:
                return None
        return -1

    with ThreadPoolExecutor(8) as pool:
        left = list(pool.map(guess, range(10, 26)))
    assert sorted(one for one in left if one is not None) == [1, 2, 3, 4]
