"""Holds the contributor macros and skeleton to what every page relies on."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import html5lib  # type: ignore[import-untyped]
import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from backend.core import easy_read, translations
from backend.core.style_sheets import StyleSheets

TEMPLATES = Path(__file__).parents[2] / "frontend" / "templates"
WORDS = {1: "Really bad", 2: "Not good", 3: "OK", 4: "Good", 5: "Really good"}
ASK = {
    "id": 7,
    "words": "a <b>dog</b>\nplease 😊",
    "asked_on": "3 March",
    "answer": "Not yet.",
    "answered_by": "Dee Marsh",
    "answered_on": "9 March",
    "action": "/me/asks/7",
}
TOPIC = {"id": "home", "title": "Where I live", "symbol": "house", "state": "done", "now": True}
JO = {"value": "carer", "text": "Jo"}
PARTS = {
    "faces": ("parts.faces('q', 'How is it?', 4, words)", "q"),
    "choice": ("parts.choice('q', 'Who?', [{'value': 'a', 'text': 'Me'}], 'a')", "q"),
    "choices": ("parts.choice('q', 'Who?', [{'value': 'a', 'text': 'Me'}], [], True)", "q"),
    "text": ("parts.text_box('q', 'What?', '<i>', hint='Say it', error='Write it')", "q"),
    "long text": ("parts.text_box('q', 'What?', '\nx', long=True, maxlength=500)", "q"),
    "scale": ("parts.scale('q', 'How much?', 0, 'Not at all', 'All the time')", "q"),
    "people": (
        "parts.people('q', 'Who?', [{'value': 'a', 'text': 'Me'}], [], ['<Bo>'], ['<Bo>'], '&')",
        "q",
    ),
    "drawing": (
        "parts.drawing('q', 'Draw', none, '{}', '<i>', {'strokes': 4, 'points': 9}, error='No')",
        "q",
    ),
    "date": ("parts.date_box('q', 'When?', 1, 2, '', error='Write the day')", "q"),
    "pictures": ("parts.picture_grid('q', 'Pick', ['boat', 'key', 'moon'])", "q"),
    "digits": ("parts.digits_box('q', 'Four numbers')", "q"),
    "topics": ("parts.topic_list([topic], 'What about?', name='q')", "q"),
}
OTHERS = {
    "visibility": "parts.visibility_choice('v', 'Amina', 'hide', people=[jo])",
    "progress": "parts.progress([topic])",
    "ask": "parts.ask_card(ask)",
    "errors": "parts.error_summary([{'text': 'Write it', 'href': '#q'}])",
    "quiet parts": "parts.primary('Go') ~ parts.secondary_link('Skip', '/x') ~ parts.notice('K.')",
}


@pytest.fixture(scope="module")
def templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader([TEMPLATES / "contributor", TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    environment.globals["static_url"] = lambda path: f"/static/{path}"
    environment.globals["safe"] = translations.safe
    environment.globals["phrase"] = translations.phrase
    environment.globals["is_easy_read"] = easy_read.is_easy_read
    return environment


def render_page(templates: Environment, expression: str, **extra: Any) -> str:
    """A whole page whose main part is one expression."""
    page = templates.from_string(
        '{% extends "contributor/base.html" %}{% import "contributor/parts.html" as parts %}'
        "{% block main %}<h1>Page</h1>{{ " + expression + " }}{% endblock %}"
    )
    values = {"lang": "en", "dir": "ltr", "help_url": "/h", "leave_url": "/l"} | extra
    values["help_card"] = {"numbers": [], "next": "today"}
    values["style_sheets"] = StyleSheets(are_fetched=True)
    values["foot_asks"] = lambda **_: []
    return page.render(words=WORDS, topic=TOPIC, ask=ASK, jo=JO, **values)


def parse_strictly(page: str) -> Element:
    """The page as a tree; a parse error fails the test that asked."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    tree: Element = parser.parse(page)
    return tree


def list_controls(tree: Element) -> Iterator[Element]:
    """Everything that somebody fills in; what a script fills in has no label and no place."""
    filled = (element for element in tree.iter() if element.tag in ("input", "textarea"))
    return (element for element in filled if element.get("type") != "hidden")


ALL = {name: expression for name, (expression, _) in PARTS.items()} | OTHERS


@pytest.mark.parametrize("name", ALL)
def test_a_part_is_valid_labelled_and_has_unique_ids(templates: Environment, name: str) -> None:
    tree = parse_strictly(render_page(templates, ALL[name], not_safe_url="/n", back_url="/b"))
    ids = [element.attrib["id"] for element in tree.iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids))
    labels = {element.attrib["for"] for element in tree.iter("label")}
    controls = list(list_controls(tree))
    assert {control.attrib["id"] for control in controls} == labels
    for element in tree.iter():
        referred = f"{element.get('aria-describedby', '')} {element.get('aria-labelledby', '')}"
        assert set(referred.split()) <= set(ids)


@pytest.mark.parametrize("name", PARTS)
def test_an_error_link_reaches_the_first_control(templates: Environment, name: str) -> None:
    expression, field = PARTS[name]
    controls = list(list_controls(parse_strictly(render_page(templates, expression))))
    assert controls[0].attrib["id"] == field


def test_no_part_and_no_page_carries_inline_script_or_style(templates: Environment) -> None:
    for expression in ALL.values():
        tree = parse_strictly(render_page(templates, expression))
        for element in tree.iter():
            assert element.tag != "style"
            assert not [key for key in element.attrib if key == "style" or key.startswith("on")]
            assert element.tag != "script" or "src" in element.attrib


def test_own_words_are_shown_exactly_and_never_as_markup(templates: Environment) -> None:
    tree = parse_strictly(render_page(templates, "parts.ask_card(ask)"))
    quoted = tree.find(".//blockquote")
    assert quoted is not None
    assert quoted.text == ASK["words"]
    box = parse_strictly(render_page(templates, PARTS["long text"][0])).find(".//textarea")
    assert box is not None
    assert box.text == "\nx"


def test_chosen_pictures_are_never_shown_again(templates: Environment) -> None:
    tree = parse_strictly(render_page(templates, PARTS["pictures"][0]))
    radios = list(list_controls(tree))
    assert {radio.attrib["name"] for radio in radios} == {"q_1", "q_2", "q_3"}
    assert len(radios) == 9
    assert not [radio for radio in radios if "checked" in radio.attrib]


def test_the_digits_of_a_secret_are_never_offered_to_the_phones_password_store(
    templates: Environment,
) -> None:
    (box,) = list_controls(parse_strictly(render_page(templates, PARTS["digits"][0])))
    assert (box.attrib["type"], box.attrib["autocomplete"]) == ("text", "off")
    assert box.attrib["value"] == ""


def test_the_page_says_nothing_of_itself_in_its_title(templates: Environment) -> None:
    tree = parse_strictly(render_page(templates, ALL["ask"]))
    assert tree.findtext(".//title") == "Heard"


def test_not_safe_is_a_form_of_its_own_on_the_page(templates: Environment) -> None:
    tree = parse_strictly(render_page(templates, ALL["faces"], not_safe_url="/me/not-safe"))
    (form,) = [f for f in tree.iter("form") if f.get("action") == "/me/not-safe"]
    assert form.attrib["method"] == "post"
    assert list(form) == []
    (alarm,) = [b for b in tree.iter("button") if b.get("formaction") == "/me/not-safe"]
    assert alarm.attrib["form"] == form.attrib["id"]


def test_not_safe_takes_along_what_stands_in_a_questions_own_form(templates: Environment) -> None:
    page = render_page(
        templates, ALL["faces"], not_safe_url="/me/not-safe", back_url="/b", draft_form="answer"
    )
    tree = parse_strictly(page)
    buttons = [b for b in tree.iter("button") if b.get("form")]
    assert {b.attrib["form"] for b in buttons} == {"answer"}
    # The first one is what Enter presses: it has no address and no action of its own.
    assert not {"formaction", "name"} & set(buttons[0].attrib)
    said = [b.get("formaction") or b.get("value") for b in buttons[1:]]
    assert said == ["back", "/me/not-safe", "help"]


def test_there_are_twelve_secret_pictures_and_each_has_a_word(templates: Environment) -> None:
    drawings: Any = templates.get_template("contributor/symbols.html").module
    assert len(drawings.pictures) == 12
    assert len(set(drawings.pictures.values())) == 12
    words = {re.sub(r"\s", "", drawings.picture_word(name)) for name in drawings.pictures}
    assert len(words - {""}) == 12
