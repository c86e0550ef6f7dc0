"""The way in by code or link: one gentle answer for a wrong code and for a wrong birthday."""

from collections.abc import Callable

from sqlmodel import Session

from backend.core.access.policy import YOUNG_PEOPLE
from backend.core.tokens import plain_code
from backend.entry import opening_links, other_checks, passes, sessions, tries
from backend.entry.models import Pass
from backend.people import queries as people

LONGEST_CODE = 32


def open_by_code(session: Session, typed: str, *, address: str) -> str | None:
    """A cookie's token when the code alone opens (an adult's, or an opening link's short code).

    None means that the birthday is asked next, for a young person's code and for a code that does
    not exist alike. Raises TooManyTries and PassEnded.
    """
    codes = tries.address_subject(address, "codes")
    tries.refuse_after_many(session, codes, most=tries.MOST_CODES)
    tries.count_try(session, codes)
    token = opening_links.use_opening_code(session, typed)
    if token:
        tries.forget_newest(session, codes)
        return token
    birthdays = tries.address_subject(address, "birthday")
    tries.refuse_after_many(session, birthdays, most=tries.MOST_BIRTHDAYS)
    row = passes.pass_by_code(session, typed)
    if row is None or needs_birthday(session, row):
        return None
    tries.forget_newest(session, codes)
    return open_at_once(session, row, how="code")


def open_at_once(session: Session, row: Pass, *, how: str) -> str:
    """Let an adult in by their link or code alone; raises PassEnded."""
    passes.refuse_ended(session, row)
    return sessions.open_session(
        session, row.contributor_id, how=how, pass_id=row.id, is_known=True
    )


def needs_birthday(session: Session, row: Pass) -> bool:
    """Whether this pass is a young person's."""
    contributor = people.contributor(session, row.contributor_id)
    return contributor is None or contributor.kind in YOUNG_PEOPLE


def open_by_birthday(
    session: Session, row: Pass | None, *, typed: str, day: int, month: int, address: str, how: str
) -> str | None:
    """A cookie's token when pass and birthday belong together, else None and the try is counted.

    `row` is None for a code that does not exist; its tries count just as a real one's do.
    Raises TooManyTries during a pause, PassEnded when the birthday is right and the pass is over.
    """

    def is_right() -> bool:
        return row is not None and _is_birthday(session, row, day, month)

    return _open_checked(session, row, is_right, typed=typed, address=address, how=how)


def open_by_word(
    session: Session, row: Pass | None, *, typed: str, word: str, address: str, how: str
) -> str | None:
    """The same by the word that stands in place of the birthday."""

    def is_right() -> bool:
        return other_checks.is_word(session, row, word)

    return _open_checked(session, row, is_right, typed=typed, address=address, how=how)


def _open_checked(
    session: Session,
    row: Pass | None,
    is_right: Callable[[], bool],
    *,
    typed: str,
    address: str,
    how: str,
) -> str | None:
    subject = f"code:{row.code_index if row else passes.code_index(typed)}"
    own_address = tries.address_subject(address, "birthday")
    tries.refuse_after_many(session, subject)
    tries.refuse_after_many(session, own_address, most=tries.MOST_BIRTHDAYS)
    if not is_right() or row is None:
        for counted in (subject, own_address):
            tries.count_failure(session, counted)
        return None
    passes.refuse_ended(session, row)
    tries.forget_tries(session, subject)
    if how == "code":
        tries.forget_newest(session, tries.address_subject(address, "codes"))
    return sessions.open_session(session, row.contributor_id, how=how, pass_id=row.id)


def _is_birthday(session: Session, row: Pass, day: int, month: int) -> bool:
    contributor = people.contributor(session, row.contributor_id)
    person = people.subject_of(session, contributor) if contributor else None
    if contributor is None or person is None or contributor.kind not in YOUNG_PEOPLE:
        return False
    if other_checks.asks_for_word(session, row):
        return False
    return (person.date_of_birth.day, person.date_of_birth.month) == (day, month)


def short(typed: str) -> str:
    """A typed code as it is carried to the birthday page; a longer text is no code anyway."""
    return plain_code(typed)[:LONGEST_CODE]
