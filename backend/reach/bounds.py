"""What silence could hide: the share among those who answered, and its bounds over everybody.

Nothing is assumed of the silent, so nothing is guessed: had all of them said no, or all yes, the
share of everybody would lie at one end or the other (C. F. Manski, Partial Identification of
Probability Distributions, 2003).
"""

from dataclasses import dataclass

WIDTH, LEFT = 560.0, 10.0  # of the bar, in the units of its drawing


@dataclass(frozen=True)
class Bounds:
    """One question: how many answered it, how many said yes, and how many could have been asked."""

    title: str
    yes: int
    answered: int
    entitled: int

    @property
    def silent(self) -> int:
        """How many did not answer it."""
        return self.entitled - self.answered

    @property
    def share(self) -> int:
        """Percentage of those who answered; 0 where nobody did."""
        return percent(self.yes, self.answered)

    @property
    def lowest(self) -> int:
        """Percentage of everybody, had all the silent said no."""
        return percent(self.yes, self.entitled)

    @property
    def highest(self) -> int:
        """Percentage of everybody, had all the silent said yes."""
        return percent(self.yes + self.silent, self.entitled)

    def place(self, share: int) -> float:
        """Where a percentage stands on the bar."""
        return round(LEFT + WIDTH * share / 100, 1)


def percent(part: int, whole: int) -> int:
    """A whole percentage; 0 of nothing."""
    return round(100 * part / whole) if whole else 0
