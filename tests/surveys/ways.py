"""A form that asks in every way, answered as its own pages would: for tests of answering."""

from typing import Any

import html5lib  # type: ignore[import-untyped]
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import select

from backend.surveys import queries
from backend.surveys.models import Answer
from tests.surveys.rounds import Round
from tests.surveys.test_pages import reading
from tests.surveys.way_instruments import PLACES, name_of

HOUSE = {"strokes": [[[100, 900], [100, 500], [500, 100], [900, 500]], [[0, 1000]]]}
THICK = {**HOUSE, "widths": [3, 1]}


def fields_of(page: str) -> dict[str, Any]:
    """What a page's form sends when nothing is touched; a name that is ticked twice has a list."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    sent: dict[str, Any] = {}
    for field in tree.iter("input"):
        is_box = field.get("type") in ("radio", "checkbox")
        if not field.get("name") or (is_box and field.get("checked") is None):
            continue
        sent.setdefault(field.get("name"), []).append(field.get("value") or "")
    for box in tree.iter("textarea"):
        sent[box.get("name")] = ["".join(box.itertext()).removeprefix("\n")]
    return {name: values[0] if len(values) == 1 else values for name, values in sent.items()}


class Ways:
    """The form with a question of each type, answered as its own pages would."""

    def __init__(self, client: TestClient, engine: Engine, round_: Round, first: str) -> None:
        self.client, self.engine, self.round = client, engine, round_
        self.topic = first.rsplit("/", 1)[0]

    def at(self, kind: str) -> str:
        return f"{self.topic}/{PLACES[kind]}"

    def page(self, kind: str) -> str:
        return self.client.get(self.at(kind)).text

    def post(self, kind: str, values: dict[str, Any]) -> Any:
        """Post a page with these fields changed; their names begin with the question's own."""
        fields = fields_of(self.page(kind))
        fields |= {f"{name_of(kind)}{key}": value for key, value in values.items()}
        return self.client.post(self.at(kind), data=fields)

    def kept(self) -> Any:
        """The one value that stands, or None."""
        with reading(self.engine) as session:
            found = session.exec(select(Answer)).all()
        assert len(found) <= 1
        return found[0].value if found else None

    def send(self) -> queries.SentAnswer:
        """Send the topic; its one answer as staff read it."""
        self.client.post(f"{self.topic}/end", data={"action": "send"})
        with reading(self.engine) as session:
            (topic,) = queries.sent_topics(session)
        (answer,) = topic.answers
        return answer
