"""What an evaluation tells is what was counted, and what cannot be told is not told."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import f1_score

from analysis.coder.coding import Coder, Coding
from analysis.learning.training_sets import TRAINING
from analysis.measures.agreements import agreement_of_labellers
from analysis.measures.calibrations import calibration
from analysis.measures.cards import card, keep_measured
from analysis.measures.confusions import confusion, taken_for
from analysis.measures.descriptions import describe_coder
from analysis.measures.evaluation import evaluate_coder
from analysis.measures.intervals import measured, share
from analysis.measures.measurements import measure_what_ships
from analysis.measures.scorecards import WIDTH, print_scorecard
from analysis.rows.codebooks import load_codebook
from analysis.rows.labels import Labelled, read_labelled
from analysis.rows.tables import read_table

HELD_OUT = TRAINING.parent / "heldout"
THEMES = load_codebook().ids


def labelled(themes: Sequence[str] = (), **labels: object) -> Labelled:
    given = {"text": "x", "audience": None, "sentiment": None, "urgency": None, "ask": None}
    return Labelled(themes=frozenset(themes), **(given | labels))  # type: ignore[arg-type]


def coded(themes: Sequence[str] = (), confidence: float = 1.0, urgency: str = "none") -> Coding:
    view = None if urgency == "unread" else "neutral"
    return Coding("1", tuple(themes), view, urgency, False, confidence, (), "")


def printed(scorecard: dict[str, object]) -> str:
    out = io.StringIO()
    print_scorecard(scorecard, out)
    return out.getvalue()


def test_f1_is_what_scikit_learn_counts(coder: Coder) -> None:
    rows = read_labelled(read_table(HELD_OUT / "general.csv").rows)[:150]
    found = evaluate_coder(coder, rows, THEMES)
    per_theme = [found["themes"][theme]["f1"]["value"] for theme in THEMES]
    met = [value for value in per_theme if value is not None]
    assert found["macro"]["value"] == pytest.approx(sum(met) / len(met), abs=0.002)
    table = found["sentiment_confusion"]
    pairs = [(t, g) for t, row in table.items() for g, n in row.items() for _ in range(n)]
    true, given = zip(*pairs, strict=True)
    assert found["sentiment"]["value"] == pytest.approx(
        f1_score(true, given, average="macro"), abs=0.001
    )
    assert found["sentiment"]["low"] < found["sentiment"]["value"] < found["sentiment"]["high"]


def test_every_figure_has_its_value_interval_and_n_and_is_plain_json(coder: Coder) -> None:
    rows = read_labelled(read_table(HELD_OUT / "general.csv").rows)[:60]
    found = evaluate_coder(coder, rows, THEMES)
    assert json.loads(json.dumps(found)) == found

    def figures_in(part: object) -> list[dict[str, float]]:
        if isinstance(part, dict):
            if "value" in part:
                return [part]
            return [one for inner in part.values() for one in figures_in(inner)]
        return [one for inner in part for one in figures_in(inner)] if type(part) is list else []

    figures = figures_in(found)
    assert len(figures) > 100
    for one in figures:
        assert set(one) == {"value", "low", "high", "n"}
        assert 0 <= one["low"] <= one["high"] <= 1
        assert (one["value"] is None) == (one["n"] == 0)


def test_a_confusion_has_the_true_label_in_the_row_and_the_given_in_the_column() -> None:
    table = confusion([("a", "b"), ("a", "b"), ("b", "b"), ("a", "unread")], ("a", "b"))
    assert table == {"a": {"a": 0, "b": 2, "unread": 1}, "b": {"a": 0, "b": 1, "unread": 0}}


def test_a_theme_missed_where_another_was_given_is_that_pair() -> None:
    rows = [labelled(["home"]), labelled(["home"]), labelled(["home"]), labelled()]
    given = [coded(["carers"]), coded(["carers"]), coded(), coded(["fun"])]
    assert taken_for(rows, given) == [
        {"missed": "home", "given": "carers", "n": 2},
        {"missed": "home", "given": None, "n": 1},
        {"missed": None, "given": "fun", "n": 1},
    ]


def test_a_confidence_that_keeps_its_word_has_no_error_and_one_that_boasts_has() -> None:
    rows = [labelled(["home"])] * 7 + [labelled(["fun"])] * 3
    fair = calibration(rows, [coded(["home"], 0.7)] * 10)
    assert fair["error"]["value"] == 0
    [band] = [band for band in fair["bands"] if band["right"]["n"]]
    assert (band["from"], band["to"], band["confidence"]) == (0.7, 0.8, 0.7)
    assert (band["right"]["value"], band["right"]["n"]) == (0.7, 10)
    assert fair["themes"]["home"]["right"]["value"] == 0.7
    boast = calibration(rows, [coded(["home"], 1.0)] * 10)
    assert boast["error"]["value"] == 0.3


def test_what_the_confidence_promises_is_what_is_counted_as_right() -> None:
    # That every theme given fits, or that none does: not that none was missed.
    rows = [labelled(["home", "fun"]), labelled(), labelled(["home"]), labelled(["home"])]
    given = [coded(["home"]), coded(), coded(), coded(["home"], 0.0, "unread")]
    bands = calibration(rows, given)["bands"]
    assert bands[-1]["right"] == share(2, 3)
    assert sum(band["right"]["n"] for band in bands) == 3, "the unread one has no confidence"


def test_few_of_an_audience_are_too_few_to_tell_and_that_is_said(coder: Coder) -> None:
    some = labelled(["education"], text="I like school", audience="carer", urgency="none")
    few = labelled(["education"], text="I like school", audience="parent", urgency="none")
    found = evaluate_coder(coder, [some] * 30 + [few] * 29, THEMES)
    assert found["audiences"]["parent"] == {"comments": 29, "too_few": True}
    assert found["audiences"]["carer"]["micro"]["value"] == 1
    text = printed(found)
    assert "parent              29  too few to tell" in text
    assert "(n=0)" in text, "no comment of a carer was urgent: the figure is not told"


@pytest.mark.parametrize(
    ("content", "missing"),
    [
        ("text,themes\nI like school,education\n", {"sentiment", "now_noticed", "ask"}),
        ("text,themes,ask\nI like school,education,true\n", {"sentiment", "now_noticed"}),
        ("text,themes,sentiment,urgency,ask\nI like school,,,,\n", {"micro", "sentiment", "ask"}),
        ("text,themes,urgency\nhe hits me,,now\n", {"micro", "macro", "sentiment", "ask"}),
    ],
)
def test_labels_that_are_not_there_are_said_to_be_missing(
    coder: Coder, tmp_path: Path, content: str, missing: set[str]
) -> None:
    source = tmp_path / "labelled.csv"
    source.write_text(content)
    found = evaluate_coder(coder, read_labelled(read_table(source).rows), THEMES)
    assert {name for name in missing if found[name] is not None} == set()
    assert "not labelled" in printed(found)


def test_what_was_not_read_is_counted_and_explained(coder: Coder) -> None:
    arabic = "\u0623\u0631\u064a\u062f \u0623\u0646 \u0623\u0631\u0649 \u0623\u0645\u064a"
    row = labelled(["family_time"], text=arabic, sentiment="negative", urgency="now")
    found = evaluate_coder(coder, [row], THEMES)
    assert found["unread"] == 1
    assert found["now_noticed"]["value"] == 1, "it is set apart, so a person reads it"
    assert found["sentiment_confusion"]["negative"]["unread"] == 1
    assert "1 comments, 1 not read" in printed(found)
    assert "set apart for a person to read" in printed(found)


def test_the_table_fits_a_hundred_columns_and_tells_every_part(coder: Coder) -> None:
    rows = read_labelled(read_table(HELD_OUT / "general.csv").rows)[:120]
    about = describe_coder(coder, measured_on="general.csv")
    text = printed({"card": about, **evaluate_coder(coder, rows, THEMES)})
    assert max(map(len, text.splitlines())) <= WIDTH
    for said in ("Coder ", "Taught with", "Its labels", "general.csv", "One theme for another"):
        assert said in text
    for said in ("TextBlob", "urgency: true, given as", "expected error", "audience", "95%"):
        assert said in text


def test_an_interval_of_sums_holds_what_it_should() -> None:
    # A mean of 400 fair coins: half, give or take two standard errors (0.05).
    coins = np.array([[one % 2] for one in range(400)], dtype=np.float64)
    found = measured(coins, lambda sums: sums[0] / 400, 400)
    assert found["value"] == 0.5
    assert found["low"] == pytest.approx(0.45, abs=0.01)
    assert found["high"] == pytest.approx(0.55, abs=0.01)


def test_agreement_counts_what_both_gave_against_what_one_gave_alone(tmp_path: Path) -> None:
    (tmp_path / "ours.csv").write_text(
        "text,themes,sentiment,urgency,ask,doubted\n"
        "a,home;fun,positive,none,false,\n"
        "b,home,negative,none,false,home;sentiment:mixed\n"
        "c,,neutral,none,true,home;ask\n"
        "d,home,neutral,soon,false,urgency:now\n"
    )
    found = agreement_of_labellers(["home", "fun"], tmp_path)
    assert found is not None
    # home: both in a and d, one alone in b and c: 2*2 / (2*2 + 2).
    assert found["themes"]["home"]["value"] == pytest.approx(2 / 3, abs=0.001)
    assert found["themes"]["fun"]["value"] == 1
    assert found["micro"]["value"] == pytest.approx(6 / 8, abs=0.001)
    assert [found[kind]["value"] for kind in ("sentiment", "urgency", "ask")] == [0.75, 0.75, 0.75]


def test_comments_that_one_person_labelled_have_no_agreement(tmp_path: Path) -> None:
    (tmp_path / "ours.csv").write_text("text,themes\na,home\n")
    assert agreement_of_labellers(["home"], tmp_path) is None


def test_what_was_measured_is_kept_and_read_again(coder: Coder, tmp_path: Path) -> None:
    rows = read_labelled(read_table(HELD_OUT / "general.csv").rows)[:40]
    found = evaluate_coder(coder, rows, THEMES)
    place = tmp_path / "model" / "measured.json"
    keep_measured(
        {"general": found},
        {"general": "40 comments written for this"},
        coder="abc",
        day=date(2026, 11, 22),
        told="general",
        path=place,
    )
    kept = card(place)
    assert (kept["coder"], kept["day"]) == ("abc", "2026-11-22")
    assert kept["micro"] == found["micro"]
    assert kept["themes"] == found["themes"]
    assert kept["title"] == "40 comments written for this"


@pytest.mark.parametrize("content", [None, "", "[]", "{", '{"format": 1}', '{"format": 2}'])
def test_a_card_that_is_missing_or_damaged_is_empty(tmp_path: Path, content: str | None) -> None:
    place = tmp_path / "measured.json"
    if content is not None:
        place.write_text(content)
    assert card(place) == {}


def test_what_ships_is_measured_on_every_set_kept_apart_for_it(tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text("text,themes,urgency\nI like school,education,none\n")
    found = measure_what_ships([own], tmp_path / "measured.json")
    assert set(found["sets"]) == {"general", "harmless", "hinted_now", "own"}
    assert found["comments"] == found["sets"]["general"]["comments"] >= 400
    assert found["sets"]["hinted_now"]["now_noticed"]["n"] >= 200
    assert found["sets"]["harmless"]["none_flagged"]["n"] >= 200
    assert found["micro"]["low"] < found["micro"]["value"] < found["micro"]["high"]
    assert found["coder"]
