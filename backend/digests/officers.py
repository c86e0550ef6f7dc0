"""What the participation officer's digest says: counts of who is heard, and what did not arrive."""

from collections.abc import Iterator

from sqlmodel import Session

from backend.core.access.permissions import Kind
from backend.messaging import queries as messaging
from backend.paper import queries as paper
from backend.surveys import queries as surveys

YOUNG = (Kind.CHILD, Kind.CARE_LEAVER)
BEFORE_REVIEW = "before_review"


def reach_lines(session: Session) -> Iterator[tuple[str, str]]:
    """Texts and addresses: how many young people are asked now and how many have answered, which
    messages did not arrive, and how many letters and sheets of paper wait for somebody."""
    asked = [
        (one.consultation_id, one.contributor_id)
        for one in surveys.invitable(session)
        if one.kind in YOUNG and one.moment == BEFORE_REVIEW
    ]
    if asked:
        _, sent = surveys.wrote_in(session, {consultation_id for consultation_id, _ in asked})
        heard = sum(pair in sent for pair in asked)
        who = "1 young person is" if len(asked) == 1 else f"{len(asked)} young people are"
        text = f"{who} asked before a review now; answered: {heard}"
        yield text, "/staff/reach"
    lost = messaging.count_unarrived(session)
    if lost:
        text = "1 message did not arrive" if lost == 1 else f"{lost} messages did not arrive"
        yield text, "/staff/outbox"
    letters = messaging.count_letters_to_print(session)
    if letters:
        text = "1 letter is" if letters == 1 else f"{letters} letters are"
        yield f"{text} to print and post", "/staff/posting"
    sheets = paper.count_untyped(session)
    if sheets:
        text = "1 sheet is" if sheets == 1 else f"{sheets} sheets are"
        yield f"{text} printed and not typed in yet", "/staff/paper"
