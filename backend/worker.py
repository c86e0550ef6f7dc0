"""The worker loop: runs what is due, and what every feature asks for once a day."""

import threading
import uuid
from datetime import date, datetime
from pathlib import Path

import structlog
from sqlalchemy import Engine

from backend.core import audit, clock, jobs
from backend.core.database import unit_of_work
from backend.duties import DAILY, HANDLERS, HOURLY

log = structlog.get_logger()


class Worker:
    """One worker; any number may run, on any number of machines."""

    def __init__(
        self, engine: Engine, *, pause_seconds: float = 1.0, marks_in: Path | None = None
    ) -> None:
        self.engine = engine
        self.marks_in = marks_in
        self.pause_seconds = pause_seconds
        self.name = uuid.uuid4().hex
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self.run, name="heard-worker", daemon=True)
        self._last_day: date | None = None
        self._last_hour: datetime | None = None

    def start(self) -> None:
        """Run beside the pages, in a thread."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the job in hand and end."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=20)

    def run(self) -> None:
        """Work until told to stop; a fault is logged and the loop goes on."""
        while not self._stop.is_set():
            try:
                is_busy = self.step()
            except Exception:
                log.exception("worker fault")
                is_busy = False
            if not is_busy:
                self._stop.wait(self.pause_seconds)

    def step(self) -> bool:
        """One due job, or the day's or hour's work when a new one began; False when idle."""
        today = clock.today()
        if self._last_day != today:
            for duty in DAILY:
                with unit_of_work(self.engine) as session:
                    duty(session)
            self._mark_audit()
            self._last_day = today
        hour = clock.now().replace(minute=0, second=0, microsecond=0)
        if self._last_hour != hour:
            for duty in HOURLY:
                with unit_of_work(self.engine) as session:
                    duty(session)
            self._last_hour = hour
        if jobs.run_one(self.engine, HANDLERS, self.name):
            return True
        with unit_of_work(self.engine) as session:
            return audit.seal(session) > 0

    def _mark_audit(self) -> None:
        """Write down once a day, in a file and in the log, how far audit goes."""
        if self.marks_in is None:
            return
        with unit_of_work(self.engine) as session:
            kept = audit.keep_mark(session, self.marks_in)
        if kept is not None:
            log.info("audit mark", mark=str(kept))
