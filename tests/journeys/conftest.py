"""A real browser on a real demo borough, started as anybody would start it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import Engine

from backend.settings import Settings
from tests.journeys.demos import (
    DESK,
    FLAGS,
    PHONE,
    Demo,
    free_port,
    open_context,
    running_demo,
    wait_until_it_serves,
)
from tests.journeys.families import Desk, Family, Phone, open_page
from tests.journeys.ways import sign_in
from tests.offline.served import Served, serving

__all__ = [
    "DESK",
    "FLAGS",
    "PHONE",
    "Demo",
    "Desk",
    "Family",
    "Phone",
    "Served",
    "free_port",
    "open_context",
    "running_demo",
    "wait_until_it_serves",
]


@pytest.hookimpl(tryfirst=True)  # before xdist looks for groups, however early this was loaded
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys through the demo share one, so they run on one worker; the others on any."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.journey)
            if "demo" in getattr(item, "fixturenames", ()):
                # A module with a demo of its own need not wait for those that share one.
                own = getattr(getattr(item, "module", None), "demo", None)
                name = item.path.stem if own is not None else "journeys"
                item.add_marker(pytest.mark.xdist_group(name))


def _is_in_its_group(item: pytest.Item) -> bool:
    mark = item.get_closest_marker("xdist_group")
    return mark is None or item.nodeid.endswith(f"@{mark.args[0]}")


@pytest.fixture(scope="session")
def demo(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Demo]:
    """One demo borough for all journeys, in the order in which they are written."""
    if hasattr(request.config, "workerinput"):
        # Apart, each would meet what others had left there, in an order of chance.
        is_grouped = all(map(_is_in_its_group, request.session.items))
        assert is_grouped, "xdist keeps no groups: run it with --dist loadgroup"
    with running_demo(tmp_path_factory.mktemp("demo")) as demo:
        yield demo


@pytest.fixture
def phone(browser: Browser, demo: Demo) -> Iterator[Page]:
    """A small phone."""
    context = open_context(browser, demo, viewport=PHONE, has_touch=True, is_mobile=True)
    yield context.new_page()
    context.close()


@pytest.fixture
def plain_phone(browser: Browser, demo: Demo) -> Iterator[Page]:
    """A small phone with JavaScript off."""
    context = open_context(browser, demo, viewport=PHONE, java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture
def desk(browser: Browser, demo: Demo) -> Iterator[Page]:
    """A laptop."""
    context = open_context(browser, demo, viewport=DESK)
    yield context.new_page()
    context.close()


@pytest.fixture
def served(sqlite_engine: Engine, settings: Settings) -> Iterator[Served]:
    """Heard on a database of its own, at whatever day core.clock is set to."""
    with serving(sqlite_engine, settings) as served:
        yield served


@pytest.fixture
def new_phone(browser: Browser) -> Iterator[Phone]:
    """Each call a small phone of its own, in its own hands."""
    pages: list[Page] = []

    def make(family: Family, **options: Any) -> Page:
        pages.append(open_page(browser, family, viewport=PHONE, has_touch=True, **options))
        return pages[-1]

    yield make
    for page in pages:
        page.context.close()


@pytest.fixture
def new_desk(browser: Browser) -> Iterator[Desk]:
    """Each call a laptop of its own, with one of those around the young person signed in."""
    pages: list[Page] = []

    def make(family: Family, part: str) -> Page:
        pages.append(open_page(browser, family, viewport=DESK))
        sign_in(pages[-1], family.accounts[part])
        return pages[-1]

    yield make
    for page in pages:
        page.context.close()
