"""A worker for a process of its own, for tests that kill it."""

import os
import time
from datetime import datetime
from pathlib import Path

import backend.tables  # noqa: F401
from backend.core import clock, database, encryption, jobs
from backend.messaging import providers, sending
from backend.messaging.channels import Channel, Outcome, Outgoing
from backend.messaging.jobs import HANDLERS
from backend.settings import Settings, get_settings

LONGEST = 60.0


class StopsAt:
    """A real channel that stands still before a message leaves, or after the answer came."""

    def __init__(self, real: Channel, place: str, mark: Path) -> None:
        self.real, self.place, self.mark = real, place, mark
        self.name, self.can_look_up = real.name, real.can_look_up

    def send(self, message: Outgoing) -> Outcome:
        self.stop("asking")
        outcome = self.real.send(message)
        self.stop("answered")
        return outcome

    def look_up(self, reference: str) -> Outcome:
        return self.real.look_up(reference)

    def stop(self, place: str) -> None:
        if self.place == place:
            self.mark.touch()
            time.sleep(LONGEST)  # until it is killed


def main(
    address: str,
    keys: Path,
    moment: datetime,
    place: str,
    mark: Path,
    environment: dict[str, str],
) -> None:
    """Do what is due in this database at this moment, with the keys of that folder and these
    settings; stand still at `place`, and leave the mark that says so."""
    os.environ.clear()
    os.environ.update(environment)
    get_settings.cache_clear()
    encryption.load_keys(keys)

    def stopping(settings: Settings, channel: str) -> Channel | None:
        real = providers.channel_for(settings, channel)
        return StopsAt(real, place, mark) if real else None

    sending.channel_for = stopping  # type: ignore[assignment]
    with clock.set_to(moment):
        jobs.run_all_due(database.open_engine(address), dict(HANDLERS))
