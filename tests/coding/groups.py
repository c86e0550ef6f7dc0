"""Small makers for tests of new themes: texts that fit none, and the search among them."""

from datetime import timedelta

from sqlalchemy import Engine
from sqlmodel import Session

from backend.coding import discoveries, new_themes, suggestions
from backend.coding import jobs as coding_jobs
from backend.coding.codebooks import Wording
from backend.coding.models import SuggestedCode, SuggestedTheme
from backend.core import clock, jobs
from backend.core.access.identity import StaffIdentity
from backend.surveys.sending import TOPIC_SENT_JOB
from tests.coding.texts import Case, answer_in, make_case, say

COURT = [
    "the judge at court was kind", "court took all day and the judge left", "judge never came",
    "I hate court and the judge", "when is court again", "the court judge wrote a letter",
    "court smells of paint", "a judge in a wig", "court, court, court", "who is the judge now",
]  # fmt: skip
LOOSE = [
    "purple is best", "tortoises are slow", "seven", "the moon was big", "I can whistle",
    "marbles", "Tuesday again", "a long queue", "clouds", "my left shoe",
]  # fmt: skip
WHY = "Ten of them write of it"
COURT_THEME = Wording("Going to court", "court, judge", "the police")


def write(
    session: Session, case: Case, texts: list[str], *, reach: str = "ask_first", each: bool = True
) -> list[int]:
    """Texts that an earlier coding found no theme for, of as many children or of one."""
    ids = []
    for days, words in enumerate(texts, 30):
        at = clock.now() - timedelta(days=days)
        person = make_case(session, case.iro, case.worker).person if each else case.person
        answer = answer_in(session, say(session, words, person=person, reach=reach, at=at))
        session.add(
            SuggestedCode(
                answer_id=answer.id or 0,
                answer_revision=1,
                codebook_version=1,
                coder=suggestions.coder_in_use(session),
                themes=[],
                sentiment="neutral",
                urgency="none",
                is_ask=False,
                confidence=0.5,
                coded_at=clock.now(),
            )  # fmt: skip
        )
        ids.append(answer.id or 0)
    jobs.leave_none(session, TOPIC_SENT_JOB)
    session.commit()
    return ids


def work(session: Session) -> None:
    session.commit()
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    jobs.run_all_due(engine, coding_jobs.HANDLERS)
    session.expire_all()


def look(session: Session, viewer: StaffIdentity) -> list[SuggestedTheme]:
    discoveries.ask_to_look(session, viewer)
    work(session)
    return [line.row for line in new_themes.suggested_groups(session, viewer).lines]


def find_court(session: Session, case: Case) -> SuggestedTheme:
    write(session, case, [*COURT, *LOOSE])
    [row] = look(session, case.iro)
    return row
