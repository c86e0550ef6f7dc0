"""Opens the house for a command: folder, key, database at its newest, all from the settings."""

import logging
import sys

import structlog
from sqlalchemy import Engine

import backend.tables  # noqa: F401  (every table is known before the first query)
from backend.core import database, encryption
from backend.settings import Settings, get_settings


def open_house() -> tuple[Engine, Settings]:
    """The engine and settings of this process; migrates an empty database and makes its key."""
    log_plainly()
    settings = get_settings()
    settings.heard_data.mkdir(parents=True, exist_ok=True)
    encryption.load_keys(settings.heard_data)
    engine = database.open_engine(settings.database_address)
    database.migrate(engine)
    return engine, settings


def log_plainly() -> None:
    """Logs as one line an event on standard error, without anybody's words."""
    logging.basicConfig(level=logging.WARNING)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(bool_as_flag=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=_print_to_standard_error,
    )


def _print_to_standard_error(*_names: object) -> structlog.PrintLogger:
    """A logger on the standard error of now: the one of the start may be closed by then, and a
    job whose failure cannot be logged would not be tried again."""
    return structlog.PrintLogger(sys.stderr)
