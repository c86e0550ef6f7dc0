"""Holds the contributor style sheet to its rules: contrast of every pair, weight, direction."""

import gzip
import re
from itertools import product
from pathlib import Path

import pytest

from backend.core.style_sheets import text_of

SHEET = Path(__file__).parents[2] / "frontend" / "static" / "css" / "contributor.css"
CHARACTERS = ("younger", "older", "adult")
LIGHT, DARK, CONTRAST = "", "(prefers-color-scheme: dark)", "(prefers-contrast: more)"
MODES = {
    "light": (LIGHT,),
    "dark": (LIGHT, DARK),
    "light, more contrast": (LIGHT, CONTRAST),
    "dark, more contrast": (LIGHT, DARK, CONTRAST, f"{CONTRAST} and {DARK}"),
}
# The younger character's faces are filled; the others' are lines in the text's own ink.
TINTS = ("tint-1", "tint-2", "tint-3", "tint-4", "tint-5")
# Every token that carries text, with each surface that it is set on.
TEXT_PAIRS = {
    "ink": ("page", "card", "picked"),
    "quiet": ("page", "card", "picked"),
    "accent": ("page", "card", "picked"),
    "on-accent": ("accent",),
    "alarm": ("page", "card"),
    "mend": ("page", "card"),
    "kept": ("page", "card", "picked"),
    "face-ink": TINTS,
}
# Edges of controls, marks and focus rings: what is not text but must be seen.
SHAPE_PAIRS = {
    "line": ("page", "card", "picked"),
    "accent": ("page", "card", "picked"),
    "focus": ("page", "card", "picked"),
    "mend": ("page", "card"),
    "alarm": ("page", "card"),
}
CASES = list(product(CHARACTERS, MODES))
Tokens = dict[str, str]


def read_rules(css: str) -> list[tuple[str, str, str]]:
    """Each rule of the sheet as (media condition or "", selector, declarations)."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    rules = []
    for media, nested, selector, body in re.findall(
        r"@media ([^{]+?)\s*\{((?:[^{}]*\{[^{}]*\})*)\s*\}|([^{}@]+)\{([^{}]*)\}", css
    ):
        if media:
            rules += [(media, s.strip(), b) for s, b in re.findall(r"([^{}]+)\{([^{}]*)\}", nested)]
        else:
            rules.append(("", selector.strip(), body))
    return rules


def read_tokens(rules: list[tuple[str, str, str]], character: str, mode: str) -> Tokens:
    """The colour tokens that hold for a character in a mode, later rules over earlier ones."""
    tokens: Tokens = {}
    for media, selector, body in rules:
        if media in MODES[mode] and f".{character}" in [s.strip() for s in selector.split(",")]:
            tokens |= dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})\b", body))
    return tokens


def measure_luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour, 0 to 1 (WCAG 2.2)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def measure_contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    low, high = sorted((measure_luminance(one), measure_luminance(other)))
    return (high + 0.05) / (low + 0.05)


def list_weak_pairs(tokens: Tokens, pairs: dict[str, tuple[str, ...]], floor: float) -> list[str]:
    """The pairs whose contrast is under the floor; tints exist for the younger character alone."""
    found = [
        (front, back)
        for front, backs in pairs.items()
        for back in backs
        if {front, back} <= tokens.keys()
    ]
    return [
        f"{front} on {back}: {ratio:.2f}"
        for front, back in found
        if (ratio := measure_contrast(tokens[front], tokens[back])) < floor
    ]


RULES = read_rules(SHEET.read_text(encoding="utf-8"))


def test_contrast_is_measured_as_wcag_measures_it() -> None:
    assert measure_contrast("#000000", "#ffffff") == pytest.approx(21)
    assert measure_contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("character", "mode"), CASES)
def test_every_text_can_be_read_on_every_surface_it_is_set_on(character: str, mode: str) -> None:
    floor = 7.0 if "more contrast" in mode else 4.5
    tokens = read_tokens(RULES, character, mode)
    assert list_weak_pairs(tokens, TEXT_PAIRS, floor) == []


@pytest.mark.parametrize("mode", MODES)
def test_a_filled_face_stands_out_from_its_card_by_its_line_or_its_fill(mode: str) -> None:
    tokens = read_tokens(RULES, "younger", mode)
    for tint, surface in product(TINTS, ("card", "picked")):
        line = measure_contrast(tokens["face-ink"], tokens[surface])
        assert max(line, measure_contrast(tokens[tint], tokens[surface])) >= 3, (tint, surface)


@pytest.mark.parametrize(("character", "mode"), CASES)
def test_every_edge_and_mark_can_be_seen(character: str, mode: str) -> None:
    assert list_weak_pairs(read_tokens(RULES, character, mode), SHAPE_PAIRS, 3.0) == []


@pytest.mark.parametrize(("character", "mode"), CASES)
def test_every_colour_token_is_in_a_measured_pair(character: str, mode: str) -> None:
    pairs = list(TEXT_PAIRS.items()) + list(SHAPE_PAIRS.items())
    measured = {front for front, _ in pairs} | {back for _, backs in pairs for back in backs}
    tokens = set(read_tokens(RULES, character, mode))
    needed = (
        measured
        if character == "younger"
        else {t for t in measured if t not in (*TINTS, "face-ink")}
    )
    assert tokens == needed


def test_a_rule_that_sets_text_and_surface_uses_a_measured_pair() -> None:
    found = 0
    for _, selector, body in RULES:
        front = re.search(r"(?<![\w-])color:\s*var\(--([\w-]+)\)", body)
        back = re.search(r"background(?:-color)?:\s*var\(--([\w-]+)\)", body)
        if front and back:
            found += 1
            assert back[1] in TEXT_PAIRS[front[1]], selector
    assert found >= 3


def test_colours_stand_in_token_blocks_alone() -> None:
    for _, selector, body in RULES:
        plain = re.sub(r"--[\w-]+:[^;]*;", "", body)
        assert not re.search(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(", plain), selector


def test_every_token_used_is_declared() -> None:
    declared = set(re.findall(r"--([\w-]+):", SHEET.read_text(encoding="utf-8")))
    used = set(re.findall(r"var\(--([\w-]+)", SHEET.read_text(encoding="utf-8")))
    assert used <= declared


def test_nothing_is_placed_by_left_or_right_so_that_right_to_left_pages_turn_round() -> None:
    physical = re.compile(
        r"(?<![\w-])(?:(?:margin|padding|border)-(?:left|right|top|bottom)|left|right|top|bottom"
        r"|float|text-align:\s*(?:left|right)|(?:min-|max-)?(?:width|height))\s*:"
    )
    for _, selector, body in RULES:
        assert not physical.search(body), selector


def test_the_sheet_is_light_enough_to_stand_in_a_first_page() -> None:
    assert len(gzip.compress(text_of("css/contributor.css").encode(), 9)) <= 3_800
