"""A review on paper: tagged, whole, on one side when it fits, and stopped by no character."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies
from pypdf.generic import DictionaryObject
from sqlmodel import Session, select

from backend.core import clock
from backend.core.audit import AuditEvent
from backend.core.languages import languages
from backend.exports import service
from backend.exports.clearance import Place
from backend.exports.record_sheets import record_sheet
from backend.exports.records import Entry, EntryPart, Record
from backend.exports.sheets import Made, frame
from backend.exports.typeset_values import Setter, is_right_to_left
from backend.paper import service as paper
from tests.exports.writing import read, text_of, tick, words, write
from tests.safeguarding.cases import Around, make_case
from tests.summaries.test_review_page import make_full

pytestmark = pytest.mark.usefixtures("noon")
MILLIMETRE = 72 / 25.4  # points
LONG = "".join(f"word{number} " for number in range(1_250))[:10_000]
HARD = "Zoë 👩‍⚖️ \ue000 中文 بدر ቤት \u202eabc\u202c \x07 e\u0301\u0378"


def kinds_of(content: bytes) -> list[str]:
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

    walk(read(content).trailer["/Root"]["/StructTreeRoot"])
    return found


def prints_of(session: Session, case: Around) -> dict[str, bytes]:
    """Every print of one review."""
    review = case.review.id or 0
    taken = service.take_out(session, case.iro, review, place=Place.RECORD, how="pdf")
    assert taken is not None
    return {
        "meeting": service.print_meeting_sheet(session, case.iro, review),
        "lead": service.print_for_lead(session, case.iro, review),
        "record": taken.pdf,
    }


def test_every_print_is_tagged_a4_and_says_what_it_is(session: Session) -> None:
    case = make_case(session)
    words(session, case, "I want to see nan", is_ticked=True)
    for name, content in prints_of(session, case).items():
        reader = read(content)
        root = reader.trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"]
        assert root["/Lang"] == "en"
        assert root["/ViewerPreferences"]["/DisplayDocTitle"]
        assert "<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data().decode()
        assert case.person.known_as in (reader.metadata or {})["/Title"]
        width, height = (float(side) for side in reader.pages[0].mediabox[2:])
        assert (round(width), round(height)) == (595, 842)
        kinds = kinds_of(content)
        assert kinds.count("/H1") == 1, name
        assert "/H2" in kinds
        assert len(reader.pages) == 1, name
        assert "I want to see nan" in text_of(content), name


def test_each_side_of_the_leads_paper_says_for_whom_who_printed_it_and_when(
    session: Session,
) -> None:
    case = make_case(session)
    words(session, case, LONG)
    reader = read(service.print_for_lead(session, case.iro, case.review.id or 0))
    assert len(reader.pages) >= 2
    for number, page in enumerate(reader.pages, start=1):
        text = " ".join(page.extract_text().split())
        assert text.count("IRO only") == 2  # across the page, and at its foot
        assert f"Printed by {case.iro.name}, 23 Nov 2026, 12:00" in text
        assert f"Page {number} of {len(reader.pages)}" in text
    meeting = text_of(service.print_meeting_sheet(session, case.iro, case.review.id or 0))
    assert "IRO only" not in meeting


def test_ten_thousand_characters_flow_on_whole_and_the_asks_stand_on_the_first_side(
    session: Session,
) -> None:
    case = make_case(session)
    words(session, case, LONG, is_ticked=True)
    for name, content in prints_of(session, case).items():
        text = text_of(content)
        assert all(word in text for word in LONG.split()), name
    first = read(prints_of(session, case)["lead"]).pages[0].extract_text()
    assert "My asks" in first
    assert first.index("My asks") < first.index("word1 ")


def smallest_letters(content: bytes) -> float:
    """The smallest size in points of any text on any side."""
    sizes: list[float] = []

    def note(text: str, matrix: Any, position: Any, font: Any, size: float) -> None:
        if text.strip():
            scale = abs(position[3] * matrix[3]) or abs(position[1] * matrix[1])
            sizes.append(size * scale)

    for page in read(content).pages:
        page.extract_text(visitor_text=note)
    return min(sizes)


def test_nothing_is_printed_under_ten_points(session: Session) -> None:
    case = make_case(session)
    words(session, case, LONG, is_ticked=True)
    for name, content in prints_of(session, case).items():
        assert smallest_letters(content) >= 9.99, name


def test_a_drawing_stands_as_lines_with_what_it_is_in_words(session: Session) -> None:
    case = make_case(session)
    case.person.date_of_birth = clock.today() - timedelta(days=365 * 9)
    session.flush()
    drawing = {"strokes": [[[10, 10], [900, 900]], [[5, 5]]], "words": "my dog"}
    topic = write(session, case, {"r8.else.draw": drawing}, "anything_else")
    tick(session, topic)
    for name, content in prints_of(session, case).items():
        assert "/Figure" in kinds_of(content), name
        assert len(read(content).pages[0].images) == 0, name  # vectors, no pixels
        assert "my dog" in text_of(content), name


def test_words_run_as_their_letters_do() -> None:
    assert is_right_to_left("مرحبا hello")
    assert not is_right_to_left("hello مرحبا")
    assert not is_right_to_left("123 …")
    lines = Setter(()).paragraphs("hello\nمرحبا")
    assert [line["is_rtl"] for line in lines] == [False, True]


def print_words(text: str, language: str = "en") -> bytes:
    """A record and a page with this text wherever words can stand."""
    entry = Entry(1, 1, text, text, text, True, text, language, None, text)
    record = Record(Place.RECORD, text, ((text, text),), (EntryPart(text, text, (entry,)),), (), "")
    content: bytes = paper.typeset("review.typ", lambda but: record_sheet(record, refused=but))
    return content


def test_hard_characters_stand_or_are_boxed_with_their_number() -> None:
    text = text_of(print_words(HARD))
    assert "U+E000" in text
    assert "U+4E2D" in text
    assert "Zoë" in text


@pytest.mark.parametrize("language", list(languages()))
def test_words_of_every_language_print_as_theirs(language: str) -> None:
    assert read(print_words("hello مرحبا ሰላም", language)).pages


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(strategies.text(max_size=60))
def test_no_text_stops_a_print(text: str) -> None:
    assert read(print_words(text)).pages

    def page(refused: Any) -> dict[str, Any]:
        say = Setter(refused)
        made = Made(text, clock.now())
        table = say.table([text, text], [[text, text]], marked=[True])
        main = [say.block(text, [say.bullets([text]), table, say.tap(question=text, choice=text)])]
        printed = say.runs(made.words)
        return frame(
            say, title=text, under=[text], main=main, aside=main, watermark=printed, printed=printed
        )

    assert read(paper.typeset("review.typ", page)).pages


def test_printing_is_audited_with_what_was_on_it_and_without_words(session: Session) -> None:
    case = make_case(session)
    words(session, case, "zqsecret", is_ticked=True)
    prints_of(session, case)
    events = session.exec(select(AuditEvent).where(AuditEvent.event == "review.printed")).all()
    assert [(one.details["sheet"], one.details["answers"]) for one in events] == [
        ("meeting", 1),
        ("leads_paper", 1),
    ]
    assert all(one.actor == case.iro.actor for one in events)
    assert "zqsecret" not in str([one.details for one in session.exec(select(AuditEvent))])


def test_six_voices_have_room_for_six_columns(session: Session) -> None:
    case = make_full(session)
    [page] = read(service.print_for_lead(session, case.iro, case.review.id or 0)).pages
    lefts: dict[str, float] = {}

    def note(text: str, matrix: Any, position: Any, font: Any, size: float) -> None:
        lefts[text.strip()] = position[4] * matrix[0] + matrix[4]

    page.extract_text(visitor_text=note)
    heads = [lefts[one] for one in ("Foster carer", "Provider's", "Worker")]
    assert all(later - sooner > 20 * MILLIMETRE for sooner, later in pairwise(heads)), heads
