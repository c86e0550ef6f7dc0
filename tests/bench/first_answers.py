"""Measures, on a slow phone and a slow line, how soon a first answer can be given.

A first answer is possible when a box for words or a choice is drawn, lies open to the finger, and
can be sent on: the button that sends it is there and, where the form is the script's own, so is
that. To be sure, each run then gives the answer by real touches and waits until it has arrived.

The line is DevTools' "Slow 4G": 562.5 ms a request, 1.44 Mbit/s down, 0.675 Mbit/s up; the
processor is slowed 6 times. Browser profile and cache are fresh for each run.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, expect

from tests.bench.questions import TOPICS, Asked, read_questions
from tests.bench.rivals import Rivals, serving_rivals
from tests.journeys.demos import PHONE, Demo, open_context, running_chromium, running_demo
from tests.journeys.ways import choose_pictures, choose_topics, come_in, open_form
from tests.journeys.wires import wire_of

ROUNDS = 9
SLOW_LINE = {
    "offline": False,
    "latency": 562.5,
    "downloadThroughput": 1.6 * 1_000_000 / 8 * 0.9,
    "uploadThroughput": 0.75 * 1_000_000 / 8 * 0.9,
}
SLOWED = 6
WITHIN_MS = 60_000
# Looks once a frame; no frame is drawn while a style sheet or a script holds the page up.
LOOK = """
(() => {
  const look = () => {
    for (const box of document.querySelectorAll("main textarea, main input[type=radio]")) {
      const target = box.type === "radio" ? box.labels[0] : box;
      if (!target) continue;  // its label has not come yet
      const place = target.getBoundingClientRect();
      const x = place.x + place.width / 2, y = place.y + place.height / 2;
      if (!place.width || !place.height || place.bottom > innerHeight) continue;
      const top = document.elementFromPoint(x, y);
      const isOpen = top && (top === box || target.contains(top));
      const scope = box.form ?? document.querySelector("main");
      const send = scope.querySelector("[type=submit], .sd-navigation input[type=button], "
        + ".sd-footer input[type=button], .sv-action input[type=button]");
      if (isOpen && send) {
        window.firstAnswer = { at: performance.now(), x, y };
        return;
      }
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();
"""


@dataclass
class Way:
    """One of the pages that are compared, and what was measured of it."""

    name: str
    address: str
    answer: Callable[[Page], None]
    cookies: list[object] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    requests: int = 0
    bytes_on_wire: int = 0

    @property
    def middle(self) -> float:
        """The median, in milliseconds."""
        return median(self.times)


def answer_by_form(page: Page) -> None:
    """Into the first box, then on, until another page has come."""
    before = page.url
    give_first_answer(page)
    with page.expect_response(lambda answer: answer.request.method == "POST") as sent:
        page.locator("main form [type=submit]").first.tap()
    assert sent.value.status in (204, 303), (before, sent.value.status)


def give_first_answer(page: Page) -> None:
    """A touch where the first answer was found possible, and a word where it is one for words."""
    place = page.evaluate("() => window.firstAnswer")
    page.touchscreen.tap(place["x"], place["y"])
    if page.evaluate("() => document.activeElement.matches('textarea')"):
        page.keyboard.type("Hi")
        assert page.locator("main textarea").first.input_value().endswith("Hi")
    else:
        expect(page.locator("main input:checked").first).to_be_attached()


def answer_survey(rivals: Rivals) -> Callable[[Page], None]:
    """The same with SurveyJS: to the end, and until the answer has arrived."""

    def answer(page: Page) -> None:
        give_first_answer(page)
        before = len(rivals.posts)
        for _ in range(20):
            done = page.locator("input[type=button][value=Complete]:visible")
            if done.count():
                with page.expect_response(lambda one: one.request.method == "POST"):
                    done.first.tap()
                break
            page.locator("input[type=button][value=Next]:visible").first.tap()
        assert len(rivals.posts) == before + 1
        assert b"Hi" in rivals.posts[-1] or b"q0" in rivals.posts[-1]

    return answer


def measure(browser: Browser, demo: Demo, way: Way) -> float:
    """One visit with nothing fetched before; milliseconds until a first answer is possible."""
    context = open_context(browser, demo, viewport=PHONE, has_touch=True)
    context.add_cookies(way.cookies)  # type: ignore[arg-type]
    context.add_init_script(LOOK)
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", SLOW_LINE)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    with wire_of(page) as wire:
        page.goto(way.address, wait_until="commit", timeout=WITHIN_MS)
        page.wait_for_function("() => window.firstAnswer", timeout=WITHIN_MS)
        moment: float = page.evaluate("() => window.firstAnswer.at")
        page.wait_for_load_state("load", timeout=WITHIN_MS)
        way.requests, way.bytes_on_wire = len(wire.asked), wire.bytes_on_wire
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    way.answer(page)
    context.close()
    return moment


def come_to_first_question(browser: Browser, demo: Demo) -> tuple[Way, list[Asked]]:
    """A young person is in; their first question's address, and the ten that follow."""
    context = open_context(browser, demo, viewport=PHONE, has_touch=True)
    page = context.new_page()
    come_in(page, demo.contributor("child", 1))
    choose_pictures(page, "boat", "star", "leaf")
    open_form(page)
    choose_topics(page, *TOPICS)
    ours = Way("Heard", page.url, answer_by_form, list(context.cookies()))
    questions = read_questions(page)
    context.close()
    return ours, questions


def tell(ways: list[Way]) -> bool:
    """Print every figure; whether both targets are met."""
    print(f"{'page':34}{'median':>9}{'least':>9}{'most':>9}   n{'requests':>10}{'bytes':>9}")
    for way in ways:
        times = [f"{value / 1000:7.2f} s" for value in (way.middle, min(way.times), max(way.times))]
        print(
            f"{way.name:34}{''.join(times)}{len(way.times):4}{way.requests:10}"
            f"{way.bytes_on_wire:9,}"
        )
    ours, plain, *surveys = ways
    to_plain = ours.middle / plain.middle
    to_survey = ours.middle / min(way.middle for way in surveys)
    print(f"Heard / plain page: {to_plain:.2f} (at most 1.25)")
    print(f"Heard / SurveyJS, the faster of the two: {to_survey:.2f} (at most 0.30)")
    return to_plain <= 1.25 and to_survey <= 0.30


def compare(browser: Browser, demo: Demo, rounds: int) -> bool:
    """All ways in turn, so that a busy moment of this machine meets all alike."""
    ours, questions = come_to_first_question(browser, demo)
    with serving_rivals(questions) as rivals:
        by_script = answer_survey(rivals)
        ways = [
            ours,
            Way("plain HTML, ten questions", f"{rivals.base_url}/plain", answer_by_form),
            Way("SurveyJS 2.5.38, ten on a page", f"{rivals.base_url}/survey", by_script),
            Way("SurveyJS 2.5.38, one a screen", f"{rivals.base_url}/survey-one", by_script),
        ]
        for turn in range(rounds + 1):
            for way in ways:
                moment = measure(browser, demo, way)
                if turn:  # the first round warms the browser and the servers up
                    way.times.append(moment)
    return tell(ways)


def main() -> None:
    """Ends with 1 where a target is missed. The number of rounds may be given."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    with (
        TemporaryDirectory() as folder,
        running_demo(Path(folder)) as demo,
        running_chromium() as browser,
    ):
        is_met = compare(browser, demo, rounds)
    sys.exit(0 if is_met else 1)


if __name__ == "__main__":
    main()
