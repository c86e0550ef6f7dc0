"""Makes of comments what the models take: a reading copy and what the encoder says of it."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.coder.encoders import Encoded, Encoder
from analysis.coder.models import Read
from analysis.rows.labels import Labelled
from analysis.words.reading import read_plainly


def read_labelled_comments(
    rows: Sequence[Labelled], encoder: Encoder | None, *, with_words: bool = False
) -> list[Read]:
    """Read every labelled comment, in the same order."""
    return read_copies(
        [read_plainly(row.text) for row in rows],
        [row.audience for row in rows],
        [row.question for row in rows],
        encoder,
        with_words=with_words,
    )


def read_copies(
    plain: Sequence[str],
    audiences: Sequence[str | None],
    questions: Sequence[str | None],
    encoder: Encoder | None,
    *,
    with_words: bool = False,
) -> list[Read]:
    """The same for reading copies; an empty one is not put to the encoder."""
    asked = [number for number, copy in enumerate(plain) if copy]
    encoded: dict[int, Encoded] = {}
    if encoder:
        texts, writers = [plain[n] for n in asked], [audiences[n] for n in asked]
        answers = encoder.encode(texts, writers, with_words=with_words)
        encoded = dict(zip(asked, answers, strict=True))
    rows = zip(plain, audiences, questions, strict=True)
    return [
        Read(copy, audience, _plain_question(question), encoded.get(number))
        for number, (copy, audience, question) in enumerate(rows)
    ]


def _plain_question(question: str | None) -> str | None:
    return (read_plainly(question) or None) if question else None
