"""The full synthetic return, read in place: its figures, its speed, and twice the same."""

import time
from pathlib import Path

import pytest
from sqlalchemy import Engine

from backend.imports.service import import_return
from tests.imports.files import dump_engine

MOST_SECONDS = 10


@pytest.fixture
def shared_return(shared_data: Path) -> Path:
    """The folder of the return, where it is."""
    folder = shared_data / "ssda903"
    if not folder.is_dir():
        pytest.skip(f"the synthetic return is not at {folder}")
    return folder


def test_the_full_return_is_read_in_ten_seconds_and_twice_is_once(
    sqlite_engine: Engine, shared_return: Path
) -> None:
    start = time.monotonic()
    report = import_return(sqlite_engine, shared_return)
    assert time.monotonic() - start < MOST_SECONDS
    added = {name: change.added for name, change in report.counts.items()}
    assert added["children"] == 2675
    assert added["episodes"] == 5050
    assert added["reviews"] == 12582
    assert report.unusable == []
    before = dump_engine(sqlite_engine)
    assert not import_return(sqlite_engine, shared_return).is_changed
    assert dump_engine(sqlite_engine) == before


def test_the_known_oddities_of_the_full_return_are_flagged(
    sqlite_engine: Engine, shared_return: Path
) -> None:
    flags = import_return(sqlite_engine, shared_return, dry_run=True).flags
    assert flags["440"].count + flags["441"].count == 2098
    assert flags["review_twice"].count + flags["review_conflicting"].count == 14
    assert flags["review_conflicting"].count == 12
    assert flags["review_after_year_end"].count > 0
    assert flags["501"].count > 0
    assert flags["399"].count > 0
    assert flags["blank_place_postcode"].count == 1
    assert flags["child_without_episode"].count == 2675 - 2123
