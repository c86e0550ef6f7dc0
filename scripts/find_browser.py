"""Finds a Chromium for the tests, installing one where it can; says what to install where not."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ADVICE = """\
No Chromium was found, and none could be installed. Do one of these:
  - install Chromium or Chrome so that `chromium` or `google-chrome` is on the PATH
    (on Debian or Ubuntu: sudo apt-get install chromium), or
  - set CHROMIUM_PATH to its executable, or
  - run: .venv/bin/playwright install --with-deps chromium
"""


def of_playwright() -> str | None:
    """Playwright's own Chromium, when it is downloaded."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def find() -> str | None:
    """The browser to use: CHROMIUM_PATH, else one on the PATH, else Playwright's own."""
    named = os.environ.get("CHROMIUM_PATH")
    if named:
        return named if Path(named).exists() else None
    on_path = (shutil.which(name) for name in NAMES)
    return next((path for path in on_path if path), None) or of_playwright()


def install() -> None:
    """Try Playwright's download, then Debian's package when root on Debian."""
    print("No browser found. Installing one (this can take a few minutes) ...", flush=True)
    playwright = [sys.executable, "-m", "playwright", "install", "chromium"]
    try:
        subprocess.run(playwright, timeout=600, capture_output=True)
    except subprocess.TimeoutExpired:
        print("The download of Playwright's browser took too long.", flush=True)
    if find() or not Path("/etc/debian_version").exists() or os.geteuid() != 0:
        return
    print("Installing Debian's package chromium ...", flush=True)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    apt = ["apt-get", "-q", "-y"]
    packages = ["chromium", "fonts-noto-core", "fonts-noto-color-emoji"]
    subprocess.run([*apt, "update"], env=environment, check=False, **quiet)
    subprocess.run(
        [*apt, "install", "--no-install-recommends", *packages],
        env=environment,
        check=False,
        **quiet,
    )


def main() -> None:
    if os.environ.get("CHROMIUM_PATH") and not find():
        sys.exit(f"CHROMIUM_PATH names {os.environ['CHROMIUM_PATH']}, which is not there.")
    if not find() and "--install" in sys.argv:
        install()
    path = find()
    if not path:
        sys.exit(ADVICE)
    print(f"Browser: {path}")


if __name__ == "__main__":
    main()
