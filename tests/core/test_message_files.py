"""The catalogues that ship: usable, in step with the pages, and honest about who checked what."""

import re
import sys

import pytest

from backend.commands.languages import messages, report, unchecked
from backend.core.catalogues import LOCALE, SAFETY, catalogue, catalogue_path
from backend.core.languages import SOURCE, languages
from backend.settings import ROOT

sys.path.insert(0, str(ROOT / "scripts"))
from extract_messages import template

OTHERS = [code for code in languages() if code != SOURCE]


def test_every_message_on_a_page_is_in_the_catalogues_that_translators_get() -> None:
    wanted = {message.id for message in template() if message.id}
    known = {message.id for message in messages()}
    assert wanted == known, "run `make messages`"


@pytest.mark.parametrize("code", OTHERS)
def test_no_translation_that_ships_is_refused(code: str) -> None:
    assert catalogue_path(code).exists()
    assert catalogue(code).refused == {}


def test_catalogues_name_no_machine_date_or_line() -> None:
    for path in LOCALE.rglob("messages.po*"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"POT-Creation-Date|PO-Revision-Date|Generated-By|^#: \S+:\d", text)
        assert str(ROOT) not in text


def test_whom_to_ring_and_who_reads_is_marked_as_safety() -> None:
    safety = {message.id for message in messages() if SAFETY in message.auto_comments}
    assert {"This is not safe", "Leave", "If someone is hurt, or in danger now."} <= safety
    assert "Who can see this?" in safety
    assert len(safety) >= 80


def test_the_command_says_what_a_person_must_still_check(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert report() == 0
    printed = capsys.readouterr().out
    assert "Tigrinya (ትግርኛ)" in printed
    assert "must be checked by a person" in printed
    assert re.search(r"pages: +\d+ of \d+ translated", printed)
    assert "before a council goes live" in unchecked() or "in every language" in unchecked()
