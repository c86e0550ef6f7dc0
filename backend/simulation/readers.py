"""Whether those who may read it can read what was sent in a simulated year, to the letter."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, select

from backend.accounts import service as accounts
from backend.accounts.models import Staff
from backend.core.access.identity import StaffIdentity
from backend.core.access.policy import may_read
from backend.core.access.predicates import Words
from backend.people import queries as people
from backend.surveys import queries as surveys


def accounts_of(session: Session) -> dict[int, StaffIdentity]:
    """Everybody on the staff as an identity, by id."""
    return {row.id or 0: accounts.identity_of(session, row) for row in session.exec(select(Staff))}


def unreadable(session: Session, answers: Mapping[int, Any]) -> list[str]:
    """Of these answers by row, those that are gone or changed, or that nobody at all may read
    though their writer is still here."""
    found = {
        answer.answer_id: (topic.person_id, answer)
        for topic in surveys.sent_topics(session)
        for answer in topic.answers
    }
    staff = list(accounts_of(session).values())
    cases = people.cases(session, {person_id for person_id, _ in found.values()})
    living = {person.id for person in people.living(session)}
    broken = []
    for key, value in answers.items():
        if key not in found:
            broken.append(f"answer {key} is gone")
            continue
        person_id, answer = found[key]
        if answer.value != value:
            broken.append(f"answer {key} is not what was sent")
        words = Words(cases[person_id], answer.reach, hidden_from=answer.hidden_from)
        if person_id in living and not any(may_read(one, words) for one in staff):
            broken.append(f"answer {key} can be read by nobody")
    return broken
