"""Finished values for the staff's pages of paper."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from fastapi import Request
from sqlmodel import Session

from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Kind
from backend.core.access.predicates import Reach
from backend.core.forms import Fields
from backend.core.languages import language
from backend.core.templates import date_short, moment_short
from backend.entry import service as entry
from backend.paper import queries, sheet_words
from backend.paper.printing import Paper
from backend.paper.queries import OpenSheet
from backend.paper.typed_sheets import Typed, name_of
from backend.people import queries as people
from backend.settings import Settings
from backend.surveys import service as forms
from backend.surveys.service import Sheet, SheetQuestion

KIND_WORDS = {
    Kind.CHILD: "Child",
    Kind.CARE_LEAVER: "Care leaver",
    Kind.CARER: "Carer",
    Kind.PROVIDER_STAFF: "Provider’s staff",
    Kind.PARENT: "Parent",
    Kind.SOCIAL_WORKER: "Social worker",
    Kind.OTHER: "School, health or another adult",
}
HOW_GIVEN = {"on_paper": "on paper", "by_telephone": "by telephone", "observed": "as observed"}


@dataclass(frozen=True)
class Field:
    """One question of a typing page with what was typed."""

    asked: SheetQuestion
    name: str
    value: str
    others: str
    how: str
    hint: str
    is_long: bool
    drawn: str = ""  # "x" where there is a drawing on the paper
    keeper: str = ""
    where: str = ""


def field_of(asked: SheetQuestion, form: Fields | None) -> Field:
    """A question as it is typed."""
    name, kind = name_of(asked), asked.type.value
    return Field(
        asked=asked,
        name=name,
        value=form.text(name) if form else "",
        others=form.text(f"{name}-others") if form else "",
        how=form.text(f"{name}-how") if form else "",
        hint={
            "scale": "A number from 0 to 10",
            "date": "Such as 24 11 2026",
            "drawing": "Only words that stand on the drawing, then the drawing itself below",
        }.get(kind, "Every letter that is ticked" if asked.several else ""),
        is_long=kind in ("long_text", "drawing"),
        drawn=form.text(f"{name}-drawn") if form else "",
        keeper=form.text(f"{name}-keeper") if form else "",
        where=form.text(f"{name}-where") if form else "",
    )


def topics_of(page: OpenSheet, form: Fields | None) -> list[dict[str, Any]]:
    """The topics as they were printed; what this viewer may not type stands there as such."""
    return [
        {
            "id": topic.id,
            "title": topic.title,
            "fields": [field_of(one, form) for one in topic.questions if page.types(one.id)],
            "kept_apart": [one.number for one in topic.questions if not page.types(one.id)],
        }
        for topic in page.sheet.topics
    ]


def beside_lines(page: OpenSheet) -> list[tuple[str, str]]:
    """Who may have been beside the writer, lettered as on the sheet."""
    said = sheet_words.beside_of(Paper(page.sheet, page.kind).whose)
    return [("abcde"[place], str(one)) for place, (_, one) in enumerate(said)]


def before_lines(session: Session, viewer: StaffIdentity, page: OpenSheet) -> list[str]:
    """What of the same round was sent before, in words."""
    titles = {topic.id: topic.title for topic in page.sheet.topics}
    return [
        f"{titles.get(one.topic_id, one.topic_id)}: {how_words(one.how_given)}, "
        f"{moment_short(one.sent_at)}"
        for one in queries.sent_before(session, viewer, page)
    ]


def how_words(how_given: str) -> str:
    """On what a topic was given."""
    return HOW_GIVEN.get(how_given, "on a screen")


def asked_again(
    session: Session, viewer: StaffIdentity, page: OpenSheet, *, typed: Typed
) -> dict[str, str]:
    """What somebody must say before this is sent: the sheet was typed before, or a topic of it
    was sent already. By the name of the field that asks."""
    asked = {}
    before = queries.typed_before(session, page)
    if before is not None:
        asked["again-sheet"] = (
            f"This sheet was typed in on {moment_short(before[1])} by {before[0]}. Add it again?"
        )
    titles = {topic.id: topic.title for topic in page.sheet.topics}
    now = {page.sheet.questions[one.question_id].topic_id for one in typed.answers}
    for one in queries.sent_before(session, viewer, page):
        if one.topic_id in now:
            asked[f"again-{one.topic_id}"] = (
                f"“{titles[one.topic_id]}” was sent {how_words(one.how_given)} on "
                f"{date_short(one.sent_at)}. Add what is on the paper beside it?"
            )
    return asked


def checked_topics(page: OpenSheet, typed: Typed) -> list[dict[str, Any]]:
    """What was typed, in words, with how far each answer goes."""
    given = {one.question_id: one for one in typed.answers}
    found = []
    for topic in page.sheet.topics:
        lines = [
            {
                "number": asked.number,
                "text": asked.text,
                "display": forms.display(page.sheet.instrument_id, asked.id, given[asked.id].value),
                "how": how_far(page, given[asked.id]),
                "kept": forms.kept_on_paper(given[asked.id].value),
            }
            for asked in topic.questions
            if asked.id in given
        ]
        if lines:
            found.append({"title": topic.title, "lines": lines})
    return found


def how_far(page: OpenSheet, answer: forms.PaperAnswer) -> str:
    """How far one answer goes, in words for whoever checks it; nothing for an adult's form."""
    if not page.sheet.is_young:
        return ""
    if answer.reach is Reach.ONLY_IRO:
        return f"Only {page.lead_name}"
    named = {one["value"]: one["text"] for one in page.around.named_hearers}
    hidden = [
        named.get(key, key)
        for key, staff_id in page.around.hearers.items()
        if staff_id in answer.hidden_from
    ]
    hidden += ["the carers"] if answer.hidden_from_carers else []
    hidden += [answer.hidden_from_words] if answer.hidden_from_words else []
    said = "In the meeting" if answer.may_be_said else "Ask first"
    return f"{said}. Not for {', '.join(hidden)}" if hidden else said


def posted_fields(form: Fields, *, but: Iterable[str]) -> list[tuple[str, str]]:
    """What was posted, to be carried through the check."""
    left_out = set(but)
    return [
        (name, text) for name in sorted(form.names() - left_out) for text in form.all(name) if text
    ]


def name_of_person(session: Session, person_id: int) -> str:
    """What a person is known as."""
    person = people.person(session, person_id)
    return person.known_as if person else ""


def numbers_of(request: Request, kind: Kind) -> list[tuple[str, str, str]]:
    """The telephone numbers of the help page, for whoever fills the sheet in."""
    return numbers_for_kind(request.app.state.settings, kind)


def numbers_for_kind(settings: Settings, kind: Kind) -> list[tuple[str, str, str]]:
    """The numbers of these settings, without those that are for other ages."""
    hidden = "adult" if kind is Kind.CHILD else "child"
    return [
        (one.name, one.number, one.when)
        for one in entry.numbers_for(None, settings)
        if one.audience != hidden
    ]


@lru_cache
def blank_lines() -> list[dict[str, Any]]:
    """Every form as a blank sheet, in each of its languages."""
    return [
        {
            "id": one.id,
            "title": f"{one.title} ({_for_whom(one)})",
            "languages": [(code, language(code).own_name) for code in one.languages],
            "has_choice": forms.sheet_of(one.id, "en").has_choice,
        }
        for one in forms.blank_forms()
    ]


def _for_whom(form: forms.BlankForm) -> str:
    """Who fills a form in, with the ages where there are some: forms of one title differ in it."""
    whom = ", ".join(KIND_WORDS[kind] for kind in form.kinds)
    return whom + (f", {form.ages[0]} to {form.ages[1]}" if form.ages else "")


def blank_of(instrument_id: str, code: str) -> tuple[Sheet, Kind] | None:
    """A form as a blank sheet, with stand-ins for names; None where there is none."""
    for one in forms.blank_forms():
        if one.id == instrument_id and code in one.languages:
            return forms.sheet_of(instrument_id, code), one.kinds[0]
    return None
