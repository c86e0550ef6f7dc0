"""Takes the README's pictures from a fresh demo, and one of each main screen on a phone."""

import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, Page  # noqa: E402

from scripts import screen_tours  # noqa: E402
from tests.journeys.demos import (  # noqa: E402
    DESK,
    PHONE,
    Demo,
    open_context,
    running_chromium,
    running_demo,
)
from tests.journeys.ways import (  # noqa: E402
    choose_pictures,
    choose_topics,
    come_in,
    open_form,
    sign_in,
    write,
)

LIST_HEAD = """# The screens
Each main screen of the contributors' application on a phone of 360 by 640, as `make screenshots`
took them from a fresh demo. Everybody in them is invented.

| screen | |
|---|---|"""
PICTURES = ROOT / "docs" / "pictures"
WORDS = "Can my cousin come to the first bit? I want to say the part about school myself."


def picture(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png")
    print(f"docs/pictures/{name}.png")


def tell(browser: Browser, demo: Demo) -> tuple[str, str]:
    """A child answers; the child's and the IRO's names."""
    page = open_context(browser, demo, viewport=PHONE, device_scale_factor=2).new_page()
    come_in(page, demo.contributor("child", 1))
    choose_pictures(page, "boat", "star", "leaf")
    name = page.get_by_role("heading", level=1).inner_text().removeprefix("Hello ")
    found = re.search(r"Your IRO is (.+?), who", page.locator("main").inner_text())
    open_form(page)
    choose_topics(page, "Where I live")
    page.locator("main textarea").fill(WORDS)
    picture(page, "child")
    write(page, WORDS)
    page.get_by_role("link", name="Skip", exact=True).click()
    page.get_by_role("button", name=re.compile("^Send to .* now$")).click()
    page.context.close()
    return name, found.group(1) if found else ""


def read(browser: Browser, demo: Demo, name: str, iro: str) -> None:
    """The IRO opens the page that holds those words."""
    account = next(line for line in demo.doors["staff"] if line["name"] == iro)
    page = open_context(browser, demo, viewport=DESK).new_page()
    sign_in(page, account)
    links = page.get_by_role("link", name=name, exact=True)
    for place in range(links.count()):
        page.goto("/staff/reviews")
        links.nth(place).click()
        if WORDS in page.locator("blockquote").all_text_contents():
            break
    picture(page, "iro")
    page.context.close()


def main() -> None:
    with (
        TemporaryDirectory() as folder,
        running_demo(Path(folder)) as demo,
        running_chromium() as browser,
    ):
        read(browser, demo, *tell(browser, demo))
        names = screen_tours.take_all(browser, demo, PICTURES / "screens")
    list_screens(names)


def list_screens(names: list[str]) -> None:
    """Write docs/screens.md, where all of them stand side by side."""
    rows = [f"| {name} | ![{name}](pictures/screens/{name}.png) |" for name in names]
    text = "\n".join([LIST_HEAD, *rows])
    (PICTURES.parent / "screens.md").write_text(f"{text}\n", encoding="utf-8")
    print(f"docs/screens.md: {len(names)} screens")


if __name__ == "__main__":
    main()
