"""What a sheet says around its questions: who reads it, how to fill it in, where it goes."""

import re
from collections.abc import Iterable, Mapping

from backend.core.catalogues import NAMED, catalogue
from backend.core.languages import SOURCE
from backend.core.translations import Phrase, SafePhrase, phrase, safe_phrase
from backend.surveys.service import Sheet

# Whose form it is decides who reads it; the words of an adult's sheet say so to that adult.
CHILD, CARE_LEAVER, WORKER, ADULT = "child", "care_leaver", "social_worker", "adult"
SENTENCE_START = re.compile(r"(^|[.!?؟።]\s)\s*$")
HELPERS = ("alone", "worker", "outside", "home", "other")
MARK_MEETING, MARK_LEAD, MARK_HIDE = "m", "o", "h"


def in_language(said: Phrase, code: str) -> str:
    """A sentence in a language; in English where nobody has translated it."""
    found = catalogue(code).messages.get(said.source)
    return filled(found.forms[0] if found else said.source, said.values)


def filled(source: str, values: Mapping[str, object]) -> str:
    """A sentence with its names, a stand-in such as "your social worker" with a capital letter
    where it opens a sentence."""

    def name(token: re.Match[str]) -> str:
        found = str(values[token[1]])
        opens = SENTENCE_START.search(source[: token.start()])
        return found[:1].upper() + found[1:] if opens else found

    return NAMED.sub(name, source)


def lines_in(said: Iterable[str], code: str) -> list[tuple[str, str]]:
    """Sentences in a language, each with the code of the language that it is really in; English
    follows a sentence on safety or privacy whose translation nobody has checked."""
    lines = []
    for one in said:
        if not isinstance(one, Phrase):
            lines.append((str(one), SOURCE))
            continue
        found = catalogue(code).messages.get(one.source)
        is_checked = found is not None and bool(found.checked_by)
        if found:
            lines.append((in_language(one, code), code))
        if found is None or (isinstance(one, SafePhrase) and not is_checked):
            lines.append((in_language(one, SOURCE), SOURCE))
    return lines


def labels() -> Mapping[str, Phrase]:
    """The short words of every sheet."""
    return {
        "page": phrase("Page {page} of {pages}"),
        "code": phrase("Code:"),
        "for_office": phrase("For whoever types this in"),
        "qr": phrase("Square code of this sheet, for whoever types it in"),
        "who_reads": phrase("Who reads this"),
        "how_to": phrase("How to fill it in"),
        "several": phrase("You can tick more than one."),
        "someone_else": phrase("Someone else:"),
        "day": phrase("Day"),
        "month": phrase("Month"),
        "year": phrase("Year"),
        "beside": phrase("Who is with you?"),
        "name_of_helper": phrase("Their name, if you like:"),
        "date": phrase("Today’s date:"),
        "hand_over": phrase("When you are done"),
        "choose": phrase("What do you want to talk about?"),
        "on_page": phrase("page {page}"),
        "help": phrase("If you need someone now"),
    }


def number_heads() -> list[Phrase]:
    """What stands over the columns of telephone numbers."""
    return [phrase("Who"), phrase("Number"), phrase("When")]


def privacy_of(sheet: Sheet, whose: str, names: Mapping[str, str]) -> list[Phrase]:
    """Who reads it and who does not, and when that cannot be kept."""
    if whose == CHILD:
        return [
            safe_phrase("%(iro)s reads this. %(worker)s does too, if you do not say no.", **names),
            safe_phrase("The people you live with do not get to see it."),
            safe_phrase("But it is paper: who finds it can read it. Keep it close."),
            safe_phrase("Someone who works with us types it in, word for word."),
            safe_phrase(
                "If someone may get hurt, they must tell people who can help. They will try "
                "to tell you first."
            ),
        ]
    if whose == CARE_LEAVER:
        return [
            safe_phrase(
                "%(iro)s, your PA, reads this. Someone who works with us types it in, word "
                "for word.",
                **names,
            ),
            safe_phrase("It is paper: who finds it can read it. Keep it close."),
            safe_phrase(
                "If someone may get hurt, they must tell people who can help. They will try "
                "to tell you first."
            ),
        ]
    if whose == WORKER:
        return [
            safe_phrase(
                "The IRO and your team manager read this. It is set beside what the child and "
                "the carers say."
            )
        ]
    return [
        safe_phrase(
            "The social worker and the reviewing officer read this. Heard does not show it to "
            "the child."
        ),
        safe_phrase(
            "If what you write shows that a child may be hurt, they act on it and may have to "
            "say where it came from."
        ),
    ]


def how_to_of(sheet: Sheet, whose: str, names: Mapping[str, str]) -> list[Phrase]:
    """How to answer, and what the small boxes under an answer mean."""
    if whose not in (CHILD, CARE_LEAVER):
        return [
            phrase(
                "Tick a box or write. Leave out what you do not know. More to say? Write "
                "on the back, with the question’s number."
            )
        ]
    lines = [
        phrase("Tick a box or write. More to say? Write on the back, with the number."),
        phrase("The small boxes by each answer: leave them, and we ask you first."),
    ]
    if sheet.is_for_meeting:
        lines.append(safe_phrase("“In my meeting”: it can be said there."))
    if whose == CHILD:
        lines.append(
            safe_phrase(
                "“Only %(iro)s”: no one else reads it, but who stands in when %(iro)s is away.",
                **names,
            )
        )
    lines.append(safe_phrase("“Don’t show”: write who should not see it."))
    return lines


def marks_of(sheet: Sheet, whose: str, names: Mapping[str, str]) -> list[tuple[str, Phrase]]:
    """The small boxes under each answer of a young person: the letter typed for it, and its "
    "words."""
    marks = []
    if whose in (CHILD, CARE_LEAVER) and sheet.is_for_meeting:
        marks.append((MARK_MEETING, phrase("In my meeting")))
    if whose == CHILD:
        marks.append((MARK_LEAD, phrase("Only %(iro)s", **names)))
    if whose in (CHILD, CARE_LEAVER):
        marks.append((MARK_HIDE, phrase("Don’t show it to:")))
    return marks


def beside_of(whose: str) -> list[tuple[str, Phrase]]:
    """Who may be beside the writer, in the order of HELPERS; an adult writes alone."""
    if whose not in (CHILD, CARE_LEAVER):
        return []
    said = (
        phrase("I’m on my own"),
        phrase("My PA helps me") if whose == CARE_LEAVER else phrase("My social worker helps me"),
        phrase("Someone from school or a club helps me"),
        phrase("Someone who lives or works in my home helps me"),
        phrase("Someone else helps me"),
    )
    return list(zip(HELPERS, said, strict=True))


def alone_of(numbers: list[int]) -> Phrase:
    """What is answered with nobody from home beside one."""
    shown = ", ".join(str(number) for number in numbers)
    return phrase("On your own: %(numbers)s", numbers=shown)


def alone_words() -> list[Phrase]:
    """What to leave out with somebody from home beside one, and what becomes of it."""
    return [
        safe_phrase(
            "Is someone from home with you? Leave out what says “On your own”. Your worker will "
            "ask you."
        )
    ]


def hand_over_of(sheet: Sheet, whose: str, names: Mapping[str, str]) -> list[Phrase]:
    """Where the sheet goes; what is not for all eyes goes in an envelope."""
    if whose == CHILD:
        return [
            phrase("Give it to %(worker)s or %(iro)s.", **names),
            safe_phrase(
                "Did you tick “Only %(iro)s” or “Don’t show”? Put all of it in an envelope. "
                "Write %(iro)s on it and close it. Only %(iro)s, or who stands in, opens it.",
                **names,
            ),
            safe_phrase(
                "Does someone from home take it along for you? Put it in an envelope and close it "
                "first."
            ),
        ]
    if whose == CARE_LEAVER:
        return [phrase("Give it to %(iro)s, or send it in.", **names)]
    return [phrase("Give it to the social worker, or send it in. It is typed in word for word.")]


def help_of(whose: str) -> list[Phrase]:
    """Paper is slow: whom to ring today."""
    if whose in (CHILD, CARE_LEAVER):
        return [safe_phrase("Not safe, or can’t wait? Don’t use this sheet. Ring now.")]
    return [safe_phrase("If a child is not safe, do not wait for this sheet. Ring now.")]


def apart_title(names: Mapping[str, str]) -> Phrase:
    """The heading of the page that goes into an envelope of its own."""
    return phrase("Just for %(iro)s", **names)


def apart_words(names: Mapping[str, str]) -> list[Phrase]:
    """What is said over it."""
    return [
        safe_phrase(
            "Only %(iro)s reads this page, or who stands in. It is not said in your meeting.",
            **names,
        ),
        safe_phrase("Put it in an envelope. Write %(iro)s on it and close it.", **names),
        safe_phrase("If someone may get hurt, %(iro)s must tell people who can help.", **names),
    ]


def choose_of(*, is_cover: bool) -> list[Phrase]:
    """What is said over the topics to choose from: nobody has to fill in all of them."""
    if is_cover:
        return [phrase("Tick what you want to talk about. You can tick one, or more.")]
    return [phrase("Fill in only what matters to you. Leave out the rest.")]


def cover_words() -> list[Phrase]:
    """Where the page goes on which topics are chosen; it holds no answers."""
    return [phrase("Give this page back. Then you get only the pages that you ticked.")]


def note_for_helper(note: str) -> Phrase:
    """A helper's note, printed for those who always have a helper."""
    return phrase("For the helper: %(note)s", note=note)


def only_if(number: int, ticked: str) -> Phrase:
    """Which answer opens a question."""
    return phrase("Only if you ticked “%(ticked)s” at %(number)s.", ticked=ticked, number=number)
