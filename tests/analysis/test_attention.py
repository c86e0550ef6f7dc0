"""The small networks by which another codebook is learnt from words' vectors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from analysis.coder.attention import Attention, Panel
from analysis.coder.coding import Coder, Comment
from analysis.coder.encoders import Encoded
from analysis.coder.models import Model
from analysis.coder.storage import load_model, save_model
from analysis.learning.attending import fit_panel
from analysis.learning.councils import learn_codebook
from analysis.rows.codebooks import Codebook, Theme
from analysis.rows.labels import Labelled

SIZE, HEADS = 12, 2
Array = npt.NDArray[np.float32]


def read_as(words: Array | None) -> Encoded:
    nothing = np.zeros((0, 1), np.float32)
    half = None if words is None else words.astype(np.float16)
    return Encoded(np.zeros(SIZE), np.zeros(1), nothing, (), half)


def told_by_one_word(rng: np.random.Generator) -> tuple[Encoded, list[float]]:
    """Many words of noise; each head is a yes where one word points its way."""
    words = rng.normal(0, 1, (int(rng.integers(4, 20)), SIZE)).astype(np.float32)
    wanted = [float(rng.random() < 0.4) for _ in range(HEADS)]
    for head, yes in enumerate(wanted):
        if yes:
            words[rng.integers(len(words)), head] = 6.0
    return read_as(words), wanted


def test_the_way_back_is_the_slope_of_the_way_there() -> None:
    rng = np.random.default_rng(3)
    weights = {
        "inner": rng.normal(0, 0.5, (SIZE, 5)),
        "bend": rng.normal(0, 0.5, 5),
        "outer": rng.normal(0, 0.5, (5, SIZE)),
        "answers": rng.normal(0, 0.5, (SIZE, HEADS)),
        "constants": rng.normal(0, 0.5, HEADS),
        "looks": rng.normal(0, 0.5, (SIZE, HEADS)),
    }
    words, mask = rng.normal(0, 1, (3, 4, SIZE)), np.ones((3, 4, 1))
    mask[1, 2:] = 0
    slope = rng.normal(0, 1, (3, HEADS))
    network = Attention(weights)
    grades = network.backward(network.forward(words, mask), slope)
    for name, value in weights.items():
        for place in (0, value.size // 2, value.size - 1):
            flat, step = value.reshape(-1), 1e-5
            ends = []
            for sign in (1, -1):
                flat[place] += sign * step
                ends.append(float((network.forward(words, mask).scores * slope).sum()))
                flat[place] -= sign * step
            measured = (ends[0] - ends[1]) / (2 * step)
            assert grades[name].reshape(-1)[place] == pytest.approx(measured, abs=1e-6), name


def test_one_telling_word_is_found_among_many_and_unseen_scores_are_honest() -> None:
    rng = np.random.default_rng(5)
    taught = [told_by_one_word(rng) for _ in range(300)]
    unseen = [told_by_one_word(rng) for _ in range(200)]
    truth = np.array([wanted for _, wanted in unseen]) > 0.5
    panel, left_out = fit_panel([one for one, _ in taught], np.array([w for _, w in taught]))
    right = ((panel.score([one for one, _ in unseen]) > 0) == truth).mean()
    told, _ = next((one, wanted) for one, wanted in unseen if wanted[0] and not wanted[1])
    assert told.words is not None
    most = int(panel.parts(told.words)[:, 0].argmax())
    assert told.words[most, 0] == 6.0, "the telling word is the one that is shown"
    honest = ((left_out > 0) == (np.array([w for _, w in taught]) > 0.5)).mean()
    assert right > 0.9
    assert honest == pytest.approx(right, abs=0.08)


def test_the_same_comments_give_the_same_networks() -> None:
    rng = np.random.default_rng(8)
    taught = [told_by_one_word(rng) for _ in range(40)]
    encoded, shares = [one for one, _ in taught], np.array([wanted for _, wanted in taught])
    first, second = fit_panel(encoded, shares), fit_panel(encoded, shares)
    assert (first[1] == second[1]).all()
    assert (first[0].score(encoded) == second[0].score(encoded)).all()


def test_a_comment_that_was_not_read_scores_nothing_and_teaches_nothing() -> None:
    rng = np.random.default_rng(9)
    taught = [told_by_one_word(rng) for _ in range(30)]
    encoded = [None, read_as(None), *(one for one, _ in taught)]
    shares = np.array([[1.0] * HEADS] * 2 + [wanted for _, wanted in taught])
    panel, left_out = fit_panel(encoded, shares)
    assert (panel.score(encoded)[:2] == 0).all()
    assert (left_out[:2] == 0).all()
    assert left_out[2:].any(axis=1).all()
    with pytest.raises(ValueError, match="too few"):
        fit_panel(encoded[:4], shares[:4])


def test_a_learnt_codebook_is_read_back_to_the_bit(tmp_path: Path) -> None:
    said = {
        "Food": ["the soup was cold", "no hot meals", "lovely dinners", "we went hungry"],
        "Parking": ["nowhere to park", "the car park was full", "paid six pounds to park"],
    }
    rows = [
        Labelled(f"{text} {more}", None, frozenset({theme}), None, None, None)
        for theme, texts in said.items()
        for text in texts
        for more in ("on the ward", "all week", "last time", "again")
    ]
    model = learn_codebook(rows, sorted(said))
    assert isinstance(model.meaning, Panel), "the encoder's words were asked"
    save_model(model, tmp_path / "model.npz", "made here")
    again = load_model(tmp_path / "model.npz", "made here")
    assert again is not None
    comments = [Comment(str(n), row.text) for n, row in enumerate(rows)]
    book = Codebook(tuple(Theme(name, name) for name in sorted(said)))

    def codes(one: Model) -> list[tuple[frozenset[str], float]]:
        return [(frozenset(c.themes), c.confidence) for c in Coder(one, book).code(comments)]

    assert codes(again) == codes(model)
