"""Reads the typing page as it was posted: answers, how far each goes, who was beside the writer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from backend.core import clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.predicates import Reach
from backend.core.forms import Fields
from backend.paper import service
from backend.paper.queries import OpenSheet
from backend.paper.sheet_words import HELPERS, MARK_HIDE, MARK_LEAD, MARK_MEETING
from backend.surveys import service as forms
from backend.surveys.service import Beside, Mistyped, PaperAnswer, SheetQuestion

BY_CODE = {
    "not_offered": "Type only what is printed beside the boxes",
    "one_only": "Only one answer can be typed here: type the one that is meant, or leave it empty",
    "not_a_day": "Type a day such as 24 11 2026",
    "too_long": "That is more than one answer can hold: type the rest at question “anything else”",
}
NOT_YOURS = "is not for you to read. Leave it empty and pass the sheet to {lead} in an envelope"
NO_NAME = "has “don’t show” ticked: type h and the name, such as h Mum"
NO_MARK = "can only be marked m, o, or h with a name"
NO_HELPER = "Type the letter beside the box, a to e, or leave it empty"
NOT_OPEN = "Type x if it came open through somebody from home, or leave it empty"
NOT_A_DAY = "Type the day on the sheet, such as 24 11 2026, or leave it empty for today"
NOT_YET = "Type a day that is not after today"
NOTHING = "Type at least one answer."
NOT_KEPT = (
    "has a drawing: type who keeps the paper and where, or take the x out if nothing was drawn"
)
NOT_X = "can only be marked x, for a drawing that is on the paper"
BY_CARER = "someone who lives or works in their home passed it on open"
HELPED_BY = {
    "worker": "their worker",
    "outside": "someone from school or a club",
    "home": "someone who lives or works in their home",
    "other": "someone else",
}
LONGEST_KEEPING = 200
MARKS = {MARK_MEETING, MARK_LEAD, MARK_HIDE}


@dataclass(frozen=True)
class Typed:
    """A typed sheet: what can be sent, and what is wrong by the id of its field."""

    answers: tuple[PaperAnswer, ...] = ()
    beside: Beside = field(default_factory=Beside)
    written_on: date = date.min
    errors: Mapping[str, str] = field(default_factory=dict)


class Refused(ValueError):
    """What is wrong with one field, as the page says it."""


def name_of(asked: SheetQuestion) -> str:
    """The name of a question's field."""
    return f"q{asked.number}"


def read_typed_sheet(viewer: StaffIdentity, page: OpenSheet, form: Fields) -> Typed:
    """Everything on a posted typing page."""
    errors: dict[str, str] = {}
    answers = []
    for asked in page.sheet.questions.values():
        if not page.types(asked.id):
            continue
        name = name_of(asked)
        try:
            answer = read_answer(viewer, page, form=form, asked=asked)
        except Mistyped as mistyped:
            errors[name] = f"{asked.number}: {BY_CODE[mistyped.code]}."
            continue
        except Refused as refused:
            errors[f"{name}-how"] = f"{asked.number} {refused}."
            continue
        if answer is not None:
            answers.append(answer)
    beside, written_on = read_beside(form, errors), read_date(form, errors)
    if not answers and not errors:
        errors["q1"] = NOTHING
    return Typed(tuple(answers), beside, written_on, errors)


def read_answer(
    viewer: StaffIdentity, page: OpenSheet, *, form: Fields, asked: SheetQuestion
) -> PaperAnswer | None:
    """One answer with its small boxes; None for no answer. Raises Mistyped and Refused."""
    name = name_of(asked)
    value = forms.read_typed(
        asked,
        form.text(name),
        others=form.text(f"{name}-others"),
        kept=read_keeping(form, name) if asked.type.value == "drawing" else None,
    )
    if value is None:
        return None
    if not page.sheet.is_young:
        return PaperAnswer(asked.id, value)
    marks, names = read_marks(form.word(f"{name}-how"))
    keys, is_from_carers, others = forms.hearers_named(page.around, names)
    is_for_lead = asked.is_for_lead or MARK_LEAD in marks
    answer = PaperAnswer(
        question_id=asked.id,
        value=value,
        reach=Reach.ONLY_IRO if is_for_lead else Reach.ASK_FIRST,
        hidden_from=tuple(sorted(page.around.hearers[key] for key in keys)),
        hidden_places=tuple(sorted(keys)),
        hidden_from_carers=is_from_carers,
        hidden_from_words=others,
        may_be_said=MARK_MEETING in marks and not is_for_lead,
    )
    try:
        service.refuse_others(viewer, page, answer)
    except service.NotYours as error:
        raise Refused(NOT_YOURS.format(lead=page.lead_name)) from error
    return answer


def read_keeping(form: Fields, name: str) -> tuple[str, str] | None:
    """Who keeps a drawing that is on the paper, and where; raises Refused."""
    mark, keeper, where = (form.word(f"{name}-{part}") for part in ("drawn", "keeper", "where"))
    if mark.casefold() not in ("", "x"):
        raise Refused(NOT_X)
    if not (mark or keeper or where):
        return None
    if not (keeper and where):
        raise Refused(NOT_KEPT)
    return keeper[:LONGEST_KEEPING], where[:LONGEST_KEEPING]


def read_marks(typed: str) -> tuple[set[str], str]:
    """The letters of the small boxes that are ticked, and the names after "h"; raises Refused."""
    words = typed.split()
    marks: set[str] = set()
    while words and MARK_HIDE not in marks and set(words[0].casefold()) <= MARKS:
        marks |= set(words.pop(0).casefold())
    names = " ".join(words)
    if MARK_HIDE in marks and not names:
        raise Refused(NO_NAME)
    if names and MARK_HIDE not in marks:
        raise Refused(NO_MARK)
    return marks, names


def read_beside(form: Fields, errors: dict[str, str]) -> Beside:
    """Who was beside the writer, by the letter of the box that was ticked; else nobody."""
    letter, name = form.word("beside").casefold(), form.word("helper")
    places = {"abcde"[place]: key for place, key in enumerate(HELPERS)}
    if letter and letter not in places:
        errors["beside"] = f"{NO_HELPER}."
        return Beside()
    key, came_open = places.get(letter, "alone"), form.word("came-open").casefold()
    if came_open not in ("", "x"):
        errors["came-open"] = f"{NOT_OPEN}."
    if key == "alone" and not name:
        return Beside(forms.WITH_HELP, BY_CARER, is_in_home=True) if came_open else Beside()
    who = HELPED_BY.get(key, HELPED_BY["other"])
    helper = f"{who}: {name}" if name else who
    helper = f"{helper}; {BY_CARER}" if came_open else helper
    return Beside(forms.WITH_HELP, helper, is_in_home=key == "home" or bool(came_open))


def read_date(form: Fields, errors: dict[str, str]) -> date:
    """The day on the sheet; today where there is none."""
    try:
        typed = forms.read_day(form.text("written_on"))
    except Mistyped:
        errors["written_on"] = f"{NOT_A_DAY}."
        return clock.today()
    day = date.fromisoformat(typed) if typed else clock.today()
    if day > clock.today():
        errors["written_on"] = f"{NOT_YET}."
    return day
