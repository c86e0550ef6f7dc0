"""The coder trained once for these tests, and the labelled comments where a machine has them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.coder.coding import Coder, Comment
from analysis.learning.defaults import load_default
from analysis.learning.training_sets import read_examples

_BESIDE = Path(__file__).resolve().parents[3] / "shared" / "data"


@pytest.fixture(scope="session", autouse=True)
def _kept_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HEARD_DATA", str(tmp_path_factory.mktemp("kept")))
        yield


@pytest.fixture(scope="session")
def coder(_kept_in: None) -> Coder:
    return load_default()


@pytest.fixture(scope="session")
def our_comments() -> list[Comment]:
    return [
        Comment(str(number), example.text, audience=example.audience)
        for number, example in enumerate(read_examples())
    ]


@pytest.fixture(scope="session")
def gold_comments() -> Path:
    folder = Path(os.environ.get("HEARD_SHARED_DATA", _BESIDE))
    path = folder / "gold_dev.csv"
    if not path.is_file():
        pytest.skip(f"passed over: no labelled comments at {path}")
    return path
