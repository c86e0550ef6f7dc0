"""`heard survey` as others script against it: exit codes, the JSON report, the preview."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import URLError
from urllib.request import HTTPCookieProcessor, build_opener

from backend.settings import ROOT
from tests.commands.test_commands import heard


def test_the_report_tells_who_is_asked_what_and_how_far_each_language_is(tmp_path: Path) -> None:
    answer = heard(tmp_path, "survey", "check", "--json")
    assert answer.returncode == 0, answer.stderr
    report = json.loads(answer.stdout)
    assert {one["severity"] for one in report["findings"]} <= {"note"}
    folders = {file.parent.name for file in (ROOT / "surveys").glob("*/survey.yaml")}
    assert set(report["instruments"]) == folders
    asked = report["indicators"]["move"]["knew_enough"]
    assert {"child", "carer", "provider_staff", "social_worker"} <= set(asked)
    for figures in report["languages"].values():
        assert 0 <= figures["worded"] <= figures["texts"]


def test_a_preview_of_nothing_says_what_there_is(tmp_path: Path) -> None:
    answer = heard(tmp_path, "survey", "preview", "no-such-form")
    assert answer.returncode == 2
    assert "keep-in-touch" in answer.stderr
    answer = heard(tmp_path, "survey", "preview", "keep-in-touch", "--lang", "xx")
    assert answer.returncode == 2
    assert "ar" in re.split(r"[ ,\n]+", answer.stderr)


def test_a_preview_serves_the_form_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    temporary, data = tmp_path / "temporary", tmp_path / "data"
    temporary.mkdir()
    server = subprocess.Popen(
        [sys.executable, "-m", "backend", "survey", "preview", "home-move-worker"]
        + ["--port", str(port)],
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(temporary), "HEARD_DATA": str(data)},
        stdout=subprocess.PIPE,
    )
    try:
        assert "How the move went for Robin" in _first_page(port)
    finally:
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=20)
    assert list(temporary.iterdir()) == []
    assert not data.exists()


def _first_page(port: int) -> str:
    """What opens in a browser at the preview's address, once it is there."""
    address = f"http://127.0.0.1:{port}/"
    for _ in range(240):
        try:
            with build_opener(HTTPCookieProcessor(CookieJar())).open(address, timeout=20) as page:
                return str(page.read().decode())
        except (URLError, TimeoutError):
            time.sleep(0.25)
    raise AssertionError("the preview was never served")
