"""How wide a text is on the smallest phone, and into how many lines it breaks there."""

import re
import unicodedata
from dataclasses import dataclass

# Hundredths of an em, measured in Noto Sans, which is a little wider than the Roboto and San
# Francisco of most phones; letters that a table lacks are taken at OTHER.
REGULAR = {
    26: "ijl,.:;!", 20: "'’‘ ", 30: "()-[]", 35: "If t“”\"r", 44: "?/\\{}", 48: "zcsç",
    52: "vyFLkx–", 56: "ETaeéèàăâ", 57: "0123456789$+<=>YZ^~*S|X", 62: "PVoöKRbdghnpquñüđơ",
    65: "CßABư#&", 73: "DGUH", 78: "NOQ…w", 93: "MW%@m—",
}  # fmt: skip
BOLD = {
    26: "'’‘ ", 29: "ijl,.:;!", 34: "()-[]J", 42: "Ift“”{}/\\", 46: "r\"?", 50: "zscç–",
    56: "ELFS*|", 57: "0123456789$+<=>^vy~TZx", 60: "eéèaàăâ", 63: "YkoöPbdgpqC",
    66: "KRhnuñüBXVđ#", 70: "AơßG", 76: "DHUư&", 82: "OQN…w", 97: "MWm%@—",
}  # fmt: skip
OTHER = {"latin": 65, "arabic": 50, "ethiopic": 80, "wide": 100}
BREAKS = re.compile(r"\s+|(?<=[-–/])")


@dataclass(frozen=True)
class Place:
    """Where a text stands: pixels across, pixels of its type, and the most lines it may take."""

    width: float
    size: float
    lines: int
    is_bold: bool = False

    def faults(self, text: str) -> list[str]:
        """What is wrong with a text here; nothing where it fits."""
        found = [
            f"{word!r} is {text_width(word, self):.0f} px wide, more than {self.width:.0f}"
            for word in BREAKS.split(text)
            if text_width(word, self) > self.width
        ]
        lines = count_lines(text, self)
        return found + ([f"{lines} lines, more than {self.lines}"] if lines > self.lines else [])


def text_width(text: str, place: Place) -> float:
    """Pixels across of a text in one line."""
    table = BOLD if place.is_bold else REGULAR
    return sum(_hundredths(letter, table) for letter in text) * place.size / 100


def count_lines(text: str, place: Place) -> int:
    """Lines that a text takes when it breaks at spaces, as a browser breaks it."""
    lines, filled, space = 1, 0.0, text_width(" ", place)
    for word in BREAKS.split(text.strip()):
        width = text_width(word, place)
        if filled and filled + space + width > place.width:
            lines, filled = lines + 1, width
        else:
            filled += (space if filled else 0) + width
    return lines


def _hundredths(letter: str, table: dict[int, str]) -> int:
    for width, letters in table.items():
        if letter in letters:
            return width
    if unicodedata.combining(letter) or unicodedata.category(letter) in ("Mn", "Cf"):
        return 0
    if unicodedata.east_asian_width(letter) in ("W", "F"):
        return OTHER["wide"]
    script = unicodedata.name(letter, "").split(" ")[0].lower()
    return OTHER.get(script, OTHER["latin"])
