"""The form with a question of each type, for every test of ways to answer."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from backend.surveys import catalogue
from tests.surveys.rounds import alone, choose, enter, open_round
from tests.surveys.way_instruments import write_ways
from tests.surveys.ways import Ways


@pytest.fixture
def ways(
    client: TestClient,
    app_session: Session,
    noon: object,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Ways:
    """A child alone at the first question of a form that asks in every way."""
    monkeypatch.setattr(catalogue, "SURVEYS", write_ways(tmp_path / "surveys"))
    round_ = open_round(app_session)
    enter(client, app_session, round_.contributor)
    alone(client, round_)
    return Ways(client, app_session.get_bind(), round_, choose(client, round_))
