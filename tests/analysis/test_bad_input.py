"""Nothing that a file or a comment can hold stops the tool: it codes, or says what is wrong."""

from __future__ import annotations

import csv
import io
import json
import time
from pathlib import Path

import pytest

from analysis.coder.coding import Coder, Comment
from analysis.commands import main

LONG = 100_000
TEXTS = {
    "empty": "",
    "blank": " \t\n ",
    "nothing": "nothing",
    "nul": "my school \x00 is \x00 fine",
    "control": "my school\x07\x1b[31m is red\x7f",
    "emoji": "\U0001f600\U0001f62d\u2764\ufe0f\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "emoji and words": "my school \U0001f600 is great",
    "marks over marks": "h" + "\u0301\u0323" * 400 + "ello my school is great",
    "right to left": "\u202emy school is great\u202c",
    "no width": "my\u200b school\u200b is\ufeff great",
    "arabic": "\u0623\u0631\u064a\u062f \u0623\u0646 \u0623\u0631\u0649 \u0623\u0645\u064a",
    "chinese": "\u6211\u60f3\u56de\u5bb6",
    "html": "<p onclick='x()'>My <b>school</b> is &amp; stays <script>alert(1)</script></p>",
    "open tag": "<" * 500 + "my school is great",
    "entities": "&lt;b&gt; my school &#x110000; &#xd800; &nope; &amp;amp;",
    "formula": '=HYPERLINK("http://x.example","my school")',
    "command": "=cmd|' /C calc'!A0",
    "plus": "+44 7700 900123 is my number",
    "percent": "%s %d {0} {x} ${x} \\x \\u0000",
    "yaml": "- !!python/object/apply:os.system ['true']",
    "lines": "my school\r\nis great\r\rand\x0bso\x0con\u2028and on",
    "quotes": '"my" \'school\' "" is `great`',
    "surrogate": "my school \ud83d is odd \udc80",
    "numbers": "12345 67890 3.14 1e999",
    "one letter": "a",
    "full width": "\uff4d\uff59 \uff53\uff43\uff48\uff4f\uff4f\uff4c",
}
LONG_TEXTS = {
    "one letter": "a" * LONG,
    "words": "my school is great " * (LONG // 19),
    "no ends": "i want to go home and " * (LONG // 22),
    "questions": "can i? " * (LONG // 7),
    "digits": "7" * LONG,
    "numbers": "07700 900123 " * (LONG // 13),
    "blanks": " " * LONG,
    "blanks and a word": " " * (LONG // 2) + "school" + " " * (LONG // 2),
    "lines": "\n" * LONG,
    "dots": "." * LONG,
    "brackets": "<" * LONG,
    "tags": "<b>x</b>" * (LONG // 8),
    "entities": "&amp;" * (LONG // 5),
    "negators": "not " * (LONG // 4),
    "near harm": "he hit a hit a hi t " * (LONG // 20),
    "emoji": "\U0001f62d" * LONG,
    "chinese": "\u6211\u60f3\u56de\u5bb6" * (LONG // 4),
    "marks over marks": "e\u0301" * (LONG // 2),
    "capitals": "Ab " * (LONG // 3),
    "at signs": "a@" * (LONG // 2),
}


@pytest.mark.parametrize("name", TEXTS)
def test_any_text_is_coded_or_honestly_left(coder: Coder, name: str) -> None:
    [coded] = coder.code([Comment("1", TEXTS[name], audience="no such", question=TEXTS[name])])
    assert coded.urgency in ("none", "soon", "now", "unread")
    assert coded.sentiment in ("positive", "negative", "mixed", "neutral", None)
    assert 0 <= coded.confidence <= 1
    assert len(coded.themes) <= 4


@pytest.mark.parametrize("name", LONG_TEXTS)
def test_a_hundred_thousand_characters_of_any_kind_are_coded_in_seconds(
    coder: Coder, name: str
) -> None:
    began = time.process_time()
    [coded] = coder.code([Comment("1", LONG_TEXTS[name])])
    assert time.process_time() - began < 8
    assert len(coded.themes) <= 4


def test_what_stands_at_the_very_end_of_a_long_text_is_read(coder: Coder) -> None:
    text = "we went to the park and had chips. " * (LONG // 35) + "my foster dad hits me"
    [coded] = coder.code([Comment("1", text)])
    assert coded.urgency == "now"


def test_a_file_of_odd_texts_keeps_every_row_in_its_place(tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    written = {name: text for name, text in TEXTS.items() if name != "surrogate"}
    with source.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "text"])
        rows.writerows(written.items())
    assert main(["code", str(source), str(target)]) == 0
    with target.open(encoding="utf-8", newline="") as file:
        coded = list(csv.DictReader(file))
    assert [row["id"] for row in coded] == list(written)
    assert [row["text"] for row in coded] == list(written.values())
    assert coded[list(written).index("arabic")]["urgency"] == "unread"
    assert "formula" in coded[list(written).index("command")]["note"]


@pytest.mark.parametrize(
    "content",
    [
        b"text\n\xff\xfe\x81 my school\n",
        b"text\nmy school \xed\xa0\xbd is odd\n",
        "text\nich m\u00f6chte meine Mutter sehen\n".encode("cp1252"),
        b"text\r\nmy school\r\n\r\n\r\nis great\r\n",
        b"text\rmy school\ris great\r",
        b"\xef\xbb\xbftext\nmy school\n",
        b'text\n"my school\nis great\n',
        b"text,\nmy school,\n",
    ],
)
def test_a_file_in_an_odd_encoding_or_with_odd_lines_is_coded(
    tmp_path: Path, content: bytes
) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(content)
    assert main(["code", str(source), str(target)]) == 0
    assert len(list(csv.DictReader(io.StringIO(target.read_text(encoding="utf-8"))))) >= 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\n\n\n", "is empty"),
        (b"\x00" * 500, "no column named text"),
        (b"PK\x03\x04" + bytes(range(256)) * 4, ""),
        ("text\nhello\n".encode("utf-16"), "no column named text"),
        (b"Text\nhello\n", "no column named text; it has Text"),
        (b"comment;text\nhello;you\n", "no column named text"),
        (b"id,text\n1,hello,too,many\n", "row 1 has more cells than the header"),
    ],
)
@pytest.mark.parametrize("command", ["code", "evaluate", "discover", "train"])
def test_a_file_that_cannot_be_used_is_refused_by_every_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, said: str, command: str
) -> None:
    source, book = tmp_path / "in.csv", tmp_path / "book.yaml"
    source.write_bytes(content)
    book.write_text("themes: [home, fun]\n")
    out = str(tmp_path / "out")
    arguments = {
        "code": [str(source), out],
        "evaluate": [str(source)],
        "discover": [str(source), out],
        "train": [str(source), "--codebook", str(book), "--out", out],
    }
    assert main([command, *arguments[command]]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "Traceback" not in told
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("text\nhello\n", "themes"),
        ("text,themes\n", "no rows"),
        ("text,themes\nhello,cooking\n", "cooking"),
        ("text,themes,urgency\nhello,,later\n", "urgency in row 2 is 'later'"),
        ("text,themes,ask\nhello,,perhaps\n", "ask in row 2 is 'perhaps'"),
    ],
)
def test_labels_that_cannot_be_measured_on_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, said: str
) -> None:
    source = tmp_path / "labelled.csv"
    source.write_text(content)
    assert main(["evaluate", str(source)]) == 2
    assert said in capsys.readouterr().err


def test_a_file_with_some_labels_is_measured_on_those(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "labelled.csv"
    odd = "\n".join(f'"{text}",education' for text in ("", "<b>school</b>", "\u6211\u60f3"))
    source.write_text(f"text,themes\nI like my school,education\n{odd}\n", encoding="utf-8")
    assert main(["evaluate", str(source)]) == 0
    told = capsys.readouterr().out
    assert "4 comments, 1 not read" in told
    assert "not labelled" in told
    assert main(["evaluate", str(source), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["sentiment"] is None
    assert found["themes"]["education"]["n"] == 4
