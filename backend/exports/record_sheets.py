"""A record as the PDF that goes beside its text: the same words, and the drawings."""

from collections.abc import Collection
from typing import Any

from backend.exports.records import Entry, Record, RecordAsk
from backend.exports.sheets import frame
from backend.exports.typeset_values import Block, Setter

POINTS = 11


def record_sheet(record: Record, *, refused: Collection[str]) -> dict[str, Any]:
    """What the template shows of a record."""
    say = Setter(refused)
    facts = say.bullets(f"{name}: {told}" for name, told in record.facts)
    main = [say.block("This review", [facts])]
    for part in record.parts:
        warning = [say.line(part.warning, is_strong=True)] if part.warning else []
        main.append(say.block(part.title, [*warning, *(_entry(say, one) for one in part.entries)]))
    if record.asks:
        items = [item for ask in record.asks for item in _ask(say, ask)]
        main.append(say.block(record.asks_title, items))
    return frame(say, title=record.heading, under=[], main=main, sizes=[POINTS])


def _entry(say: Setter, entry: Entry) -> Block:
    return say.quote(
        question=f"{entry.topic}: {entry.question}",
        words=entry.words,
        how=entry.how,
        language=entry.language,
        drawing=entry.drawing,
        kept_on_paper=entry.kept_on_paper,
    )


def _ask(say: Setter, ask: RecordAsk) -> list[Block]:
    asked = say.quote(question=ask.asked, words=ask.words)
    if not ask.answer:
        return [asked, say.line("No answer has reached them yet.")]
    added = [say.line(f"Added: {ask.added}")] if ask.added else []
    answer = say.line(f"{ask.answered}: {ask.answer}")
    return [asked, answer, *added, say.line(f"Did it happen: {ask.happened}")]
