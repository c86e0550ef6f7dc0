"""Misspells a text as people do, so that a model learns to read it all the same."""

from __future__ import annotations

import random  # noqa: TID251 -- seeded: misspellings for training, never a secret

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_LOWER, _NO_APOSTROPHES, _NO_STOPS, _SLIPS, _A_WORD = 0.5, 0.35, 0.25, 0.3, 0.08


def misspell(text: str, rng: random.Random) -> str:
    """The text with some of: no capitals, no apostrophes, no stops, a slip in some words."""
    if rng.random() < _LOWER:
        text = text.lower()
    if rng.random() < _NO_APOSTROPHES:
        text = text.replace("'", "").replace("\u2019", "")
    if rng.random() < _NO_STOPS:
        text = text.replace(",", "").replace(".", "")
    if rng.random() < _SLIPS:
        words = text.split(" ")
        text = " ".join(_slip(word, rng) if rng.random() < _A_WORD else word for word in words)
    return text


def _slip(word: str, rng: random.Random) -> str:
    """One letter left out, swapped with the next, doubled or hit wrongly; never the first."""
    if len(word) <= 3:
        return word
    at = rng.randrange(1, len(word) - 1)
    before, letter, after = word[:at], word[at], word[at + 1 :]
    kinds = (
        before + after,
        before + after[0] + letter + after[1:],
        before + letter + letter + after,
        before + rng.choice(_LETTERS) + after,
    )
    return rng.choices(kinds, weights=(7, 6, 4, 3))[0]
