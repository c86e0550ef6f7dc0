"""The rules of the house that a reader of the sources can check."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

from backend.settings import ROOT

FEATURES = [
    "people",
    "preferences",
    "history",
    "placements",
    "accounts",
    "entry",
    "offline",
    "reviews",
    "surveys",
    "asks",
    "in_touch",
    "coding",
    "insight",
    "safeguarding",
    "paper",
    "quotes",
    "forum",
    "messaging",
    "summaries",
    "desk",
    "annual",
    "reach",
    "exports",
    "imports",
]
MODULES = sorted(
    path
    for folder in ("backend", "analysis")
    for path in (ROOT / folder).rglob("*.py")
    if "versions" not in path.parts
)
TEMPLATES = sorted((ROOT / "frontend" / "templates").rglob("*.html"))
LONGEST_MODULE = 300
VAGUE = re.compile(r"(Manager|Helper|Utils?|Info|Data)$")
# Host names are put together here so that this file does not hold what it looks for.
REGISTRIES = re.compile("|".join(["pypi" + r"\.org", "python" + "hosted", "npm" + "js"]))


def tracked_files() -> list[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = [ROOT / line for line in listing.stdout.splitlines()]
    return [path for path in paths if path.is_file()]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_says_what_it_is_for_and_stays_short(path: Path) -> None:
    text = path.read_text()
    if text.strip():
        assert ast.get_docstring(ast.parse(text)), "no docstring"
    assert text.count("\n") <= LONGEST_MODULE


def test_classes_are_named_from_the_domain() -> None:
    vague = [
        f"{path.name}:{node.name}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef) and VAGUE.search(node.name)
    ]
    assert vague == []


def test_services_and_queries_never_commit_render_or_see_a_request() -> None:
    for feature in FEATURES:
        for name in ("service.py", "queries.py"):
            path = ROOT / "backend" / feature / name
            if not path.exists():
                continue
            text = path.read_text()
            assert ".commit(" not in text, path
            assert "render(" not in text, path
            if path != ROOT / "backend" / "entry" / "service.py":
                assert "import Request" not in text, path


def test_features_meet_only_through_service_and_queries() -> None:
    wrong = []
    for path in (ROOT / "backend").glob("*/*.py"):
        feature = path.parent.name
        if feature not in FEATURES:
            continue
        tree = ast.parse(path.read_text())
        typing_only = {
            id(node)
            for block in ast.walk(tree)
            if isinstance(block, ast.If) and "TYPE_CHECKING" in ast.dump(block.test)
            for node in ast.walk(block)
        }
        for node in ast.walk(tree):
            if not isinstance(node, ast.ImportFrom) or id(node) in typing_only:
                continue
            parts = (node.module or "").split(".")
            if parts[0] != "backend" or len(parts) < 2 or parts[1] not in FEATURES:
                continue
            if parts[1] == feature:
                continue
            doors = parts[2:3] or [alias.name for alias in node.names]
            if not set(doors) <= {"service", "queries"}:
                wrong.append(f"{path.relative_to(ROOT)}: {node.module} {doors}")
    assert wrong == []


def test_templates_hold_no_inline_script_style_handler_or_unescaped_value() -> None:
    rules = {
        r"\|\s*safe\b": "unescaped",
        r"\son[a-z]+=": "handler",
        r"\sstyle=": "style",
        r"<script(?![^>]*\bsrc=)": "inline script",
        r"<style": "inline style",
        r"hx-on|js:": "script in an attribute",
        r"(src|href)=[\"']https?://": "outside address",
    }
    wrong = [
        f"{path.relative_to(ROOT)}: {what}"
        for path in TEMPLATES
        for pattern, what in rules.items()
        if re.search(pattern, path.read_text())
    ]
    assert wrong == []


def test_the_repository_names_no_registry_and_no_third_party_file() -> None:
    for path in tracked_files():
        if path.suffix in {".png", ".svg", ".ttf"}:
            continue
        text = path.read_text(errors="replace")
        assert not REGISTRIES.search(text), path
    folders = {path.relative_to(ROOT).parts[0] for path in tracked_files()}
    assert "node_modules" not in folders


def test_every_lock_is_pinned_by_hash() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        lines = [line for line in lock.read_text().splitlines() if line and line[0] not in " #"]
        assert lines
        assert all("==" in line for line in lines), lock
        assert lock.read_text().count("--hash=sha256:") >= len(lines), lock
