"""A small network over a comment's word vectors: each theme looks for its own words.

One layer turns every word's vector a little; each head then weighs the words by how much they
concern it, and answers with their weighted mean (label-wise attention: Mullenbach et al. 2018).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.coder.encoders import Encoded, Vector, Words

Weights = npt.NDArray[np.float32]
_FAR_BELOW = np.float32(-1e4)


@dataclass(slots=True)
class Attention:
    """What was learnt, by name: `inner` and `bend` (into the layer), `outer` (out of it), `answers`
    and `constants` (what a word says to each head), `looks` (how much it concerns each head)."""

    weights: dict[str, Weights]

    def parts(self, words: Weights) -> Weights:
        """What each word of one comment adds to its scores: one row a word, one column a head."""
        steps = self.forward(words[None], np.ones((1, len(words), 1), np.float32))
        return np.asarray((steps.said * steps.share)[0], dtype=np.float32)

    def forward(self, words: Weights, mask: Weights) -> Steps:
        """Score comments of padded length, and keep what going back needs."""
        w = self.weights
        bent = np.maximum(words @ w["inner"] + w["bend"], 0)
        turned = words + bent @ w["outer"]
        said = turned @ w["answers"] + w["constants"]
        looks = turned @ w["looks"] + (1 - mask) * _FAR_BELOW
        looks = np.exp(looks - looks.max(axis=1, keepdims=True))
        share = looks / looks.sum(axis=1, keepdims=True)
        return Steps(words, bent, turned, said, share, (said * share).sum(axis=1))

    def backward(self, steps: Steps, slope: Weights) -> dict[str, Weights]:
        """How the loss changes with each weight, where it changes with the scores by `slope`."""
        w = self.weights
        to_share = steps.said * slope[:, None]
        to_said = steps.share * slope[:, None]
        to_looks = steps.share * (to_share - (to_share * steps.share).sum(axis=1, keepdims=True))
        to_turned = to_said @ w["answers"].T + to_looks @ w["looks"].T
        to_bent = (to_turned @ w["outer"].T) * (steps.bent > 0)
        return {
            "inner": _outer(steps.words, to_bent),
            "bend": to_bent.sum(axis=(0, 1)),
            "outer": _outer(steps.bent, to_turned),
            "answers": _outer(steps.turned, to_said),
            "constants": to_said.sum(axis=(0, 1)),
            "looks": _outer(steps.turned, to_looks),
        }


@dataclass(frozen=True, slots=True)
class Steps:
    """What one pass made of some comments, from their words to their `scores`."""

    words: Weights
    bent: Weights
    turned: Weights
    said: Weights
    share: Weights
    scores: Weights


@dataclass(frozen=True, slots=True)
class Scale:
    """Words' vectors as the networks take them: about their `centre`, in units of `spread`."""

    centre: Weights
    spread: float

    def apply(self, words: Words) -> Weights:
        """One comment's words, set so."""
        return (words.astype(np.float32) - self.centre) / np.float32(self.spread)


@dataclass(frozen=True, slots=True)
class Panel:
    """Several networks, each taught without a part of the comments; their mean is the score."""

    scale: Scale
    members: tuple[Attention, ...]

    def score(self, encoded: Sequence[Encoded | None]) -> Vector:
        """Log-odds; noughts for a comment that the encoder did not read."""
        width = self.members[0].weights["answers"].shape[1]
        scores = np.zeros((len(encoded), width))
        for row, one in enumerate(encoded):
            if one is not None and one.words is not None:
                scores[row] = self.parts(one.words).sum(axis=0)
        return scores

    def parts(self, words: Words) -> Weights:
        """What each word of one comment adds to its scores, as the networks say on average."""
        about = self.scale.apply(words)
        added = [member.parts(about) for member in self.members]
        return np.asarray(np.mean(added, axis=0), dtype=np.float32)


def _outer(before: Weights, after: Weights) -> Weights:
    """The sum over all words of one vector times the other."""
    return before.reshape(-1, before.shape[-1]).T @ after.reshape(-1, after.shape[-1])
