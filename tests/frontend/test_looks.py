"""Every look that can be chosen keeps the contrast of WCAG, worked out by a browser's cascade."""

from itertools import product
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from backend.preferences.service import COLOURS
from tests.frontend.test_tokens import (
    CHARACTERS,
    SHAPE_PAIRS,
    SHEET,
    TEXT_PAIRS,
    list_weak_pairs,
    measure_contrast,
)

LOOKS = SHEET.with_name("looks.css")
PREFERENCES = SHEET.with_name("preferences.css")
THEMES = ("", "light", "dark")
TOKENS = sorted(
    {*TEXT_PAIRS, *SHAPE_PAIRS, *(back for backs in TEXT_PAIRS.values() for back in backs)}
)
READ = """([looks, tokens]) => looks.map((look) => {
  document.documentElement.className = look;
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(tokens
    .map((token) => [token, style.getPropertyValue(`--${token}`).trim()])
    .filter(([, colour]) => colour));
})"""
CHOICES = [
    " ".join(part for part in choice if part)
    for choice in product(CHARACTERS, THEMES, COLOURS, ("", "contrast"))
]


@pytest.fixture
def page(browser: Browser) -> Any:
    """An empty page with the two sheets, as a page of somebody who chose a look has them."""
    context = browser.new_context()
    page = context.new_page()
    page.set_content("<!doctype html><html lang=en><title>Heard</title><h1>Heard</h1></html>")
    for sheet in (SHEET, LOOKS):
        page.add_style_tag(content=sheet.read_text(encoding="utf-8"))
    yield page
    context.close()


def tokens_of(page: Page, looks: list[str]) -> list[dict[str, str]]:
    """The colours that hold for each look, as the browser sees them."""
    found: list[dict[str, str]] = page.evaluate(READ, [looks, TOKENS])
    return found


@pytest.mark.parametrize(
    ("phone", "contrast"), list(product(("light", "dark"), ("no-preference", "more")))
)
def test_every_look_can_be_read_whatever_the_phone_says(
    page: Page, phone: Any, contrast: Any
) -> None:
    page.emulate_media(color_scheme=phone, contrast=contrast)
    for look, tokens in zip(CHOICES, tokens_of(page, CHOICES), strict=True):
        assert len(tokens) >= 12, look
        assert list_weak_pairs(tokens, TEXT_PAIRS, 4.5) == [], look
        assert list_weak_pairs(tokens, SHAPE_PAIRS, 3) == [], look


@pytest.mark.parametrize("character", CHARACTERS)
def test_a_chosen_theme_is_the_phones_own_in_the_same_colours(page: Page, character: str) -> None:
    usual = {}
    for phone in ("light", "dark"):
        page.emulate_media(color_scheme=phone)
        usual[phone] = tokens_of(page, [character])[0]
    assert usual["light"] != usual["dark"]
    for phone, chosen in product(("light", "dark"), ("light", "dark")):
        page.emulate_media(color_scheme=phone)
        assert tokens_of(page, [f"{character} {chosen}"])[0] == usual[chosen], (phone, chosen)


@pytest.mark.parametrize("phone", ["light", "dark"])
def test_strong_black_and_white_is_black_and_white(page: Page, phone: Any) -> None:
    page.emulate_media(color_scheme=phone)
    for tokens in tokens_of(page, [f"{one} sun contrast" for one in CHARACTERS]):
        assert measure_contrast(tokens["ink"], tokens["page"]) == pytest.approx(21)
        assert tokens["accent"] == tokens["ink"]


def test_every_colour_that_is_offered_differs_from_the_usual_one(page: Page) -> None:
    accents = [one["accent"] for one in tokens_of(page, [f"older {one}" for one in COLOURS])]
    assert len(set(accents)) == len(COLOURS)
    dots = PREFERENCES.read_text(encoding="utf-8")
    assert all(f".dot.{colour}" in dots for colour in COLOURS if colour)


def test_bigger_words_are_bigger(page: Page) -> None:
    size = "() => parseFloat(getComputedStyle(document.documentElement).fontSize)"
    sizes = []
    for look in ("older", "older large", "older largest", "older easy largest"):
        page.evaluate("look => { document.documentElement.className = look }", look)
        sizes.append(page.evaluate(size))
    assert sizes == sorted(set(sizes))
    assert sizes[0] == 18
