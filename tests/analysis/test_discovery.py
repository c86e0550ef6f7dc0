"""What fits no theme is grouped and named, never forced, and never as if it were English."""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.coder.coding import Coder, Coding, Comment
from analysis.discovery.discovering import run_discover
from analysis.discovery.distinctive import WordCounts
from analysis.discovery.groups import (
    EXAMPLES,
    FEWEST,
    FEWEST_IN_GROUP,
    Discovery,
    discover,
    fits_no_theme,
)

HERE = Path(__file__).parent
HELDOUT = HERE.parents[1] / "analysis" / "heldout" / "general.csv"


def fits_nothing(key: str) -> Coding:
    return Coding(key, (), "neutral", "none", ask=False, confidence=0.6, matched=(), note="")


def read_planted() -> list[tuple[str, str]]:
    """Six subjects that no theme covers, and three hundred ordinary comments with none."""
    with (HERE / "planted.csv").open(encoding="utf-8", newline="") as file:
        planted = [(row["topic"], row["text"]) for row in csv.DictReader(file)]
    with HELDOUT.open(encoding="utf-8", newline="") as file:
        return planted + [("", row["text"]) for row in csv.DictReader(file)][:300]


@pytest.fixture(scope="module")
def planted(coder: Coder) -> tuple[Discovery, dict[str, str], list[Coding]]:
    rows = read_planted()
    comments = [Comment(str(number), text) for number, (_, text) in enumerate(rows)]
    codings = coder.code(comments)
    topics = {str(number): topic for number, (topic, _) in enumerate(rows)}
    return discover(codings, comments), topics, codings


def test_planted_subjects_are_found_and_stay_apart(
    planted: tuple[Discovery, dict[str, str], list[Coding]],
) -> None:
    found, topics, codings = planted
    groups = [Counter(topics[key] for key in group.members) for group in found.groups]
    mains = [group.most_common(1)[0] for group in groups]
    kept = [
        (topic, count, group.total())
        for (topic, count), group in zip(mains, groups, strict=True)
        if topic and 2 * count >= group.total()
    ]
    unfitting = sum(bool(topics[one.id]) and fits_no_theme(one) for one in codings)
    # Floors under the first measured figures, with the encoder and without it.
    assert len({topic for topic, _, _ in kept}) >= 3
    assert sum(count for _, count, _ in kept) / sum(size for _, _, size in kept) >= 0.75
    assert sum(count for _, count, _ in kept) >= 0.25 * unfitting


def test_a_group_has_words_examples_and_how_tight_it_is(
    planted: tuple[Discovery, dict[str, str], list[Coding]],
) -> None:
    found, _, _ = planted
    for group in found.groups:
        assert group.size >= FEWEST_IN_GROUP
        assert 3 <= len(group.examples) <= EXAMPLES
        assert [one.id for one in group.examples] == list(group.members[: len(group.examples)])
        assert 0 < group.tightness <= 1
        assert group.name.split(", ") == [word for word, _ in group.words[:3]]
        assert all(held and set(held) <= set(group.members) for _, held in group.words)


def test_nothing_is_lost_and_nothing_stands_twice(
    planted: tuple[Discovery, dict[str, str], list[Coding]],
) -> None:
    found, _, _ = planted
    every = [*found.left_over, *(key for group in found.groups for key in group.members)]
    assert len(every) == len(set(every)) == found.unfitting
    assert found.left_over


def test_the_same_comments_give_the_same_groups(
    planted: tuple[Discovery, dict[str, str], list[Coding]],
) -> None:
    found, _, codings = planted
    comments = [Comment(str(n), text) for n, (_, text) in enumerate(read_planted())]
    assert discover(codings, comments) == found


def test_a_few_comments_that_fit_nothing_give_no_group_and_say_so() -> None:
    comments = [Comment(str(n), f"the bus to the fair was late {n}") for n in range(FEWEST - 1)]
    found = discover([fits_nothing(one.id) for one in comments], comments)
    assert found.groups == ()
    assert len(found.left_over) == FEWEST - 1
    assert "too few to group" in found.note
    assert discover([], []).unfitting == 0


def test_a_text_that_is_not_read_is_set_apart() -> None:
    comments = [Comment(str(n), "la voiture est en panne encore") for n in range(40)]
    unread = [replace(fits_nothing(one.id), urgency="unread", sentiment=None) for one in comments]
    found = discover(unread, comments)
    assert (found.groups, found.left_over) == ((), ())
    assert len(found.unread) == 40


def test_what_says_nothing_and_what_fits_a_theme_are_in_no_group() -> None:
    nothing = [Comment(f"n{n}", text) for n, text in enumerate(["no", "", "!!", "idk"] * 8)]
    fitting = [Comment(f"f{n}", "the judge at court was slow") for n in range(30)]
    codings = [fits_nothing(one.id) for one in nothing]
    codings += [replace(fits_nothing(one.id), themes=("a",), confidence=0.9) for one in fitting]
    found = discover(codings, [*nothing, *fitting])
    assert found.groups == ()
    assert not {*found.left_over} & {one.id for one in fitting}


def test_themes_that_are_all_unsure_fit_badly() -> None:
    unsure = replace(fits_nothing("1"), themes=("a", "b"), confidence=0.16)
    assert fits_no_theme(unsure)
    assert not fits_no_theme(replace(unsure, confidence=0.64))
    assert fits_no_theme(fits_nothing("1"))


def test_codings_of_other_comments_are_refused() -> None:
    with pytest.raises(ValueError, match="not those of these comments"):
        discover([fits_nothing("1")], [Comment("2", "hello there")])


def test_words_stand_as_written_and_a_name_names_nothing() -> None:
    texts = ["Kayleigh lost the goalie's gloves again", "the goalie's gloves, Kayleigh!",
             "gloves for Kayleigh", "a dull day", "tea and toast", "my maths book",
             "buses are late", "a good film"]  # fmt: skip
    words = [word.text for word in WordCounts(texts).name([0, 1, 2])]
    assert words[0] == "gloves"
    assert "goalie's" in words
    assert not any("kayleigh" in word.lower() for word in words)


def test_the_command_writes_groups_with_examples(tmp_path: Path, coder: Coder) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.json"
    with source.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "text"])
        writer.writerows([f"k{n}", text] for n, (_, text) in enumerate(read_planted()))
        writer.writerow(["fr", "je voudrais voir ma mere plus souvent et mon frere aussi"])
    said = run_discover(source, target)
    written = json.loads(target.read_text(encoding="utf-8"))
    assert written["comments"] == 405
    assert written["unread"] == ["fr"]
    assert written["groups"][0]["name"].split(", ")[0] in written["groups"][0]["words"]
    assert written["groups"][0]["size"] == len(written["groups"][0]["comments"])
    assert written["groups"][0]["examples"][0]["id"].startswith("k")
    assert f"{written['unfitting']} of 405 comments fit no theme well" in said
    assert target.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty"),
        ("id,comment\n1,hello\n", "no column named text"),
        ("id,text\n1,hello\n1,there\n", "stands in an earlier row"),
        ("text\na,b\n", "more cells than the header"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_reason(
    tmp_path: Path, content: str, said: str
) -> None:
    (tmp_path / "in.csv").write_text(content)
    with pytest.raises(ValueError, match=said):
        run_discover(tmp_path / "in.csv", tmp_path / "out.json")
    assert not (tmp_path / "out.json").exists()


def test_odd_texts_go_through(tmp_path: Path, coder: Coder) -> None:
    odd = ["x" * 100_000, "<b>", "=1+1", "\U0001f600" * 50, "\u0645\u0631\u062d\u0628\u0627", "-"]
    comments = [Comment(str(n), text) for n, text in enumerate(odd * 5)]
    found = discover(coder.code(comments), comments)
    assert found.comments == 30
