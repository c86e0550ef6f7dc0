"""A child's own words for their next home without a signal: screens for the phone, words coming in.

The screens hold nothing that was written. Words that come in late never take the place of what
another visit wrote: both are kept, and the child chooses (next_home.keep_answer).
"""

from collections.abc import Iterator
from typing import Any

from fastapi import Request
from sqlmodel import Session

from backend.core.access.identity import ContributorIdentity
from backend.core.access.requires import Denied
from backend.core.forms import Fields
from backend.entry import service as entry
from backend.offline import service as offline
from backend.offline.service import Outcome, Ticket
from backend.surveys import next_home, packs, screens
from backend.surveys.instruments import Instrument
from backend.surveys.instruments.words import Text
from backend.surveys.next_home_pages import ADDRESS, question_page
from backend.surveys.packing import (
    Screens,
    Shell,
    common_shells,
    common_tickets,
    cut,
    packed,
)

PLACE = "next_home"  # what a ticket for these words says of where they belong


def pack_address(request: Request, session: Session, identity: ContributorIdentity) -> str:
    """The address of this visit's pack; empty on a phone that others use, or may."""
    if not entry.is_own_phone(session, identity.session_id):
        return ""
    mark = packs.mark_of(request, identity, PLACE)
    return f"{ADDRESS}/offline?id={mark}" if mark else ""


def make_pack(
    request: Request, session: Session, identity: ContributorIdentity, words: Text
) -> dict[str, Any]:
    """Everything that a phone needs to go on with these questions without a signal."""
    form = next_home.form_for(session, identity)
    files: set[str] = set()
    shells = list(question_shells(request, form, words, files=files))
    topics = [{"title": words.title, "href": f"{ADDRESS}/1"}]
    ticket = offline.make_ticket(identity.contributor_id, identity.session_id, **{PLACE: form.id})
    shown = Screens(
        shells=[*shells, *common_shells(request, identity, topics, home=f"{ADDRESS}/1")],
        files=files,
        tickets={ADDRESS: ticket} | common_tickets(identity),
        character=form.character.value,
    )
    mark = packs.mark_of(request, identity, PLACE)
    return packed(request, session, identity, mark=mark, shown=shown)


def question_shells(
    request: Request, form: Instrument, words: Text, *, files: set[str]
) -> Iterator[Shell]:
    """Each question, empty as if nothing stood; after the last comes the first again, since the
    page with all that was written needs a signal. Adds to `files` what they need."""
    questions = list(form.questions)
    for place, question in enumerate(questions, 1):
        screen = screens.make_screen(question, words, name="words", answer=None, hearers={})
        page = question_page(request, form, place, screen)
        html, needed = cut(bytes(page.body).decode(), keep_main=True)
        files |= needed
        after = place % len(questions) + 1
        before = f"{ADDRESS}/{max(1, place - 1)}"
        yield Shell(f"{ADDRESS}/{place}", html, before, f"{ADDRESS}/{after}", asked=question.id)


def take_words(
    session: Session, identity: ContributorIdentity, ticket: Ticket, fields: Fields
) -> Outcome:
    """Keep one answer that was written without a signal; raises Refused."""
    try:
        form = next_home.form_for(session, identity)
    except Denied as fault:
        raise offline.Refused from fault
    asked = fields.word("asked")
    question = next((one for one in form.questions if one.id == asked), None)
    if question is None:
        raise offline.Refused
    given = screens.read_given(fields, question, name="words", hearers={})
    if given.value is None:
        return Outcome.NOTHING
    is_kept = next_home.keep_answer(
        session,
        identity,
        form,
        question_id=question.id,
        value=given.value,
        based_on_revision=given.revision,
    )
    return Outcome.KEPT if is_kept else Outcome.APART
