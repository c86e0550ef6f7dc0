"""Assembles a report: counts what was said, suppresses it as one body, keeps only what is left."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from backend.insight.count_sheets import KINDS, Tree
from backend.insight.counts import build_body
from backend.insight.disclosure import protect
from backend.insight.voices import Voices


@dataclass(frozen=True)
class Outline:
    """What a report is laid out by, none of it a count."""

    themes: tuple[tuple[str, str], ...]
    indicators: tuple[str, ...]
    # How well the themes are coded, as measured: value, low, high (micro-F1) and n; or unknown.
    measured: Mapping[str, str] | None = None
    # What people decided and found here (coding.queries.quality); empty in older reports.
    quality: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ProviderLine:
    """A provider within a kind of home, whose figures are given."""

    node: str
    name: str


@dataclass(frozen=True)
class KindLine:
    """A kind of home with its providers; those of too few children are named without figures."""

    kind: str
    providers: tuple[ProviderLine, ...] = ()
    withheld: tuple[str, ...] = ()


@dataclass(frozen=True)
class Picture:
    """A report as it is frozen: the figures that may be told, and which are held back."""

    as_at: date
    is_whole: bool
    outline: Outline
    kinds: tuple[KindLine, ...]
    figures: Mapping[str, int]
    held: frozenset[str] = field(default_factory=frozenset)

    def as_json(self) -> dict[str, Any]:
        """Plain values for the frozen row."""
        return {
            "as_at": self.as_at.isoformat(),
            "is_whole": self.is_whole,
            "themes": [list(one) for one in self.outline.themes],
            "indicators": list(self.outline.indicators),
            "measured": self.outline.measured,
            "quality": dict(self.outline.quality),
            "kinds": [asdict(kind) for kind in self.kinds],
            "figures": dict(self.figures),
            "held": sorted(self.held),
        }


def read_picture(body: Mapping[str, Any]) -> Picture:
    """A frozen report read back."""
    kinds = tuple(
        KindLine(
            kind["kind"],
            tuple(ProviderLine(**one) for one in kind["providers"]),
            tuple(kind["withheld"]),
        )
        for kind in body["kinds"]
    )
    themes = tuple((name, title) for name, title in body["themes"])
    return Picture(
        as_at=date.fromisoformat(body["as_at"]),
        is_whole=body["is_whole"],
        outline=Outline(
            themes, tuple(body["indicators"]), body["measured"], body.get("quality", {})
        ),
        kinds=kinds,
        figures=body["figures"],
        held=frozenset(body["held"]),
    )


def make_picture(
    voices: Voices,
    outline: Outline,
    *,
    as_at: date,
    is_whole: bool = True,
    draft: Mapping[str, int] | None = None,
) -> Picture:
    """Count, suppress and keep what may be told. Without `is_whole`, the council's totals alone.

    `draft` are the figures that were already told of this same half-year: a figure that moved by
    a few people since would tell of just these few, so it is held back.
    """
    body, tree = build_body(
        voices.dwellers,
        voices.sides,
        themes=[name for name, _ in outline.themes],
        indicators=outline.indicators,
        is_whole=is_whole,
    )
    figures = protect(body, answers_in(draft or {}))
    return Picture(
        as_at=as_at,
        is_whole=is_whole,
        outline=outline,
        kinds=_kind_lines(tree, voices.providers) if is_whole else (),
        figures=figures,
        held=body.shown - frozenset(figures),
    )


def answers_in(figures: Mapping[str, int]) -> dict[str, int]:
    """The figures that count answers; how many live where is the council's own stock."""
    return {name: count for name, count in figures.items() if not name.startswith("people/")}


def _kind_lines(tree: Tree, names: Mapping[int, str]) -> tuple[KindLine, ...]:
    lines: Sequence[KindLine] = [
        KindLine(
            kind=node.name,
            providers=tuple(
                ProviderLine(one.name, names.get(int(one.name.split(":")[1]), ""))
                for one in tree.providers[node.name]
                if one.is_shown
            ),
            withheld=tuple(sorted(names.get(one, "") for one in tree.withheld[node.name])),
        )
        for node in tree.kinds
    ]
    return tuple(sorted(lines, key=lambda line: KINDS.index(line.kind)))
