"""Two scores of labels of which a comment has one are weighed against each other, together."""

from __future__ import annotations

import numpy as np
from scipy.special import softmax

from analysis.coder.mixing import fit_mixes_of_one, mix

USUAL = (0.6, 1.5)


def scores_and_truth(count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Comments whose label is drawn with chances of which the older score knows half."""
    rng = np.random.default_rng(3)
    known, hidden = rng.normal(size=(2, count, 4))
    chances = softmax(2 * known + hidden + [0.0, 1.0, -1.0, 0.0], axis=1)
    drawn = (rng.random((count, 1)) > chances.cumsum(axis=1)).sum(axis=1)
    return known, hidden + rng.normal(size=hidden.shape), np.eye(4, dtype=bool)[drawn]


def test_the_chances_that_come_of_it_are_those_that_occur() -> None:
    older, own, truth = scores_and_truth(6000)
    mixes = fit_mixes_of_one(older, own, truth, USUAL)
    chances = softmax(mix(older, own, mixes), axis=1)
    assert np.allclose(chances.mean(axis=0), truth.mean(axis=0), atol=0.005)
    best = chances.max(axis=1)
    sure = best > 0.8
    right = (chances.argmax(axis=1) == truth.argmax(axis=1))[sure]
    assert abs(best[sure].mean() - right.mean()) < 0.03


def test_each_score_is_trusted_alike_for_every_label_and_the_clearer_more() -> None:
    older, own, truth = scores_and_truth(6000)
    mixes = fit_mixes_of_one(older, own, truth, USUAL)
    assert np.ptp(mixes[:, :2], axis=0).tolist() == [0.0, 0.0]
    assert mixes[0, 0] > mixes[0, 1] > 0


def test_comments_without_any_of_the_labels_teach_nothing() -> None:
    older, own, truth = scores_and_truth(300)
    more = np.full((50, 4), 9.0)
    with_them = fit_mixes_of_one(
        np.vstack([older, more]), np.vstack([own, more]), np.vstack([truth, more < 0]), USUAL
    )
    assert np.array_equal(with_them, fit_mixes_of_one(older, own, truth, USUAL))


def test_comments_that_tell_nothing_leave_the_usual_trust() -> None:
    nothing = np.zeros((4, 4))
    mixes = fit_mixes_of_one(nothing, nothing, np.eye(4, dtype=bool), USUAL)
    assert np.allclose(mixes, [[*USUAL, 0.0]] * 4)
