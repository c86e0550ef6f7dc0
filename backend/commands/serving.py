"""Serves the pages, with or without a worker beside them, and runs a worker alone."""

import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import uvicorn
from sqlalchemy import Engine
from starlette.applications import Starlette

from backend.app import create_app
from backend.settings import Settings
from backend.start import open_house
from backend.worker import Worker


def serve_pages(
    *,
    host: str,
    port: int,
    has_worker: bool,
    house: tuple[Engine, Settings] | None = None,
    when_ready: Callable[[], None] | None = None,
) -> None:
    """Serve until stopped; `when_ready` runs before the first request is answered."""
    engine, settings = house or open_house()
    worker = Worker(engine, marks_in=settings.heard_data)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        if has_worker:
            worker.start()
        if when_ready:
            when_ready()
        yield
        worker.stop()

    app = create_app(engine, settings, lifespan)
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,  # addresses hold links; nobody's way in belongs in a log
        server_header=False,
        date_header=False,
    )


def run_worker() -> None:
    """Run one worker until it is told to stop."""
    engine, settings = open_house()
    worker = Worker(engine, marks_in=settings.heard_data)
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: worker.stop())
    worker.run()
