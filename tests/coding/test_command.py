"""`heard analyse` works without the web application, and does what the package's own tool does."""

import subprocess
import sys
from pathlib import Path

from backend.coding.command import analyse

SCRIPT = """
import sys
sys.argv = ["heard", "analyse", "--help"]
from backend.__main__ import main
try:
    main()
except SystemExit as left:
    assert left.code == 0, left.code
heavy = ("fastapi", "starlette", "sqlmodel", "jinja2")
loaded = [name for name in heavy if name in sys.modules]
print("loaded", loaded)
"""


def test_the_analysis_tool_loads_no_web_and_no_database() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True
    )
    assert "loaded []" in done.stdout
    assert "usage" in done.stdout


def test_a_file_is_coded(tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("id,text\n1,My room is cold\n", encoding="utf-8")
    assert analyse(["code", str(source), str(target)]) == 0
    assert "home" in target.read_text(encoding="utf-8")


def test_a_file_that_cannot_be_used_says_so_with_two(tmp_path: Path) -> None:
    assert analyse(["code", str(tmp_path / "none.csv"), str(tmp_path / "out.csv")]) == 2
    assert analyse(["no-such-command"]) == 2
