"""Somebody who has only a keyboard: where Tab stops on a page, in which order, and what is seen."""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

from tests.journeys.looks import FINGER, SMALL_TARGETS

MOST_STOPS = 80
# Where the focus is: its place among all that may be focused, what the eye sees of it, where it
# lies (a hidden radio by its label), and whether it is within the main part.
STOP = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const shown = [one, ...(one.labels ?? [])];
  const isRinged = (part) => {
    const style = getComputedStyle(part);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  };
  const box = shown.flatMap((part) => [...part.getClientRects()]).reduce((best, next) =>
    next.width * next.height > best.width * best.height ? next : best);
  let scrolled = 0;
  for (let part = one.parentElement; part; part = part.parentElement) scrolled += part.scrollTop;
  return {
    name: (one.innerText || one.labels?.[0]?.innerText || one.name || one.tagName).trim(),
    key: one.type === "radio" ? one.name : `${[...document.querySelectorAll("*")].indexOf(one)}`,
    isRinged: shown.some(isRinged),
    isSeen: shown.some((part) => part.contains(document.elementFromPoint(
      box.left + box.width / 2, box.top + box.height / 2))),
    isMain: Boolean(one.closest("main")),
    top: box.top + scrolled, left: box.left,
  };
}"""


@dataclass
class Keyboard:
    """One page driven by keys alone; every fault of a page that was walked is kept."""

    page: Page
    faults: list[str] = field(default_factory=list)
    walked: set[str] = field(default_factory=set)

    def stop(self) -> dict[str, Any] | None:
        """Where the focus is now; None when it is on nothing."""
        found: dict[str, Any] | None = self.page.evaluate(STOP)
        return found

    def press(self, *keys: str) -> None:
        """One key after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def reach(self, selector: str) -> None:
        """Press Tab until the focus is there."""
        for _ in range(MOST_STOPS):
            if self.page.evaluate("one => document.activeElement?.matches(one)", selector):
                return
            self.press("Tab")
        raise AssertionError(f"{self.page.url}: Tab never reaches {selector}")

    def choose(self, selector: str, *keys: str) -> None:
        """Go to a choice and press these keys on it."""
        self.reach(selector)
        self.press(*keys)

    def type(self, selector: str, text: str) -> None:
        """Go to a box and type."""
        self.reach(selector)
        self.page.keyboard.type(text)

    def submit(self, selector: str = "main button.primary, main a.primary") -> None:
        """Go to the button (or link) and press Enter; waits for the page that follows."""
        self.reach(selector)
        with self.page.expect_navigation():
            self.press("Enter")

    def walk(self, name: str) -> None:
        """From the top of a freshly opened page by Tab alone, all the way round."""
        self.walked.add(name)
        self.page.reload()
        stops: list[dict[str, Any]] = []
        self.press("Tab")
        while (stop := self.stop()) and (not stops or stop["key"] != stops[0]["key"]):
            stops.append(stop)
            if len(stops) > MOST_STOPS:
                self.faults.append(f"{name}: the focus never comes round")
                break
            self.press("Tab")
        for stop in stops:
            if not stop["isRinged"]:
                self.faults.append(f"{name}: no focus is seen on {stop['name']!r}")
            if not stop["isSeen"]:
                self.faults.append(f"{name}: the focus is out of sight on {stop['name']!r}")
        main = [(round(stop["top"] / 8), stop["left"]) for stop in stops if stop["isMain"]]
        if main != sorted(main):
            order = [stop["name"][:30] for stop in stops if stop["isMain"]]
            self.faults.append(f"{name}: Tab does not go as one reads: {order} {main}")
        for small in self.page.evaluate(SMALL_TARGETS, FINGER):
            self.faults.append(f"{name}: target below {FINGER} px: {small}")
