"""Reads a codebook: the themes that comments are coded to, checked before anything rests on it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

HEARD_CODEBOOK = Path(__file__).parents[1] / "codebooks" / "heard.yaml"
SEPARATOR = ";"


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme: its id stands in files, its title on screens; covers and excludes guide coders."""

    id: str
    title: str
    covers: str = ""
    excludes: str = ""


@dataclass(frozen=True, slots=True)
class Codebook:
    """The themes in the order of the file, and the version that codings are kept with."""

    themes: tuple[Theme, ...]
    version: int = 1

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(theme.id for theme in self.themes)


def load_codebook(path: Path | None = None) -> Codebook:
    """Read a codebook, by default the project's own.

    A theme may be a mapping with an `id`, or a bare name. ValueError says in one sentence what
    is wrong with the file and where.
    """
    source = path or HEARD_CODEBOOK
    document = _parse(source)
    rows, version = _rows(document, source)
    themes = tuple(_theme(row, number, source) for number, row in enumerate(rows, 1))
    _refuse_clashes(themes, source)
    return Codebook(themes, version=version)


def _parse(source: Path) -> Any:
    try:
        return yaml.safe_load(source.read_text(encoding="utf-8-sig"))
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise ValueError(f"the codebook {source} cannot be read: {reason}") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"the codebook {source} is not UTF-8 text") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark else ""
        raise ValueError(f"the codebook {source} is not valid YAML{where}") from error


def _rows(document: Any, source: Path) -> tuple[list[Any], int]:
    version: Any = 1
    rows = document
    if isinstance(document, dict):
        rows, version = document.get("themes"), document.get("version", 1)
    if not isinstance(rows, list) or not rows:
        raise ValueError(f"the codebook {source} has no list of themes")
    if not isinstance(version, int) or isinstance(version, bool):
        raise ValueError(f"the codebook {source} has a version that is not a whole number")
    return rows, version


def _theme(row: Any, number: int, source: Path) -> Theme:
    fields = row if isinstance(row, dict) else {"id": row}
    name = fields.get("id")
    if not isinstance(name, str) or not name.strip():
        raise ValueError(f"the codebook {source}: theme {number} has no id")
    name = name.strip()
    if SEPARATOR in name or "\n" in name:
        raise ValueError(f"the codebook {source}: theme {name!r} has a ';' or a line break in it")
    texts = {key: fields.get(key) or "" for key in ("title", "covers", "not")}
    for key, text in texts.items():
        if not isinstance(text, str):
            raise ValueError(f"the codebook {source}: {key!r} of theme {name!r} is not text")
    title = texts["title"] or name.replace("_", " ").capitalize()
    return Theme(id=name, title=title, covers=texts["covers"], excludes=texts["not"])


def _refuse_clashes(themes: tuple[Theme, ...], source: Path) -> None:
    seen: dict[str, str] = {}
    for kind, names in (("id", [t.id for t in themes]), ("title", [t.title for t in themes])):
        seen.clear()
        for name in names:
            key = " ".join(name.casefold().split())
            if key in seen:
                raise ValueError(f"the codebook {source}: two themes clash on the {kind} {name!r}")
            seen[key] = name
