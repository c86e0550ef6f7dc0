"""Every instrument opens as its reader opens it, in a preview that keeps nothing."""

import re
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from backend.commands.previews import make_preview
from backend.settings import Settings
from backend.surveys.instruments import load_instruments

SURVEYS = Path(__file__).parents[3] / "surveys"
FORMS = load_instruments(SURVEYS)


@pytest.mark.parametrize("name", FORMS)
def test_an_instrument_opens_as_its_reader_opens_it(
    name: str, sqlite_engine: Engine, settings: Settings
) -> None:
    app = make_preview(sqlite_engine, settings, FORMS[name], language="en")
    with TestClient(app) as client:
        page = client.get("/")
        if 'name="beside"' in page.text:
            page = client.post(f"{page.url.path}/together", data={"beside": "alone"})
        if 'name="topics"' in page.text:
            topics = [topic.id for topic in FORMS[name].topics]
            page = client.post(page.url.path, data={"topics": topics})
        elif f'action="{page.url.path}"' in page.text and 'name="asked"' not in page.text:
            page = client.post(page.url.path)
        elif forward := re.search(r'href="(/me/next-home/\d+)"', page.text):
            page = client.get(forward[1])
    assert page.status_code == 200
    first = next(iter(FORMS[name].questions))
    # A carer's home is "your home" and a child's their own word; staff read the home's name.
    asked = [
        FORMS[name].words("en", names={"child": "Robin"} | home).question(first.id).text
        for home in ({}, {"home": "Larch House"})
    ]
    assert any(text in unescape(page.text) for text in asked)
