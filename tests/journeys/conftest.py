"""A real browser on a real demo borough, started as anybody would start it."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from backend.settings import ROOT

sys.path.insert(0, str(ROOT / "scripts"))
from find_browser import find

PHONE = {"width": 360, "height": 640}
DESK = {"width": 1280, "height": 800}
# A closed network must not slow the browser down; as root it has no sandbox.
FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
SERVES_WITHIN_SECONDS = 60


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys share one demo and one browser, so they run on one worker."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("journeys"))
            item.add_marker(pytest.mark.journey)


@dataclass(frozen=True)
class Demo:
    """A running demo: where it is, who can come in, and where its data lies."""

    base_url: str
    doors: dict[str, Any]
    data: Path

    def contributor(self, kind: str, place: int = 0) -> dict[str, Any]:
        """The way in of the n-th contributor of a kind."""
        found: list[dict[str, Any]] = [
            line for line in self.doors["contributors"] if line["kind"] == kind
        ]
        return found[place]

    def staff(self, role: str, place: int = 0) -> dict[str, Any]:
        """The sign-in of the n-th colleague with a role."""
        found: list[dict[str, Any]] = [line for line in self.doors["staff"] if line["role"] == role]
        return found[place]


def free_port() -> int:
    """A port of this machine that nobody uses."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def wait_until_it_serves(base_url: str, process: "subprocess.Popen[bytes]") -> None:
    """Wait for /healthz, or fail with what the server said."""
    deadline = time.monotonic() + SERVES_WITHIN_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError(f"heard demo ended with {process.returncode}")
        try:
            with urlopen(f"{base_url}/healthz", timeout=2) as answer:
                assert json.load(answer) == {"status": "ok"}
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"heard demo did not serve within {SERVES_WITHIN_SECONDS} s")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """`heard demo`, from nothing, on a free port."""
    folder = tmp_path_factory.mktemp("demo")
    port = free_port()
    base_url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "backend", "demo", "--port", str(port)]
    command += ["--data", str(folder / "data"), "--json", str(folder / "doors.json"), "--reset"]
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("HEARD_")
    }
    environment.pop("DATABASE_URL", None)
    with (folder / "log.txt").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            wait_until_it_serves(base_url, process)
            doors = json.loads((folder / "doors.json").read_text())
            yield Demo(base_url, doors, folder / "data")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{(folder / 'log.txt').read_text()}") from error
        finally:
            process.terminate()
            process.wait(timeout=20)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, found as scripts/find_browser.py finds it; never a silent skip."""
    path = find()
    assert path, "No Chromium: run `make test`, which says what to install."
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=flags)
        yield chromium
        chromium.close()


def open_context(browser: Browser, demo: Demo, **options: Any) -> BrowserContext:
    """A fresh browser profile on the demo, failing fast."""
    context = browser.new_context(base_url=demo.base_url, locale="en-GB", **options)
    context.set_default_timeout(10_000)
    return context


@pytest.fixture
def phone(browser: Browser, demo: Demo) -> Iterator[Page]:
    """A small phone."""
    context = open_context(browser, demo, viewport=PHONE, has_touch=True, is_mobile=True)
    yield context.new_page()
    context.close()


@pytest.fixture
def plain_phone(browser: Browser, demo: Demo) -> Iterator[Page]:
    """A small phone with JavaScript off."""
    context = open_context(browser, demo, viewport=PHONE, java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture
def desk(browser: Browser, demo: Demo) -> Iterator[Page]:
    """A laptop."""
    context = open_context(browser, demo, viewport=DESK)
    yield context.new_page()
    context.close()
