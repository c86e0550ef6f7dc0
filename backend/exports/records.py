"""Composes what a review leaves for the case system: the same words, as text and as a PDF."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from backend.core import clock
from backend.core.languages import SOURCE, language
from backend.core.templates import date_short
from backend.exports.clearance import Place

if TYPE_CHECKING:
    from backend.asks.queries import AskLine
    from backend.surveys.queries import Drawing, SentAnswer, SentTopic

INDENT = "    "
HOW = {
    "alone": "on their own",
    "with_help": "with help",
    "on_paper": "on paper",
    "by_telephone": "by telephone",
}
TALKS = {
    "offered": "offered, not taken up",
    "done": "done",
    "refused": "refused",
    "not_appropriate": "not appropriate",
}
HAPPENED = {"yes": "yes, they say", "not_yet": "not yet, they say", "no": "no, they say"}
TICKED = "What may be said in the meeting"
UNTICKED = "For the file, not for the meeting"
WARNING = (
    "Not ticked for the meeting: leave it out of the minutes and of whatever goes to carers, "
    "parents or others."
)
CLOSE = "For this place alone"
CLOSE_WARNING = (
    "Kept from others by the child. Nobody but the IRO and who stands in for them may open this."
)


@dataclass(frozen=True)
class Entry:
    """One answer of the young person, verbatim, with how it was given."""

    answer_id: int
    topic_row_id: int
    topic: str
    question: str
    words: str
    is_words: bool
    how: str
    language: str
    drawing: "Drawing | None"
    kept_on_paper: str


@dataclass(frozen=True)
class EntryPart:
    """Answers under one heading that says how far they go."""

    title: str
    warning: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class RecordAsk:
    """One ask with its answer, as the young person got it."""

    ask_id: int
    words: str
    asked: str
    answer: str
    answered: str
    added: str
    happened: str


@dataclass(frozen=True)
class Record:
    """All that goes to one place of the case system from one review, and nothing else."""

    place: Place
    heading: str
    facts: tuple[tuple[str, str], ...]
    parts: tuple[EntryPart, ...]
    asks: tuple[RecordAsk, ...]
    asks_title: str

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every answer in it."""
        return tuple(entry for part in self.parts for entry in part.entries)

    @property
    def text(self) -> str:
        """It as plain text: what is the child's is set in, so that no words pass for a heading."""
        lines = [self.heading, ""]
        lines += [f"{name}: {value}" for name, value in self.facts]
        for part in self.parts:
            lines += ["", part.title.upper(), *([part.warning] if part.warning else [])]
            for entry in part.entries:
                lines += ["", *entry_lines(entry)]
        if self.asks:
            lines += ["", self.asks_title.upper()]
            for number, ask in enumerate(self.asks, start=1):
                lines += ["", *ask_lines(ask, number)]
        return "\n".join(lines) + "\n"

    @property
    def text_sha256(self) -> str:
        """Of the text in UTF-8; the same until something in it changes."""
        return hashlib.sha256(self.text.encode("utf-8", "replace")).hexdigest()


def entry_lines(entry: Entry) -> list[str]:
    """One answer as lines of text."""
    lines = [f"{entry.topic}: {plain(entry.question)}"]
    if entry.drawing:
        lines.append("[A drawing: it is in the PDF]")
    if entry.kept_on_paper:
        lines.append(f"[{plain(entry.kept_on_paper)}]")
    return [*lines, *set_in(entry.words), f"({plain(entry.how)})"]


def ask_lines(ask: RecordAsk, number: int) -> list[str]:
    """One ask as lines of text."""
    lines = [f"{number}. {plain(ask.asked)}", *set_in(ask.words)]
    if not ask.answer:
        return [*lines, "No answer has reached them yet."]
    lines += [f"Answer, {plain(ask.answered)}", *set_in(ask.answer)]
    if ask.added:
        lines += ["Added by who leads the review:", *set_in(ask.added)]
    return [*lines, f"Did it happen: {ask.happened}"]


def plain(text: str) -> str:
    """A text in one line, without what would break it or cannot be written."""
    return " ".join(line.strip() for line in paragraphs(text)).strip()


def set_in(text: str) -> list[str]:
    """A text verbatim, line by line, each set in."""
    return [f"{INDENT}{line}" for line in paragraphs(text)] if text else []


def paragraphs(text: str) -> list[str]:
    """The lines of a text, without control characters, whose job the lines do."""
    return ["".join(one for one in line if is_writable(one)) for line in text.splitlines()]


def is_writable(letter: str) -> bool:
    """Whether a character can stand in a text file: no control, no half of a pair."""
    point = ord(letter)
    return point >= 0x20 and not 0x7F <= point < 0xA0 and not 0xD800 <= point < 0xE000


def how_given(topic: "SentTopic") -> str:
    """How, with whom, in which language and when it was given."""
    how = HOW.get(topic.how_given, topic.how_given)
    by = f", with help from {topic.helped_by}" if topic.helped_by else ""
    spoken = "" if topic.language == SOURCE else f", in {language(topic.language).english_name}"
    day = topic.written_on or clock.in_london(topic.sent_at).date()
    back = ", taken back since" if topic.taken_back else ""
    return f"Given {how}{by}{spoken}, {date_short(day)}{back}"


def entry_of(topic: "SentTopic", answer: "SentAnswer") -> Entry:
    """One answer as it stands in a record."""
    drawing = answer.drawing
    return Entry(
        answer_id=answer.answer_id,
        topic_row_id=topic.topic_row_id,
        topic=topic.topic_title,
        question=answer.question_text,
        words=drawing.words if drawing else answer.display,
        is_words=answer.is_words,
        how=how_given(topic),
        language=topic.language,
        drawing=drawing,
        kept_on_paper=answer.kept_on_paper,
    )


def parts_of(topics: "Iterable[SentTopic]", place: Place) -> tuple[EntryPart, ...]:
    """The answers by how far they go: for the meeting, for the file, for this place alone."""
    ticked: list[Entry] = []
    unticked: list[Entry] = []
    for topic in topics:
        for answer in topic.answers:
            (ticked if answer.may_be_said else unticked).append(entry_of(topic, answer))
    if place is Place.RESTRICTED:
        whole: tuple[EntryPart, ...] = (EntryPart(CLOSE, CLOSE_WARNING, (*ticked, *unticked)),)
    else:
        whole = (
            EntryPart(TICKED, "", tuple(ticked)),
            EntryPart(UNTICKED, WARNING, tuple(unticked)),
        )
    return tuple(part for part in whole if part.entries)


def ask_of(line: "AskLine") -> RecordAsk:
    """One ask as it stands in a record; an answer that the child has not seen is not in it."""
    is_released = line.released_at is not None
    late = ", overdue" if line.is_overdue else ""
    return RecordAsk(
        ask_id=line.ask_id,
        words=line.words or "",
        asked=f"{line.label}. Asked {date_short(line.asked_at)}, of {line.owner or 'nobody yet'}, "
        f"by {date_short(line.due_on)}{late}",
        answer=(line.answer_words or "") if is_released else "",
        answered=_answered(line.answered_by, line.answered_at, line.outcome),
        added=(line.lead_added or "") if is_released else "",
        happened=HAPPENED.get(line.has_happened or "", "they have not said"),
    )


def _answered(by: str, at: datetime | None, outcome: str | None) -> str:
    said = [by, date_short(at) if at else "", (outcome or "").replace("_", " ")]
    return ", ".join(one for one in said if one)


def facts_of(
    *,
    kind: str,
    due_on: date,
    held_on: date | None,
    code: str,
    code_label: str,
    private_talk: str | None,
    private_talk_why: str = "",
) -> tuple[tuple[str, str], ...]:
    """Dates, participation code and private talk, as the case system asks for them."""
    held = date_short(held_on) if held_on else "not yet"
    talk = TALKS.get(private_talk or "", "not recorded yet")
    # A pathway-plan review has no participation code: the return has no place for one.
    is_pathway = kind == "pathway"
    confirmed = f"{code} {code_label}".strip() if code else "not confirmed yet"
    return (
        ("Pathway-plan review" if is_pathway else "Review", f"due {date_short(due_on)}"),
        ("Held", held),
        *(() if is_pathway else (("Participation code", confirmed),)),
        ("Talk in private", f"{talk}: {plain(private_talk_why)}" if private_talk_why else talk),
    )


def make_record(
    place: Place,
    *,
    heading: str,
    facts: Sequence[tuple[str, str]],
    topics: "Iterable[SentTopic]",
    asks: "Iterable[AskLine]",
) -> Record:
    """The record of what was cleared for its place; the caller has asked clearance."""
    return Record(
        place=place,
        heading=heading,
        facts=tuple(facts),
        parts=parts_of(topics, place),
        asks=tuple(ask_of(line) for line in asks),
        asks_title="What they asked for, and the answers",
    )
