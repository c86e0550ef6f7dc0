"""Carries a simulated year's texts and e-mails to nobody, and is away for two days of it."""

from collections import Counter
from datetime import date, timedelta

from backend.core import clock
from backend.demo.borough.draws import stream
from backend.messaging.channels import Outcome, Outgoing, Result

AWAY_FROM, AWAY_FOR = 45, 2  # days into the year, days
BOUNCE, LOST_ANSWER = 3, 2  # of messages, in percent


class Provider:
    """A provider that can look a message up by its reference; it knows how often it took each."""

    name = "notify"
    can_look_up = True

    def __init__(self, first: date, seed: int) -> None:
        self.taken: Counter[str] = Counter()
        self._places: dict[str, int] = {}
        self.refused_while_away = 0
        self._away = {first + timedelta(days=AWAY_FROM + day) for day in range(AWAY_FOR)}
        self._seed = seed

    @property
    def is_away(self) -> bool:
        """Whether it answers nobody today."""
        return clock.today() in self._away

    def send(self, message: Outgoing) -> Outcome:
        """Take a message, lose its own answer now and then, or be away."""
        if self.is_away:
            self.refused_while_away += 1
            return Outcome(Result.NOT_TAKEN, fault="no_answer")
        self.taken[message.reference] += 1
        number = len(self.taken)
        self._places.setdefault(message.reference, number - 1)
        if stream(self._seed, "lost answer", number).randint(1, 100) <= LOST_ANSWER:
            return Outcome(Result.UNKNOWN, fault="lost_answer")
        return Outcome(Result.ACCEPTED, provider_id=f"simulated-{number}")

    def look_up(self, reference: str) -> Outcome:
        """What became of a message; a few come back from their address."""
        if self.is_away:
            return Outcome(Result.UNKNOWN, fault="no_answer")
        if reference not in self.taken:
            return Outcome(Result.NOT_FOUND)
        place = self._places[reference]
        bounces = stream(self._seed, "bounce", place).randint(1, 100) <= BOUNCE
        result = Result.BOUNCED if bounces else Result.DELIVERED
        return Outcome(result, provider_id=f"simulated-{place + 1}")
