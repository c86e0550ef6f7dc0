"""What each contributor's screen says by itself, taken from its template or module as it stands."""

import ast
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, nodes

from backend.settings import ROOT

SCREENS = ROOT / "frontend" / "templates" / "contributor"
CALLS = {"_", "safe", "ngettext"}
PYTHON_CALLS = {"phrase", "safe_phrase", "counted"}


def words_of_screens() -> dict[str, list[str]]:
    """The texts of each template that has any, by its path under contributor/."""
    parser = Environment()
    found = {}
    for path in sorted(SCREENS.rglob("*.html")):
        tree = parser.parse(path.read_text(encoding="utf-8"))
        if texts := list(dict.fromkeys(_called_texts(tree))):
            found[str(path.relative_to(SCREENS))] = texts
    return found


def _called_texts(tree: nodes.Template) -> Iterator[str]:
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in CALLS:
            for one in call.args:
                if isinstance(one, nodes.Const) and isinstance(one.value, str):
                    yield one.value


def words_of_modules() -> dict[str, list[str]]:
    """The sentences that young people read and that stand in Python, by module."""
    found = {}
    for path in sorted((ROOT / "backend").rglob("*.py")):
        if texts := list(dict.fromkeys(_phrases(path))):
            found[str(path.relative_to(ROOT))] = texts
    return found


def _phrases(path: Path) -> Iterator[str]:
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name | ast.Attribute):
            continue
        name = call.func.id if isinstance(call.func, ast.Name) else call.func.attr
        if name in PYTHON_CALLS:
            for one in call.args:
                if isinstance(one, ast.Constant) and isinstance(one.value, str):
                    yield one.value
