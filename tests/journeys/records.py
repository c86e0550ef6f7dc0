"""What the running demo holds, read beside it: who stands around whom, and what lies in a row."""

import csv
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from backend.core import clock
from backend.core.encryption import KEY_FILE, Keyring, read_key_file
from tests.journeys.demos import Demo


@dataclass(frozen=True)
class Somebody:
    """A contributor of the demo with the line of the extract about the child (none for staff)."""

    contributor_id: int
    person_id: int
    extract: dict[str, str]

    @property
    def age(self) -> int:
        """The child's age in years, today."""
        day, month, year = map(int, self.extract["date_of_birth"].split("/"))
        today = clock.today()
        return today.year - year - ((today.month, today.day) < (month, day))


def keys_of(demo: Demo) -> Keyring:
    """The demo's own keys, without making them this process's keys."""
    return read_key_file(demo.data / KEY_FILE)


def rows_of(demo: Demo, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """Rows of the demo's database, opened for reading alone."""
    address = f"file:{demo.data / 'heard.db'}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, timeout=30)) as connection:
        return connection.execute(statement, values).fetchall()


def extract_of(demo: Demo) -> dict[str, dict[str, str]]:
    """The demo's weekly extract, by child."""
    with (demo.data / "demo" / "extract.csv").open(encoding="utf-8", newline="") as file:
        return {row["child_id"]: row for row in csv.DictReader(file)}


def contacts_of(demo: Demo, child_id: str) -> list[dict[str, str]]:
    """The carers, staff and parents that the extract names for one child."""
    with (demo.data / "demo" / "contacts.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["child_id"] == child_id]


def who_is(demo: Demo, door: dict[str, Any]) -> Somebody:
    """Whose way in this is."""
    keys = keys_of(demo)
    for code, contributor_id, own_id, around_id in rows_of(
        demo,
        "select p.code, c.id, c.person_id, k.person_id from entry_pass p"
        " join contributor c on c.id = p.contributor_id"
        " left join contact k on k.id = c.contact_id",
    ):
        if keys.decrypt(code).replace("-", "") == door["code"].replace("-", ""):
            person_id = own_id or around_id or 0
            return Somebody(contributor_id, person_id, line_of(demo, person_id))
    raise AssertionError(f"nobody has the code of this {door['kind']}")


def line_of(demo: Demo, person_id: int) -> dict[str, str]:
    """The extract's line about one person."""
    for (child_id,) in rows_of(demo, "select child_id from person where id = ?", person_id):
        return extract_of(demo)[child_id]
    return {}


def account_of(demo: Demo, email: str) -> dict[str, Any]:
    """How the colleague with this address signs in."""
    found: dict[str, Any] = next(one for one in demo.doors["staff"] if one["email"] == email)
    return found


def answers_of(demo: Demo, contributor_id: int) -> Iterator[Any]:
    """Every value that one contributor gave, as it lies in the database, decrypted."""
    keys = keys_of(demo)
    for (value,) in rows_of(
        demo,
        "select a.value from answer a join topic t on t.id = a.topic_row_id"
        " join response r on r.id = t.response_id where r.contributor_id = ? order by a.id",
        contributor_id,
    ):
        yield json.loads(keys.decrypt(value))


def children_with_open_review(demo: Demo, *, ages: range) -> list[Somebody]:
    """Children whose form before the review is open and whose way in no other journey uses."""
    taken = {who_is(demo, door).person_id for door in demo.doors["contributors"]}
    today = clock.today().isoformat()
    found = [
        Somebody(contributor_id, person_id, line_of(demo, person_id))
        for contributor_id, person_id in rows_of(
            demo,
            "select c.id, n.person_id from consultation n"
            " join contributor c on c.person_id = n.person_id and c.kind = 'child'"
            " where n.moment = 'before_review' and n.opens_on <= ? and n.closes_on >= ?"
            " and not exists (select 1 from response r where r.consultation_id = n.id"
            " and r.contributor_id = c.id) order by c.id",
            today,
            today,
        )
        if person_id not in taken
    ]
    return [one for one in found if one.age in ages and one.extract["language"] == "English"]


def open_review_of(demo: Demo, person_id: int) -> int:
    """The review of a person that has not been held."""
    found = rows_of(
        demo,
        "select id from review where person_id = ? and held_on is null order by due_on",
        person_id,
    )
    review_id: int = found[0][0]
    return review_id
