"""What stands on each sheet of a review: for the meeting, for the IRO alone, for the file."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from backend.core.templates import date_short, moment_short
from backend.exports.typeset_values import NOTHING, Block, Setter, room, shows_something
from backend.paper import service as paper

if TYPE_CHECKING:
    from backend.asks.queries import AskLine
    from backend.reviews.queries import ChangeLine
    from backend.summaries.last_time import AskState
    from backend.summaries.page import Page, Said, Section
    from backend.summaries.queries import Summary
    from backend.summaries.sides import SideBySide
    from backend.summaries.transcripts import TranscriptLine

# Points, the largest that fits is taken; nothing is ever smaller than the last.
SIZES = (12, 11.5, 11, 10.5, 10)
MOST_COLUMNS = 3  # of the table beside: more would run into each other at 10 points
PAGE_OF = "Page {page} of {pages}"
ON_SCREEN = (
    "What must not be said, what is for you alone and what was kept from anybody stand on the "
    "screen only."
)
MAY_BE_SAID = "What stands here may be said in the meeting."
TICKED, UNTICKED = "may be said", "ask first"


@dataclass(frozen=True)
class Made:
    """Who prints it and when: it stands on every page that is for few."""

    by: str
    at: datetime

    @property
    def words(self) -> str:
        return f"Printed by {self.by}, {moment_short(self.at)}"


def frame(
    say: Setter, *, title: str, under: Sequence[str], main: list[Block], **values: Any
) -> dict[str, Any]:
    """The values that every sheet has."""
    return {
        "fonts": list(paper.FAMILIES),
        "title": title if shows_something(title) else NOTHING,
        "heading": say.heading(title),
        "under": [say.runs(line) for line in under if line],
        "page_of": PAGE_OF,
        "sizes": list(SIZES),
        "watermark": [],
        "printed": [],
        "footer": say.runs("Heard"),
        "first": main,
        "rest": [],
        "first_when_long": [],
        "rest_when_long": main,
        "aside": [],
        "wide": [],
    } | values


def review_words(found: "Summary") -> str:
    """Which review it is, and when."""
    review = found.review
    kind = "Pathway-plan review" if review.kind == "pathway" else "Review"
    held = review.held_on
    if held:
        return f"{kind}, held {date_short(held)}"
    if review.meeting_at:
        return f"{kind}, {moment_short(review.meeting_at)}"
    return f"{kind}, due {date_short(review.due_on)}"


def meeting_sheet(
    found: "Summary",
    asks: "Sequence[AskLine]",
    agenda: Mapping[str, str],
    *,
    refused: Collection[str],
    languages: Mapping[int, str],
) -> dict[str, Any]:
    """Only what the young person ticked, with the agenda and room to write; `found` and `asks`
    were cleared for the meeting."""
    say = Setter(refused)
    said = Words(say, languages, is_given_once=len(found.page.how_given) == 1)
    name, page = found.person.known_as, found.page
    wanted = said.all(page.wanted, is_marked=False)
    by_agenda = {section.agenda: section for section in page.sections}
    main = [
        *([say.block("What I most want talked about", wanted)] if wanted else []),
        *(
            say.block(title, [*said.all(_of(by_agenda.get(key)), is_marked=False), room()])
            for key, title in agenda.items()
        ),
    ]
    if page.taking_part:
        part = said.all(page.taking_part, is_marked=False)
        main.append(say.block("Who comes, where, how I take part", part))
    if asks:
        main.append(say.block("What I asked for", [ask_item(say, ask) for ask in asks]))
    once = f" {page.how_given[0]}." if len(page.how_given) == 1 else ""
    under = [f"{review_words(found)}. {MAY_BE_SAID}{once}"]
    return frame(say, title=f"Meeting sheet: {name}", under=under, main=main)


def _of(section: "Section | None") -> "tuple[Said, ...]":
    return section.said if section else ()


def leads_page(
    found: "Summary",
    asks: "Sequence[AskLine]",
    made: Made,
    *,
    refused: Collection[str],
    languages: Mapping[int, str],
    has_sent: bool,
) -> dict[str, Any]:
    """The whole page but for what stands on the screen only; `found` and `asks` were cleared."""
    say = Setter(refused)
    said = Words(say, languages, found.transcripts, is_given_once=len(found.page.how_given) == 1)
    page, who = found.page, "IRO" if found.is_lead_of_child else "PA"
    may_go = {ask.ask_id for ask in asks}
    last_time = [one for one in found.parts.last_time if one.line.ask_id in may_go]
    now = [one for one in found.parts.now if one.line.ask_id in may_go]
    safety = say.block("Safety", safety_items(say, found))
    last = say.block("What came of last time", _asks_or(say, last_time, "Nothing was asked for."))
    wanted = _wanted(say, said.all(page.wanted), has_sent=has_sent)
    mine = say.block("My asks", _asks_or(say, now, "Nothing was asked for."))
    rest = [say.block(one.title, said.all(one.said)) for one in page.sections]
    rest += [say.block("Said at any time", said.all(page.anytime))] if page.anytime else []
    rest += [
        say.block(
            f"{'How it is shown to' if told.is_reading else 'In words of'} "
            f"{found.writers.get(told.contributor_id, 'an adult')}",
            Words(say, languages).all(told.said, is_marked=False),
        )
        for told in page.told
    ]
    return frame(
        say,
        title=f"{found.person.known_as}, {found.age}",
        under=[f"{review_words(found)}. {found.home}".strip(), ON_SCREEN],
        main=[safety, last, *wanted, mine, *rest],
        # What flows on to other sides must not push the asks from the first.
        first_when_long=[safety, mine, last],
        rest_when_long=[*wanted, *rest],
        aside=beside(say, said, found),
        wide=[say.block("Side by side", [side_table(say, page.sides)])] if is_wide(page) else [],
        watermark=say.runs(f"{who} only"),
        printed=say.runs(made.words),
        footer=say.runs(f"{who} only. {made.words}"),
    )


def _wanted(say: Setter, words: list[Block], *, has_sent: bool) -> list[Block]:
    """What the young person wants most; where that stands on the screen alone, no word of it."""
    if not words and not has_sent:
        words = [say.line("Nothing was sent for this review.")]
    return [say.block("What I most want talked about", words)] if words else []


def safety_items(say: Setter, found: "Summary") -> list[Block]:
    """The safety status first, as a number: what it is about stands on the screen."""
    count = len(found.concerns)
    lines = [f"Open concerns: {count}. Look on the screen."] if count else []
    lines += [
        f"To be asked in private: {one.topic_title}"
        for one in found.held_back
        if not one.hidden_from
    ]
    if lines:
        return [say.bullets(lines)]
    return [say.line("No concern is open in Heard. That is not a finding that all is well.")]


def beside(say: Setter, said: "Words", found: "Summary") -> list[Block]:
    """What changed, the same questions as others see them, and how I take part."""
    page, blocks = found.page, []
    lines = [f"Moved home on {date_short(found.moved_on)}"] if found.moved_on else []
    lines += [_news(one) for one in found.date_news]
    lines += [f"{one.label}: {one.before}, now {one.now}" for one in page.changes]
    if lines:
        blocks.append(say.block("What changed since last time", [say.bullets(lines)]))
    sides = side_items(say, page.sides, has_table=not is_wide(page))
    if found.silences:
        silent = ", ".join(f"{one.side} {one.name}".strip() for one in found.silences)
        sides.append(say.line(f"Not heard: {silent}."))
    blocks.append(say.block("The same questions, side by side", sides))
    for moment in (*page.moments, *page.former):
        blocks.append(say.block(moment.label, side_items(say, moment.sides)))
    if page.taking_part:
        part = said.all(page.taking_part)
        blocks.append(say.block("Who comes, where, how I take part", part))
    if page.how_given:
        blocks.append(say.block("How it was given", [say.line(". ".join(page.how_given) + ".")]))
    return blocks


def _news(one: "ChangeLine") -> str:
    """One change of the dates, in a line."""
    after = f" {date_short(one.after_on)}" if one.after_on else ""
    before = f" (was {date_short(one.before_on)})" if one.before_on else ""
    return f"{one.what}{after}{before}" + (f": {one.reason}" if one.reason else "")


def is_wide(page: "Page") -> bool:
    """Whether more spoke than there is room for beside the words: then the table takes the whole
    width under them, so that no column runs into the next."""
    return bool(page.sides.rows) and len(page.sides.columns) > MOST_COLUMNS


def side_items(say: Setter, sides: "SideBySide", *, has_table: bool = True) -> list[Block]:
    """One column for each that spoke; differences marked."""
    items: list[Block] = []
    if sides.differences:
        items += [say.line("They see it differently:", is_strong=True)]
        items += [say.bullets(sides.differences)]
    if sides.rows and has_table:
        items.append(side_table(say, sides))
    if sides.seen_alone_on:
        seen = date_short(sides.seen_alone_on)
        items.append(say.line(f"The worker last saw them there, alone, on {seen}."))
    return items


def side_table(say: Setter, sides: "SideBySide") -> Block:
    """A column for each that spoke."""
    names = [sides.names.get(key, key.replace("_", " ")) for key in sides.columns]
    rows = [
        [row.label, *(_cell(row.cells.get(key)) for key in sides.columns)] for row in sides.rows
    ]
    return say.table([" ", *names], rows, marked=[row.differs for row in sides.rows])


def _cell(cell: Any) -> str:
    return cell.display if cell else "–"


def _asks_or(say: Setter, asks: "Sequence[AskState]", none: str) -> list[Block]:
    return [ask_item(say, ask.line, ask.label) for ask in asks] or [say.line(none)]


def ask_item(say: Setter, ask: "AskLine", mark: str = "") -> Block:
    """One ask with its answer, or with whose it is and by when."""
    how = f"{ask.owner or 'Nobody yet'}, by {date_short(ask.due_on)}"
    if ask.released_at is not None:
        how = f"{ask.answered_by}: {ask.answer_words or ''}"
    question = f"{ask.label}, asked {date_short(ask.asked_at)}"
    return say.quote(question=question, words=ask.words or "", how=how, mark=mark)


class Words:
    """Sets what the young person said, each answer in the language that it was given in."""

    def __init__(
        self,
        say: Setter,
        languages: Mapping[int, str],
        transcripts: "Mapping[int, Sequence[TranscriptLine]] | None" = None,
        *,
        is_given_once: bool = False,
    ) -> None:
        # Where everything was given in one way, that is said once for all of it.
        self.say, self.languages, self.is_given_once = say, languages, is_given_once
        self.transcripts = transcripts or {}

    def all(self, said: "Iterable[Said]", *, is_marked: bool = True) -> list[Block]:
        """Words first and large, then what was tapped."""
        every = list(said)
        words = [one for one in every if one.is_words]
        taps = [one for one in every if not one.is_words]
        return [self.of(one, is_marked=is_marked) for one in (*words, *taps)]

    def of(self, one: "Said", *, is_marked: bool = True) -> Block:
        """One answer."""
        mark = (TICKED if one.may_be_said else UNTICKED) if is_marked else ""
        if not one.is_words:
            return self.say.tap(question=one.question, choice=one.text, mark=mark)
        return self.say.quote(
            question=one.question,
            words=one.drawing.words if one.drawing else one.text,
            how="" if self.is_given_once else one.how,
            mark=mark,
            language=self.languages.get(one.topic_row_id, ""),
            drawing=one.drawing,
            kept_on_paper=one.kept_on_paper,
            seen=[
                f"{line.by} sees: {line.words}" for line in self.transcripts.get(one.answer_id, ())
            ],
        )
