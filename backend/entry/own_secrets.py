"""A young person's own secret: three of twelve pictures in order, or four digits.

A secret chosen without the worker or IRO opens only what is written after it, so that whoever
opens a letter first neither reads what was there before nor locks the young person out for good."""

from datetime import datetime

from sqlmodel import Session, select

from backend.core import audit, clock
from backend.core.access.identity import ContributorIdentity
from backend.core.passwords import PASSWORDS
from backend.core.tokens import plain_digits
from backend.entry import sessions, tries
from backend.entry.models import Secret
from backend.people import queries as people

# Drawn in the contributors' symbols.html, in this order.
PICTURES = (
    "boat", "key", "tree", "star", "cup", "fish", "kite", "lamp", "moon", "shoe", "bell", "leaf",
)  # fmt: skip
HOW_MANY_PICTURES = 3
KINDS = ("pictures", "digits")
EASY_RUNS = ("0123456789", "9876543210")

SET = audit.declare("entry.secret_set", "contributor_id", "opens_all")
LOCKED = audit.declare("entry.secret_locked")


class SecretRefused(Exception):
    """A secret that cannot be used; `reason` names why: incomplete, same or easy."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class SecretLocked(Exception):
    """Five wrong tries: only the worker or IRO can open it again, in person."""


class WrongSecret(Exception):
    """Not this time; `left` more tries before it locks."""

    def __init__(self, left: int) -> None:
        super().__init__(left)
        self.left = left


def as_choice(kind: str, parts: list[str]) -> str:
    """The parts that were picked or typed as one text; raises SecretRefused when incomplete."""
    if kind == "pictures":
        if len(parts) != HOW_MANY_PICTURES or not set(parts) <= set(PICTURES):
            raise SecretRefused("incomplete")
        return "-".join(parts)
    digits = plain_digits("".join(parts)).replace(" ", "")
    if len(digits) != 4 or not (digits.isascii() and digits.isdigit()):
        raise SecretRefused("incomplete")
    return digits


def refuse_easy(kind: str, choice: str, birthday: tuple[int, int, int]) -> None:
    """Raise SecretRefused for pictures that repeat, or digits that those at home would guess."""
    if kind == "pictures":
        if len(set(choice.split("-"))) < HOW_MANY_PICTURES:
            raise SecretRefused("same")
        return
    day, month, year = birthday
    guesses = {f"{day:02}{month:02}", f"{month:02}{day:02}", f"{year:04}"}
    is_run = any(choice in run for run in EASY_RUNS)
    if choice in guesses or len(set(choice)) == 1 or is_run:
        raise SecretRefused("easy")


def set_secret(
    session: Session,
    contributor_id: int,
    *,
    kind: str,
    choice: str,
    reads_from: datetime | None,
    let_in_by: int | None = None,
) -> None:
    """Put a secret in place of any before it, unlocked. `reads_from` None opens all past words,
    but for those hidden from `let_in_by`."""
    row = session.get(Secret, contributor_id) or Secret(
        contributor_id=contributor_id, kind=kind, hash="", set_at=clock.now()
    )
    row.kind, row.hash, row.set_at = kind, PASSWORDS.hash(choice), clock.now()
    row.reads_from, row.let_in_by, row.is_locked = reads_from, let_in_by, False
    session.add(row)
    tries.forget_tries(session, _subject(contributor_id))
    audit.record(
        session,
        SET,
        actor=f"contributor:{contributor_id}",
        contributor_id=contributor_id,
        opens_all=reads_from is None,
    )
    session.flush()


def choose_secret(
    session: Session, identity: ContributorIdentity, *, kind: str, choice: str
) -> str:
    """Choose or replace one's own secret; the cookie's new token. Raises SecretRefused.

    How far it opens: everything after an opening link; as far as before when the present secret
    was given; else only what is written from now on. Every other open page of theirs ends, or it
    would suddenly see as far as the new secret does.
    """
    contributor = people.contributor(session, identity.contributor_id)
    person = people.subject_of(session, contributor) if contributor else None
    if person is None or kind not in KINDS:
        raise SecretRefused("incomplete")
    born = person.date_of_birth
    refuse_easy(kind, choice, (born.day, born.month, born.year))
    set_secret(
        session,
        identity.contributor_id,
        kind=kind,
        choice=choice,
        reads_from=_reach_of_new_secret(session, identity),
        let_in_by=identity.let_in_by if identity.is_known else None,
    )
    sessions.end_all_of(session, identity.contributor_id, but=identity.session_id)
    return sessions.make_known(session, identity.session_id)


def _reach_of_new_secret(session: Session, identity: ContributorIdentity) -> datetime | None:
    if identity.came_by_opening_link:
        return None
    present = session.get(Secret, identity.contributor_id)
    if identity.is_known and present is not None:
        return present.reads_from
    return clock.now()


def check_secret(session: Session, identity: ContributorIdentity, *, choice: str) -> str:
    """The cookie's new token when this is the secret; raises WrongSecret or SecretLocked."""
    secret = session.exec(
        select(Secret).where(Secret.contributor_id == identity.contributor_id).with_for_update()
    ).first()
    if secret is None or secret.is_locked:
        raise SecretLocked
    subject = _subject(identity.contributor_id)
    if PASSWORDS.verify(choice, secret.hash):
        tries.forget_tries(session, subject)
        return sessions.make_known(session, identity.session_id)
    tries.count_failure(session, subject)
    session.flush()
    left = tries.MOST_TRIES - tries.tries_of(session, subject)
    if left > 0:
        raise WrongSecret(left)
    secret.is_locked = True
    audit.record(session, LOCKED, actor=identity.actor, person_id=identity.person_id)
    raise SecretLocked


def _subject(contributor_id: int) -> str:
    return f"secret:{contributor_id}"
