"""What was seen while a year ran, so that it can be checked against what stands at the end."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass
class Ledger:
    """Kept by the simulation alone, from what its people did and what it saw each morning."""

    # Answers by their row, exactly as somebody gave them.
    answers: dict[int, Any] = field(default_factory=dict)
    forms_sent: Counter[str] = field(default_factory=Counter)
    # What the invented council did, in words for the summary.
    done: Counter[str] = field(default_factory=Counter)
    # What it wanted to do and Heard refused: the message, and how often.
    refused: Counter[str] = field(default_factory=Counter)
    # Broken rules that only the day itself shows.
    seen_wrong: list[str] = field(default_factory=list)
    rounds_looked_at: set[int] = field(default_factory=set)
    people_looked_at: set[int] = field(default_factory=set)
    without_review: list[str] = field(default_factory=list)
    stale_days: list[date] = field(default_factory=list)
