"""Runs a real demo borough and a real Chromium, for journeys and for the README's pictures."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, BrowserContext, BrowserType, expect, sync_playwright

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
SERVES_WITHIN_SECONDS = 300
# What never comes is waited for that long; a busy machine takes its time over what does come.
PATIENCE_MS = 30_000


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


@contextmanager
def running_demo(folder: Path, **settings: str) -> Iterator[Demo]:
    """`heard demo`, from nothing, on a free port; ended when the block ends.

    `settings` are environment variables, such as DATABASE_URL.
    """
    port = free_port()
    base_url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "backend", "demo", "--port", str(port)]
    command += ["--data", str(folder / "data"), "--json", str(folder / "doors.json"), "--reset"]
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("HEARD_")
    }
    environment.pop("DATABASE_URL", None)
    # Where Leave leads is here: a closed network has no other page.
    environment |= {"HEARD_LEAVE_TO": f"{base_url}/healthz"} | settings
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
            process.wait(timeout=60)


@contextmanager
def running_chromium(kind: BrowserType | None = None, **options: Any) -> Iterator[Browser]:
    """Chromium, found as scripts/find_browser.py finds it; never a silent skip.

    `kind` is a running browser's, for a second one beside it: Playwright starts once a process.
    """
    path = find()
    assert path, "No Chromium: run `make test`, which says what to install."
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    with ExitStack() as stack:
        kind = kind or stack.enter_context(sync_playwright()).chromium
        chromium = kind.launch(executable_path=path, args=flags, **options)
        stack.callback(chromium.close)
        expect.set_options(timeout=PATIENCE_MS)
        yield chromium


def open_context(browser: Browser, demo: Demo, **options: Any) -> BrowserContext:
    """A fresh browser profile on the demo."""
    context = browser.new_context(base_url=demo.base_url, locale="en-GB", **options)
    context.set_default_timeout(PATIENCE_MS)
    return context
