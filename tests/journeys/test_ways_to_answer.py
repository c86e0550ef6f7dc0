"""Every way to answer in a real browser: by finger, by keyboard, without JavaScript, read aloud."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import Engine
from sqlmodel import Session, select

from backend.entry import service as entry
from backend.entry.models import ContributorSession
from backend.entry.sessions import open_session
from backend.settings import Settings
from backend.surveys import catalogue, service
from backend.surveys.models import Answer
from tests.journeys.demos import PATIENCE_MS, PHONE
from tests.journeys.looks import Look
from tests.journeys.ways import follow
from tests.offline.served import Served, serving
from tests.surveys.way_instruments import PLACES, write_ways

Open = Callable[..., Page]
# What a device's own voice is to a page; it keeps what it was asked to say.
VOICE = """
const said = [];
const speech = {
  said, stops: 0, getVoices: () => VOICES, addEventListener() {},
  speak(one) { said.push([one.text, one.lang]); }, cancel() { this.stops += 1; },
};
Object.defineProperty(window, "speechSynthesis", { value: speech });
window.SpeechSynthesisUtterance = function (text) { this.text = text; };
"""
ON_DEVICE = '[{ lang: "fr-FR", localService: true }, { lang: "en_GB", localService: true }]'
ELSEWHERE = '[{ lang: "en-GB", localService: false }, { lang: "fr-FR", localService: true }]'


@pytest.fixture
def served(
    sqlite_engine: Engine, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Served]:
    """Heard with the one instrument that asks in every way."""
    monkeypatch.setattr(catalogue, "SURVEYS", write_ways(tmp_path / "surveys"))
    with serving(sqlite_engine, settings) as served:
        yield served


@pytest.fixture
def open_at(served: Served, browser: Browser) -> Iterator[Open]:
    """Opens the question of a type on a small phone of a child who is let in and alone."""
    contexts: list[BrowserContext] = []
    with Session(served.engine) as session:
        token = open_session(session, served.child.contributor.id or 0, how="code", is_known=True)
        session.flush()
        first = begin_alone(session, served)
        session.commit()

    def open_page(kind: str, *, script: str = "", **options: Any) -> Page:
        context = browser.new_context(
            base_url=served.base_url, viewport=PHONE, locale="en-GB", **options
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        cookie = {"name": entry.COOKIE, "value": token, "domain": "127.0.0.1", "path": "/me"}
        context.add_cookies([cookie])  # type: ignore[list-item]
        if script:
            context.add_init_script(script)
        page = context.new_page()
        page.goto(first)
        if PLACES[kind] > 1:
            page.goto(page.url.removesuffix("1") + str(PLACES[kind]))
        return page

    yield open_page
    for context in contexts:
        context.close()


def begin_alone(session: Session, served: Served) -> str:
    """The child says that nobody is beside them; the address of the first question."""
    cid = served.child.cid
    response = service.begin_response(session, served.child.contributor.id or 0, cid)
    (visit,) = session.exec(select(ContributorSession.id))
    service.sit_down(session, response, session_id=visit or 0, beside=service.Beside())
    topic = service.begin_topic(session, response, "ways", session_id=visit)
    return f"{served.child.address}/{topic.id}/1"


def kept(served: Served) -> dict[str, Any]:
    """What stands in the database, by question."""
    with Session(served.engine) as session:
        return {one.question_id: one.value for one in session.exec(select(Answer))}


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there, as somebody does who has only a keyboard."""
    for _ in range(60):
        if page.evaluate("one => document.activeElement?.matches(one)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by Tab")


def go_on(page: Page) -> None:
    """To the next question by keyboard alone."""
    before = page.url
    tab_to(page, "main button.primary")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != before)


def test_every_way_to_answer_works_by_keyboard_alone(served: Served, open_at: Open) -> None:
    page = open_at("faces")
    for presses in ("ArrowRight ArrowRight ArrowRight", "ArrowDown", "ArrowRight ArrowLeft"):
        tab_to(page, "main fieldset input[type=radio]")
        for press in presses.split():
            page.keyboard.press(press)
        go_on(page)
    tab_to(page, "main fieldset input[type=radio]")
    page.keyboard.press("ArrowRight")
    go_on(page)
    tab_to(page, "main input[value=sometimes]")
    page.keyboard.press("Space")
    go_on(page)
    for box, words in (("main input[type=text]", "Chess"), ("main textarea", "A dog\nplease")):
        tab_to(page, box)
        page.keyboard.insert_text(words)
        go_on(page)
    tab_to(page, "main input[value=dad]")
    page.keyboard.press("Space")
    tab_to(page, "main textarea")
    page.keyboard.insert_text("Aunt Bea")
    go_on(page)
    for part, digits in (("day", "24"), ("month", "12"), ("year", "2026")):
        tab_to(page, f"main input[name$=_{part}]")
        page.keyboard.insert_text(digits)
    go_on(page)
    tab_to(page, "main textarea")
    page.keyboard.insert_text("A bed and a lamp")
    go_on(page)
    assert page.url.endswith("/end")
    values = kept(served)
    assert values["way.agree"] in ("yes", "no")
    assert values["way.how_much"] in range(11)
    assert values["way.often"] == ["sometimes"]
    assert values["way.short"] == "Chess"
    assert values["way.long"] == "A dog\nplease"
    assert values["way.who"] == {"picked": ["dad"], "people_others": ["Aunt Bea"]}
    assert values["way.day"] == "2026-12-24"
    assert values["way.drawn"] == {"strokes": [], "words": "A bed and a lamp"}
    assert len(values) == 10


def test_every_way_to_answer_works_without_javascript(served: Served, open_at: Open) -> None:
    page = open_at("faces", java_script_enabled=False)
    following = page.get_by_role("button", name="Next", exact=True)
    for label in ("Happy", "I'd rather not say", "7", "At school", "Never"):
        page.get_by_label(label, exact=True).check()
        follow(following)
    page.get_by_label("What is your best game?").fill("Chess")
    follow(following)
    page.get_by_label("What else?").fill("Nothing")
    follow(following)
    page.get_by_label("Mum").check()
    page.get_by_label("Someone else? Write their name").first.fill("Aunt Bea\nCoach Ray")
    follow(following)
    for label, digits in (("Day", "24"), ("Month", "12"), ("Year", "2026")):
        page.get_by_label(label, exact=True).fill(digits)
    follow(following)
    expect(page.locator("[data-pad]")).to_be_hidden()
    expect(page.get_by_role("button", name="Undo")).to_be_hidden()
    expect(page.get_by_role("button", name="Listen")).to_be_hidden()
    page.get_by_label("Write what you would draw").fill("My bed")
    follow(following)
    values = kept(served)
    assert values["way.agree"] == "rather_not"
    assert values["way.how_much"] == 7
    assert values["way.who"]["people_others"] == ["Aunt Bea", "Coach Ray"]
    assert values["way.drawn"]["words"] == "My bed"


def draw(page: Page, *points: tuple[float, float]) -> None:
    """One line through these parts of the sheet."""
    box = page.locator("[data-pad] svg").bounding_box()
    assert box
    spots = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*spots[0])
    page.mouse.down()
    for spot in spots[1:]:
        page.mouse.move(*spot, steps=4)
    page.mouse.up()


def test_a_drawing_is_drawn_undone_cleared_kept_and_drawn_again(
    served: Served, open_at: Open
) -> None:
    page = open_at("drawing")
    page.locator("[data-pad]").scroll_into_view_if_needed()
    lines = page.locator("[data-pad] path")
    draw(page, (0.1, 0.9), (0.1, 0.5), (0.5, 0.1), (0.9, 0.5))
    page.get_by_role("button", name="Thick line").click()
    draw(page, (0.5, 0.5))
    expect(lines).to_have_count(2)
    page.get_by_role("button", name="Clear").click()
    expect(lines).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(lines).to_have_count(2)
    draw(page, (0.2, 0.2), (-0.4, 0.3))
    page.get_by_role("button", name="Undo").click()
    expect(lines).to_have_count(2)
    address = page.url
    follow(page.get_by_role("button", name="Next"))
    drawn = kept(served)["way.drawn"]
    assert [len(line) for line in drawn["strokes"]][1] == 1
    assert drawn["widths"] == [2, 3]
    assert drawn["strokes"][0][0] == [100, 900]
    picture = page.get_by_role("img", name="Your drawing")
    expect(picture.locator("path")).to_have_count(2)
    page.goto(address)
    expect(lines).to_have_count(2)
    page.get_by_role("button", name="Undo").click()
    page.get_by_label("Or write what you would draw").fill("The roof of my room")
    follow(page.get_by_role("button", name="Next"))
    assert [len(kept(served)["way.drawn"][key]) for key in ("strokes", "words")] == [1, 19]
    plain = open_at("drawing", java_script_enabled=False)
    expect(plain.locator("[data-pad] path")).to_have_count(1)
    follow(plain.get_by_role("button", name="Next", exact=True))
    assert len(kept(served)["way.drawn"]["strokes"]) == 1


def test_a_full_sheet_takes_no_more_and_says_so(served: Served, open_at: Open) -> None:
    page = open_at("drawing")
    full = json.dumps({"strokes": [[[5, 5]]] * 400})
    page.locator("[data-strokes]").evaluate("(one, value) => { one.value = value; }", full)
    follow(page.get_by_role("button", name="Next"))
    page.go_back()
    page.reload()
    expect(page.get_by_text("The sheet is full.")).to_be_visible()
    draw(page, (0.2, 0.2), (0.6, 0.6))
    expect(page.locator("[data-pad] path")).to_have_count(400)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("The sheet is full.")).to_be_hidden()
    draw(page, (0.2, 0.2), (0.6, 0.6))
    follow(page.get_by_role("button", name="Next"))
    assert len(kept(served)["way.drawn"]["strokes"]) == 400


def test_a_question_and_its_answers_are_read_aloud_only_when_asked(open_at: Open) -> None:
    page = open_at("yes_no", script=VOICE.replace("VOICES", ON_DEVICE))
    assert page.evaluate("speechSynthesis.said") == []
    button = page.get_by_role("button", name="Listen")
    button.click()
    said = page.evaluate("speechSynthesis.said")
    assert said == [
        ["Do you like swimming?", "en_GB"],
        ["Yes", "en_GB"],
        ["No", "en_GB"],
        ["I'm not sure", "en_GB"],
        ["I'd rather not say", "en_GB"],
    ]
    stops = page.evaluate("speechSynthesis.stops")
    page.get_by_role("button", name="Stop").click()
    expect(button).to_be_visible()
    assert page.evaluate("speechSynthesis.stops") == stops + 1
    button.click()
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    assert page.evaluate("speechSynthesis.stops") == stops + 2


@pytest.mark.parametrize("voices", [ELSEWHERE, "[]"])
def test_no_button_is_shown_where_no_voice_on_the_device_speaks_the_language(
    voices: str, open_at: Open
) -> None:
    page = open_at("faces", script=VOICE.replace("VOICES", voices))
    expect(page.get_by_role("button", name="Next")).to_be_visible()
    expect(page.locator("[data-listen]")).to_be_hidden()


def test_every_way_to_answer_is_clean_to_axe_and_wide_enough_for_a_finger(open_at: Open) -> None:
    look = Look("a child")
    voice = VOICE.replace("VOICES", ON_DEVICE)
    page = open_at("faces", script=voice, reduced_motion="reduce")
    look.listen(page)
    base = page.url.removesuffix("1")
    for kind, place in PLACES.items():
        page.goto(f"{base}{place}")
        page.locator("details.reach > summary").click()
        look.at(page, kind, dark=kind in ("scale", "drawing"))
    look.check(least=len(PLACES))


def test_what_a_child_drew_is_a_picture_with_its_words_on_the_childs_past_page(
    served: Served, open_at: Open
) -> None:
    page = open_at("drawing")
    page.locator("[data-pad]").scroll_into_view_if_needed()
    draw(page, (0.1, 0.1), (0.9, 0.9))
    page.get_by_label("Or write what you would draw").fill("My bed")
    follow(page.get_by_role("button", name="Next"))
    topic = int(page.url.split("/")[-2])
    with Session(served.engine) as session:
        service.send_topic(session, topic)
        session.commit()
    page.goto(page.url.removesuffix("/end"))
    picture = page.get_by_role("img", name="Your drawing")
    expect(picture.locator("path")).to_have_count(1)
    expect(picture.locator("desc")).to_have_text("My bed")
