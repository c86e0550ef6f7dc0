"""A real browser on a real demo borough, started as anybody would start it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

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

__all__ = [
    "DESK",
    "FLAGS",
    "PHONE",
    "Demo",
    "free_port",
    "open_context",
    "running_demo",
    "wait_until_it_serves",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys share one demo and one browser, so they run on one worker."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("journeys"))
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One demo borough for all journeys."""
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
