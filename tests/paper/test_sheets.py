"""Every form prints in every language that it has, as a tagged PDF, whatever stands in a name."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, example, given, settings, strategies
from pypdf import PdfReader
from pypdf.generic import DictionaryObject
from sqlmodel import Session

from backend.commands.paper import print_blank
from backend.core.access.permissions import Kind, Role
from backend.paper import drawings, fonts, printing
from backend.paper.models import PaperSheet
from backend.paper.printing import Paper, print_paper
from backend.surveys import service as forms
from tests.factories import make_staff, sign_in
from tests.paper.papers import print_sheet
from tests.surveys.rounds import open_round

pytestmark = pytest.mark.usefixtures("noon")
HARD_NAMES = {
    "iro": "Zoë 👩‍⚖️ O’Brien-Łuczak",
    "worker": "بدر الدين 🫠",
    "home": "ቤት \U0001f3e1 中",
    "child": "Nguyễn \ue000\u0378",
    "me": "\u202eabc\u0007\n",
}
EVERY = [
    (form.id, language, form.kinds[0])
    for form in forms.blank_forms()
    for language in form.languages
]
CODE = "CDFG-7MNP"
NUMBERS = [("Childline", "0800 1111", "Any time")]


def printed(instrument_id: str, language: str, kind: Kind, **values: Any) -> PdfReader:
    """A sheet with everything on it, read back."""
    sheet = forms.sheet_of(instrument_id, language, names=values.pop("names", HARD_NAMES))
    address = f"https://heard.example/staff/paper?code={CODE}"
    paper = Paper(sheet, kind, **({"code": CODE, "address": address, "numbers": NUMBERS} | values))
    return PdfReader(io.BytesIO(print_paper(paper)))


def text_of(reader: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages)


def structure_of(reader: PdfReader) -> list[str]:
    """The kinds of every element of the document's structure, in order."""
    found: list[str] = []

    def walk(node: Any) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for one in node:
                walk(one)
        elif isinstance(node, DictionaryObject):
            if "/S" in node and node.get("/Type") in (None, "/StructElem"):
                found.append(str(node["/S"]))
            walk(node.get("/K", []))

    walk(reader.trailer["/Root"]["/StructTreeRoot"])
    return found


@pytest.mark.parametrize(("instrument_id", "language", "kind"), EVERY)
def test_a_form_prints_in_its_languages_and_says_what_it_is(
    instrument_id: str, language: str, kind: Kind
) -> None:
    reader = printed(instrument_id, language, kind)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == language
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    direction = "/R2L" if language in ("ar", "ps", "prs", "ckb") else "/L2R"
    assert root["/ViewerPreferences"]["/Direction"] == direction
    about = root["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in about
    width, height = (float(side) for side in reader.pages[0].mediabox[2:])
    assert (round(width), round(height)) == (595, 842)
    for page in reader.pages:
        assert CODE in page.extract_text()


def test_every_question_stands_on_the_sheet_once_with_its_number() -> None:
    names = {"iro": "Maria", "worker": "Sam", "home": "home"}
    sheet = forms.sheet_of("before-my-review-8-11", "en", names=names)
    reader = printed("before-my-review-8-11", "en", Kind.CHILD, names=names)
    text = " ".join(text_of(reader).split())
    for asked in sheet.questions.values():
        assert asked.text in text, asked.id
        for option in asked.options:
            assert option.text in text
    kinds = structure_of(reader)
    assert kinds.count("/H1") == 1
    assert kinds.count("/H3") == len(sheet.questions)
    assert kinds.count("/H2") >= len(sheet.topics)
    assert "/Table" in kinds
    assert "/Figure" in kinds


def test_a_childs_sheet_says_who_reads_it_and_where_it_goes() -> None:
    names = {"iro": "Maria Okafor", "worker": "Sam Whitlock"}
    reader = printed("before-my-review-8-11", "en", Kind.CHILD, names=names)
    text = " ".join(text_of(reader).split())
    for said in (
        "Maria Okafor reads this. Sam Whitlock does too, if you do not say no.",
        "The people you live with do not get to see it.",
        "If someone may get hurt, they must tell people who can help.",
        "Put all of it in an envelope.",
        "Not safe, or can’t wait?",
        "0800 1111",
        "Someone who lives or works in my home helps me",
    ):
        assert said in text, said


def test_what_is_for_the_lead_alone_is_on_a_page_of_its_own() -> None:
    names = {"iro": "Maria", "worker": "Sam"}
    sheet = forms.sheet_of("before-my-review-8-11", "en", names=names)
    (private,) = [one for one in sheet.questions.values() if one.is_for_lead]
    reader = printed("before-my-review-8-11", "en", Kind.CHILD, names=names)
    *others, last = [" ".join(page.extract_text().split()) for page in reader.pages]
    assert private.text in last
    assert "Put it in an envelope" in last
    assert all(private.text not in page for page in others)
    assert all(one.text not in last for one in sheet.questions.values() if one.id != private.id)


def test_an_adults_sheet_has_no_small_boxes() -> None:
    text = text_of(printed("about-this-home-carer", "en", Kind.CARER))
    assert "In my meeting" not in text
    assert "Heard does not show it to the child" in " ".join(text.split())


def test_a_character_that_no_font_draws_stands_as_its_number() -> None:
    names = HARD_NAMES | {"child": "Mei 中文 \ue000"}
    text = text_of(printed("about-this-home-carer", "en", Kind.CARER, names=names))
    assert "U+4E2D" in text
    assert "U+E000" in text


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(strategies.text(min_size=1, max_size=30))
@example("\U00013430")  # a control that the message of the printer spells out
def test_no_name_stops_a_sheet(name: str) -> None:
    names = dict.fromkeys(("iro", "worker", "home", "child", "me"), name)
    assert printed("keep-in-touch", "en", Kind.CARE_LEAVER, names=names).pages


def test_a_character_that_only_the_printer_knows_it_cannot_draw_is_boxed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # As when a font's table promises more than its shapes hold.
    monkeypatch.setattr(fonts, "is_drawn", lambda letter: True)
    names = HARD_NAMES | {"child": "Mei 中文"}
    text = text_of(printed("about-this-home-carer", "en", Kind.CARER, names=names))
    assert "U+4E2D" in text


def test_the_fonts_cover_every_word_of_every_form_and_language() -> None:
    for form in forms.blank_forms():
        for language in form.languages:
            sheet = forms.sheet_of(form.id, language)
            paper = Paper(sheet, form.kinds[0], numbers=NUMBERS)
            boxes = str(printing.values_of(paper, ())).count("'box':")
            assert boxes == 0, (form.id, language)


def test_symbols_and_faces_are_those_of_the_screens() -> None:
    assert drawings.symbol("house").count("<path") == 1
    assert drawings.face("happy") != drawings.face("sad")
    with pytest.raises(KeyError):
        drawings.symbol("no-such-symbol")
    with pytest.raises(KeyError):
        drawings.face("no-such-face")


def test_staff_print_a_sheet_and_its_file_names_nobody(
    client: TestClient, app_session: Session
) -> None:
    round_ = open_round(app_session)
    sheet_id = print_sheet(app_session, round_)
    code = app_session.get_one(PaperSheet, sheet_id).code
    sign_in(client, app_session, round_.iro)
    answer = client.get(f"/staff/paper/{sheet_id}/sheet.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"] == f'inline; filename="sheet-{code}.pdf"'
    text = text_of(PdfReader(io.BytesIO(answer.content)))
    assert code in text
    assert round_.iro.name in text
    assert round_.person.known_as not in text


def test_a_blank_sheet_has_no_code_and_stands_in_for_names(
    client: TestClient, app_session: Session
) -> None:
    sign_in(client, app_session, make_staff(app_session, Role.PARTICIPATION_OFFICER))
    answer = client.get("/staff/paper/blank/before-my-review-8-11.pdf?lang=en")
    text = " ".join(text_of(PdfReader(io.BytesIO(answer.content))).split())
    assert "The person who runs your meeting reads this." in text
    assert "Code:" in text
    for address in ("before-my-review-8-11.pdf?lang=xx", "no-such-form.pdf"):
        assert client.get(f"/staff/paper/blank/{address}").status_code == 404


def test_the_command_prints_a_blank_sheet_or_says_that_there_is_none(tmp_path: Path) -> None:
    out = tmp_path / "sheet.pdf"
    assert print_blank("keep-in-touch", language="en", out=out) == 0
    assert PdfReader(out).trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert print_blank("keep-in-touch", language="tlh", out=tmp_path / "no.pdf") == 1
    assert not (tmp_path / "no.pdf").exists()


def test_a_sheet_of_chosen_topics_is_short_and_the_page_to_choose_on_is_one(tmp_path: Path) -> None:
    out, form = tmp_path / "sheet.pdf", "before-my-review-8-11"
    print_blank(form, language="en", out=out)
    assert len(PdfReader(out).pages) <= 10
    assert print_blank(form, language="en", out=out, topics=["home", "school"]) == 0
    reader = PdfReader(out)
    # Two topics fill four pages, beside the one for the envelope.
    assert len(reader.pages) <= 5
    assert "My plan" not in text_of(reader)
    assert print_blank(form, language="en", out=out, is_cover=True) == 0
    (page,) = PdfReader(out).pages
    assert "What do you want to talk about?" in " ".join(page.extract_text().split())
    assert print_blank(form, language="en", out=out, topics=["no-such-topic"]) == 1


@pytest.mark.parametrize(("is_large", "least"), [(False, 12), (True, 16)])
def test_a_young_person_reads_nothing_that_is_small(is_large: bool, least: int) -> None:
    # Only the footer, the letters beside the boxes and what is for the office are smaller.
    for form in forms.blank_forms():
        if form.kinds[0] is not Kind.CHILD:
            continue
        sheet = forms.sheet_of(form.id, "en")
        paper = Paper(sheet, form.kinds[0], numbers=NUMBERS, is_large=is_large)
        reader = PdfReader(io.BytesIO(print_paper(paper)))
        small = set()

        def look(text: str, _: Any, at: Any, __: Any, size: float, small: set[str] = small) -> None:
            if size * abs(at[3]) < least - 0.1 and text.strip():
                small.add(text.strip())

        for page in reader.pages:
            page.extract_text(visitor_text=look)
        office = re.compile(r"[a-z0-9]|\d+|Heard|U\+.*|.*\d+.*\d+.*")
        assert {one for one in small if not office.fullmatch(one)} == set(), form.id
