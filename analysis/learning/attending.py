"""Teaches the small networks over words' vectors, by which a codebook is learnt anew."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from analysis.coder.attention import Attention, Panel, Scale, Weights
from analysis.coder.encoders import Encoded, Vector, Words
from analysis.learning.learners import FIFTHS, fifths

_LOG = logging.getLogger(__name__)
Places = npt.NDArray[np.int64]
_FEWEST = 10
_WIDTH = 128
_BATCH, _NEAR = 32, 20
# Twelve rounds are enough for thousands of comments; of fewer, more, so that all is learnt.
_ROUNDS, _FEWEST_STEPS, _MOST_ROUNDS = 12, 600, 40
_RATE, _WARM, _SLOWEST = 1e-3, 0.06, 0.02
_DROPPED, _SHRUNK = 0.15, 0.01
_SMOOTH, _SMOOTH_SQUARES, _TINY = 0.9, 0.999, 1e-8
# Of a longer text the first words teach.
_LONGEST = 256
_SEED = 7


def fit_panel(encoded: Sequence[Encoded | None], shares: Vector) -> tuple[Panel, Vector]:
    """Five networks, each taught without one fifth of the comments, and for every comment the
    score of the one that has not seen it. `shares` is how much of a yes each head gets.
    ValueError where the encoder read too few of them."""
    read = {
        n: one.words[:_LONGEST]
        for n, one in enumerate(encoded)
        if one is not None and one.words is not None
    }
    if len(read) < _FEWEST:
        raise ValueError(f"{len(read)} rows hold words: too few to learn from, {_FEWEST} needed")
    words, known = list(read.values()), np.array(list(read))
    wanted = np.asarray(shares[known], dtype=np.float32)
    fold = fifths(len(known))
    scale = _scale(words)
    members, unseen = [], np.zeros(shares.shape)
    for one in range(FIFTHS):
        kept, left = np.flatnonzero(fold != one), np.flatnonzero(fold == one)
        member = _fit([words[n] for n in kept], wanted[kept], scale, one)
        unseen[known[left]] = [member.parts(scale.apply(words[n])).sum(axis=0) for n in left]
        members.append(member)
        _LOG.info("network %d of %d has learnt", one + 1, FIFTHS)
    return Panel(scale, tuple(members)), unseen


def _scale(words: Sequence[Words]) -> Scale:
    """One comment after the other: all words of thousands at full width would fill the memory."""
    total, squares, count = np.zeros(words[0].shape[1]), 0.0, 0
    for one in words:
        wide = one.astype(np.float64)
        total += wide.sum(axis=0)
        squares += float((wide * wide).sum())
        count += len(one)
    mean = float(total.mean()) / count
    spread = math.sqrt(max(squares / count / len(total) - mean * mean, _TINY))
    return Scale((total / count).astype(np.float32), spread)


def _fit(words: Sequence[Words], wanted: Weights, scale: Scale, seed: int) -> Attention:
    """Adam with decoupled decay (Loshchilov and Hutter 2019); the rate rises, then falls."""
    rng = np.random.default_rng((_SEED, seed))
    network = Attention(_start(words[0].shape[1], wanted.shape[1], rng))
    a_round = math.ceil(len(words) / _BATCH)
    rounds = min(_MOST_ROUNDS, max(_ROUNDS, math.ceil(_FEWEST_STEPS / a_round)))
    steps = rounds * a_round
    means = {name: np.zeros_like(value) for name, value in network.weights.items()}
    squares = {name: np.zeros_like(value) for name, value in network.weights.items()}
    done = 0
    for _ in range(rounds):
        for places in _batches(words, rng):
            done += 1
            padded, mask = _pad([scale.apply(words[n]) for n in places])
            kept = rng.random(padded.shape, dtype=np.float32) >= _DROPPED
            run = network.forward(padded * kept / np.float32(1 - _DROPPED), mask)
            slope = (expit(run.scores) - wanted[places]) / np.float32(len(places))
            rate = _RATE * min(1.0, done / (_WARM * steps)) * max(_SLOWEST, 1 - done / steps)
            for name, grade in network.backward(run, slope).items():
                mean, square = means[name], squares[name]
                mean += (1 - _SMOOTH) * (grade - mean)
                square += (1 - _SMOOTH_SQUARES) * (grade * grade - square)
                away = np.sqrt(square / (1 - _SMOOTH_SQUARES**done)) + _TINY
                value = network.weights[name]
                value -= rate * (mean / (1 - _SMOOTH**done) / away + _SHRUNK * value)
    # Kept in half precision, so that a model just trained and one read back agree to the bit.
    half = {
        name: value.astype(np.float16).astype(np.float32) for name, value in network.weights.items()
    }
    return Attention(half)


def _start(size: int, heads: int, rng: np.random.Generator) -> dict[str, Weights]:
    """Nothing is turned yet, and every word concerns every head alike."""

    def chance(rows: int, columns: int) -> Weights:
        reach = 1 / math.sqrt(rows)
        return rng.uniform(-reach, reach, (rows, columns)).astype(np.float32)

    return {
        "inner": chance(size, _WIDTH),
        "bend": np.zeros(_WIDTH, np.float32),
        "outer": np.zeros((_WIDTH, size), np.float32),
        "answers": chance(size, heads),
        "constants": np.zeros(heads, np.float32),
        "looks": np.zeros((size, heads), np.float32),
    }


def _batches(words: Sequence[Words], rng: np.random.Generator) -> Iterator[Places]:
    """Batches of texts of like length, in an order of chance."""
    order = rng.permutation(len(words))
    batches = []
    for start in range(0, len(order), _BATCH * _NEAR):
        part = order[start : start + _BATCH * _NEAR]
        near = part[np.argsort([len(words[n]) for n in part], kind="stable")]
        batches += [near[k : k + _BATCH] for k in range(0, len(near), _BATCH)]
    for place in rng.permutation(len(batches)):
        yield batches[place]


def _pad(words: Sequence[Weights]) -> tuple[Weights, Weights]:
    longest = max(map(len, words))
    padded = np.zeros((len(words), longest, words[0].shape[1]), np.float32)
    mask = np.zeros((len(words), longest, 1), np.float32)
    for row, one in enumerate(words):
        padded[row, : len(one)], mask[row, : len(one)] = one, 1
    return padded, mask
