"""Learns from labelled rows: a codebook of its own, or a council's corrections of what ships."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from analysis.coder.encoders import load_encoder
from analysis.coder.models import Model
from analysis.coder.readers import read_labelled_comments
from analysis.coder.storage import save_model
from analysis.learning.defaults import COUNCIL, name_in_use, shipped_model
from analysis.learning.teaching import Lesson, hard_shares, heads_for, train
from analysis.rows.codebooks import load_codebook
from analysis.rows.labels import Labelled

# Of fewer nothing can be learnt that would hold for the next comment.
FEWEST = 20


def learn(decided: Sequence[Labelled], directory: Path) -> str:
    """Correct what ships by a council's own decided codes, keep that in `directory`, and return
    the name of the coder that is in use from now on.

    How far the council's codes are believed against ours is learnt from themselves, each coded
    by a model that has not seen it: a few change little, and as they grow they outweigh ours.
    ValueError where there are too few. When a comment is raised, nothing here changes.
    """
    if len(decided) < FEWEST:
        raise ValueError(f"{len(decided)} decided codes are too few to learn from: {FEWEST} needed")
    model = correct(decided, shipped_model(directory))
    digest = hashlib.sha256(
        repr([(d.text, sorted(d.themes), d.sentiment) for d in decided]).encode()
    )
    base = name_in_use(directory).split("-")[0]
    save_model(model, directory / COUNCIL, f"{base}-{digest.hexdigest()[:8]}")
    return name_in_use(directory)


def correct(decided: Sequence[Labelled], base: Model) -> Model:
    """The base, corrected. Heads that these codes cannot teach stay as they are."""
    lesson = _lesson(decided, [*load_codebook().ids, *_new_themes(decided)])
    heads = (*lesson.heads, *(head for head in base.heads if head not in lesson.heads))
    whole = replace(lesson, heads=heads, shares=hard_shares(decided, heads))
    themes = [*base.themes, *_new_themes(decided)]
    return train(whole, themes, base=base)


def learn_codebook(labelled: Sequence[Labelled], themes: Sequence[str]) -> Model:
    """Learn any codebook's themes (and our sentiment, urgency and asks, where they are labelled)
    from these rows alone. ValueError where they cannot teach."""
    used = set().union(*(row.themes for row in labelled)) if labelled else set()
    unknown = sorted(used - set(themes))
    if unknown:
        raise ValueError(f"themes that the codebook does not have: {', '.join(unknown[:5])}")
    if len(labelled) < FEWEST:
        raise ValueError(f"{len(labelled)} rows are too few to learn from: {FEWEST} needed")
    lesson = _lesson(labelled, themes, with_words=True)
    if not any(head in themes for head in lesson.heads):
        raise ValueError("no theme is given to some rows and not to others: nothing can be learnt")
    return train(lesson, themes)


def _lesson(
    labelled: Sequence[Labelled], themes: Sequence[str], *, with_words: bool = False
) -> Lesson:
    heads = heads_for(labelled, themes)
    return Lesson(
        read=read_labelled_comments(labelled, load_encoder(), with_words=with_words),
        labels=labelled,
        heads=heads,
        shares=hard_shares(labelled, heads),
    )


def _new_themes(decided: Sequence[Labelled]) -> list[str]:
    return sorted(set().union(*(row.themes for row in decided)) - set(load_codebook().ids))
