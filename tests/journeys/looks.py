"""Looks at a page as a designer and a screen reader would: axe, width, targets, console."""

from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]
from playwright.sync_api import ConsoleMessage, Page

WIDTHS = ({"width": 320, "height": 640}, {"width": 1280, "height": 800})
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES = {
    "runOnly": {"type": "tag", "values": STANDARDS},
    # WCAG 2.2's 24 pixels, with its own exceptions; axe leaves it off unless it is asked for.
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
# Read once by each page that is looked at, however often: it is half a megabyte.
HAS_AXE = "() => 'axe' in window"
RUN_AXE = "(rules) => axe.run(rules).then((results) => results.violations)"
FINGER = 44
# Links inside a sentence are as high as its line; a radio or box is as large as its label.
SMALL_TARGETS = """(least) => {
  const isSeen = (one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest(".sr")
    && getComputedStyle(one).clipPath === "none";
  const isInText = (one) => getComputedStyle(one).display === "inline"
    && [...one.parentElement.childNodes].some((node) =>
      node.nodeType === Node.TEXT_NODE && node.textContent.trim());
  const all = document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary");
  return [...all].filter((one) => isSeen(one) && !isInText(one)).flatMap((one) => {
    const boxes = [one, ...(one.labels ?? [])].map((part) => part.getBoundingClientRect());
    const width = Math.max(...boxes.map((box) => box.width));
    const height = Math.max(...boxes.map((box) => box.height));
    const name = (one.innerText || one.name || one.id).trim().slice(0, 40);
    return width < least - 0.5 || height < least - 0.5
      ? [`${one.tagName} "${name}" ${Math.round(width)}x${Math.round(height)}`] : [];
  });
}"""
OVERFLOW = "() => document.scrollingElement.scrollWidth - window.innerWidth"


@dataclass
class Look:
    """Everything wrong on the pages that one person was shown."""

    who: str
    target: int = FINGER
    found: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def listen(self, page: Page) -> None:
        """Collect console errors, refused by the content policy or thrown, from now on."""
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._add(page.url, f"script: {error}"))

    def _hear(self, message: ConsoleMessage) -> None:
        # A page that answers 404 or 422 on purpose is named in the console; what it loads is not.
        is_own_status = (
            "Failed to load resource" in message.text
            and message.page is not None
            and message.location.get("url") == message.page.url
        )
        if message.type in ("error", "warning") and not is_own_status:
            self._add(message.location.get("url", ""), f"console: {message.text}")

    def _add(self, where: str, what: str) -> None:
        line = f"{self.who}: {where}: {what}"
        if line not in self.found:
            self.found.append(line)

    def at(self, page: Page, name: str, *, dark: bool = False) -> None:
        """Look at the page at both widths, and once more in the dark where asked."""
        self.seen.add(name)
        # A click may have answered before the next page has a body to measure.
        page.wait_for_load_state("load")
        page.locator("body").wait_for()
        before = page.viewport_size
        for size in WIDTHS:
            page.set_viewport_size(size)  # type: ignore[arg-type]
            where = f"{name} at {size['width']}"
            over = page.evaluate(OVERFLOW)
            if over > 0:
                self._add(where, f"{over} px wider than the screen")
            if self.target:
                for small in page.evaluate(SMALL_TARGETS, self.target):
                    self._add(where, f"target below {self.target} px: {small}")
            self._run_axe(page, where, RULES)
        if dark:
            page.emulate_media(color_scheme="dark")
            self._run_axe(page, f"{name} in the dark", COLOURS)
            page.emulate_media(color_scheme="light")
        if before:
            page.set_viewport_size(before)

    def _run_axe(self, page: Page, where: str, rules: dict[str, Any]) -> None:
        if not page.evaluate(HAS_AXE):
            page.evaluate(AXE_SCRIPT)
        for fault in page.evaluate(RUN_AXE, rules):
            for node in fault["nodes"][:3]:
                self._add(where, f"{fault['id']}: {node['html'][:160]}")

    def check(self, *, least: int) -> None:
        """Fail with everything that was found, or when fewer pages were reached than exist."""
        assert len(self.seen) >= least, f"{self.who} reached only {sorted(self.seen)}"
        assert not self.found, "\n".join(self.found)
