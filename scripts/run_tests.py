"""Runs every test on all cores, browser journeys apart so that two browsers do not fight."""

import os
import subprocess
import sys

PYTEST = [sys.executable, "-m", "pytest"]


def main() -> None:
    workers = str(min(os.cpu_count() or 1, 4))
    command = [*PYTEST, "-n", workers, "--dist", "loadgroup", *sys.argv[1:]]
    sys.exit(subprocess.run(command).returncode)


if __name__ == "__main__":
    main()
