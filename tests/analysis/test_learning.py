"""What people decide corrects the coder in seconds, and never touches when a comment is raised."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from analysis.coder.coding import Coder, Comment
from analysis.commands import main
from analysis.learning.councils import FEWEST, correct, learn
from analysis.learning.defaults import load_default, name_in_use, shipped_model
from analysis.learning.training_sets import read_examples
from analysis.rows.codebooks import Codebook, Theme, load_codebook
from analysis.rows.labels import Labelled

PLACES = ["clinic", "library", "pool", "court", "gym", "market", "chapel", "park", "depot", "farm"]
RIDES = [
    "the taxi to the {} was late again",
    "had to get a cab to the {} on my own",
    "my taxi never came for the {}",
    "they book a cab to the {} every week",
]


def labelled(text: str, *themes: str) -> Labelled:
    return Labelled(text, "child_11_17", frozenset(themes), "negative", "none", ask=False)


def rides(number: int) -> list[str]:
    return [RIDES[i % len(RIDES)].format(PLACES[i // len(RIDES)]) for i in range(number)]


def others(number: int) -> list[Labelled]:
    """Comments of the usual kind, with the labels that they have."""
    return [e.labels for e in read_examples() if "taxi" not in e.text and "cab " not in e.text][
        :number
    ]


def themes_of(coder: Coder, texts: list[str]) -> list[set[str]]:
    rows = coder.code([Comment(str(i), t, audience="child_11_17") for i, t in enumerate(texts)])
    return [set(row.themes) for row in rows]


def test_the_councils_own_way_of_coding_outweighs_ours_as_it_grows() -> None:
    """This council codes lifts by taxi under fun, which nobody else would."""
    unseen = ["my taxi to the dentist was late", "got a cab to the farm shop on my own"]
    base, book = shipped_model(), load_codebook()
    before = themes_of(Coder(base, book), unseen)
    few = [labelled(text, "fun") for text in rides(4)] + others(30)
    many = [labelled(text, "fun") for text in rides(36)] + others(60)
    after_few = themes_of(Coder(correct(few, base), book), unseen)
    after_many = themes_of(Coder(correct(many, base), book), unseen)
    assert not any("fun" in themes for themes in before)
    assert all("fun" in themes for themes in after_many)
    assert sum("fun" in t for t in after_few) <= len(unseen)


def test_a_few_corrections_leave_the_rest_as_it_was() -> None:
    base, book = shipped_model(), load_codebook()
    corrected = Coder(correct(others(40), base), book)
    texts = [e.text for e in read_examples() if e.is_check][:150]
    before, after = themes_of(Coder(base, book), texts), themes_of(corrected, texts)
    same = sum(a == b for a, b in zip(before, after, strict=True))
    assert same > 0.75 * len(texts)


def test_when_a_comment_is_raised_is_not_changed_by_what_people_decided() -> None:
    """A council that codes everything as needing nothing must not make the machine deaf."""
    base, book = shipped_model(), load_codebook()
    calm = [
        Labelled(e.text, e.audience, e.labels.themes, e.labels.sentiment, "none", ask=False)
        for e in read_examples()[:200]
    ]
    told = ["he comes in my room at night and i dont like it", "i want to die"]
    rows = Coder(correct(calm, base), book).code([Comment(str(i), t) for i, t in enumerate(told)])
    assert all(row.urgency != "none" for row in rows)


def test_a_theme_of_the_councils_own_is_learnt() -> None:
    base = shipped_model()
    decided = [labelled(text, "taxis") for text in rides(24)] + others(40)
    book = Codebook((*load_codebook().themes, Theme("taxis", "Rides")))
    coder = Coder(correct(decided, base), book)
    [coding] = coder.code([Comment("1", "waited an hour for the cab to the park")])
    assert "taxis" in coding.themes
    assert "not learnt" not in coding.note


def test_learning_is_kept_and_gives_the_coder_a_new_name(tmp_path: Path) -> None:
    before = name_in_use(tmp_path)
    decided = [labelled(text, "independence") for text in rides(36)] + others(30)
    after = learn(decided, tmp_path)
    assert after == name_in_use(tmp_path) != before
    assert "independence" in themes_of(load_default(tmp_path), ["my taxi to the gym was late"])[0]
    assert learn(decided, tmp_path) == after


def test_of_too_few_nothing_is_learnt_and_nothing_is_kept(tmp_path: Path) -> None:
    before = name_in_use(tmp_path)
    with pytest.raises(ValueError, match=f"{FEWEST} needed"):
        learn(others(FEWEST - 1), tmp_path)
    assert name_in_use(tmp_path) == before


def test_a_codebook_of_bare_names_is_taught_and_used(tmp_path: Path) -> None:
    rows = [(text, "Getting there") for text in rides(30)]
    rows += [(f"the nurse at the {place} was kind", "Staff") for place in PLACES]
    rows += [(f"friendly doctor in the {place}", "Staff") for place in PLACES]
    source = tmp_path / "labelled.csv"
    with source.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([("text", "themes"), *rows])
    (tmp_path / "book.yaml").write_text("themes: [Getting there, Staff, Food]\n")
    taught = ["train", str(source), "--codebook", str(tmp_path / "book.yaml")]
    assert main([*taught, "--out", str(tmp_path / "coder")]) == 0
    (tmp_path / "in.csv").write_text("text\nthe cab to the clinic never came\nlovely nurse\n")
    asked = ["code", str(tmp_path / "in.csv"), str(tmp_path / "out.csv")]
    assert main([*asked, "--model", str(tmp_path / "coder")]) == 0
    with (tmp_path / "out.csv").open(newline="") as file:
        coded = list(csv.DictReader(file))
    assert [row["themes"] for row in coded] == ["Getting there", "Staff"]
    assert {row["sentiment"] for row in coded} == {""}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("text,themes\nhello,Nowhere\n", "does not have: Nowhere"),
        ("text,themes\nhello,Staff\n", "too few to learn from"),
        ("text\nhello\n", "no column 'themes'"),
        ("text,themes\n" + "hello,Staff\n" * 30, "nothing can be learnt"),
    ],
)
def test_what_cannot_teach_is_said_clearly(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, said: str
) -> None:
    (tmp_path / "in.csv").write_text(content)
    (tmp_path / "book.yaml").write_text("themes: [Staff]\n")
    arguments = ["train", str(tmp_path / "in.csv"), "--codebook", str(tmp_path / "book.yaml")]
    assert main([*arguments, "--out", str(tmp_path / "coder")]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "coder").exists()


def test_a_folder_without_a_coder_is_said_to_have_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "in.csv").write_text("text\nhello\n")
    arguments = ["code", str(tmp_path / "in.csv"), str(tmp_path / "out.csv")]
    assert main([*arguments, "--model", str(tmp_path / "none")]) == 2
    assert "has no coder in it" in capsys.readouterr().err
