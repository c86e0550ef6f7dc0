"""Homes and codes: what a code meant when, which kind a home is, and who lives there today."""

from datetime import date

import pytest
from sqlmodel import Session

from backend.placements import code_lists, queries, service
from tests.factories import make_person


@pytest.mark.parametrize(
    "name", ["placement_type", "place_provider", "participation", "reason_place_change"]
)
def test_every_code_has_a_meaning_and_a_time_that_can_be(name: str) -> None:
    for code, meanings in code_lists.read_codes(name).items():
        for one in meanings:
            assert one.code == code
            assert one.label
            assert one.valid_from is None or one.valid_to is None or one.valid_from < one.valid_to


def test_a_code_is_known_only_for_the_years_of_its_list() -> None:
    assert not queries.is_known_code("placement_type", "K3", date(2024, 3, 31))
    assert queries.is_known_code("placement_type", "K3", date(2024, 3, 31), date(2024, 4, 1))
    assert queries.is_known_code("placement_type", "H5", date(2018, 1, 1))
    assert not queries.is_known_code("placement_type", "H5", date(2025, 4, 1))
    assert not queries.is_known_code("placement_type", "", date(2025, 4, 1))


def test_an_old_code_keeps_its_label_and_an_unknown_one_is_its_own() -> None:
    assert queries.type_label("H5", date(2026, 1, 1)).startswith("Semi-independent")
    assert queries.type_label("Q1", date(2026, 1, 1)) == "Q1"
    codes = [code for code, _ in queries.participation_codes(date(2026, 1, 1))]
    assert codes == ["PN0", "PN1", "PN2", "PN3", "PN4", "PN5", "PN6", "PN7"]


@pytest.mark.parametrize(
    ("code", "provider", "kind"),
    [
        ("U6", "Lantern Fostering", "agency_fostering"),
        ("U6", "Council fostering service", "in_house_fostering"),
        ("U4", None, "in_house_fostering"),
        ("U1", "Lantern Fostering", "kinship"),
        ("K2", "Lantern Homes", "residential"),
        ("K3", "Lantern Homes", "supported"),
        ("P1", None, "with_parents"),
        ("P2", None, "own_place"),
        ("R5", None, "other"),
    ],
)
def test_the_kind_of_a_home_knows_whose_foster_carers_they_are(
    session: Session, code: str, provider: str | None, kind: str
) -> None:
    provider_id = None
    if provider:
        provider_id, _ = service.keep_provider(session, "SC1", name=provider)
    values: dict[str, str | int | None] = {"name": "A", "type_code": code}
    home_id, _ = service.keep_home(session, "H1", values=values | {"provider_id": provider_id})
    home = queries.home(session, home_id)
    assert home is not None
    assert queries.home_kind_of(session, home) == kind


def test_siblings_are_residents_of_one_home_until_one_moves(session: Session, noon: object) -> None:
    first, second = (make_person(session).id or 0 for _ in range(2))
    home_id, _ = service.keep_home(session, "H1", values={"name": "A", "type_code": "U6"})
    other_id, _ = service.keep_home(session, "H2", values={"name": "B", "type_code": "U6"})
    start, as_at = date(2026, 1, 5), date(2026, 11, 20)
    for person_id in (first, second):
        service.keep_placement(session, person_id, home_id, started_on=start, as_at=as_at)
    assert queries.residents(session, home_id) == sorted([first, second])
    done = service.keep_placement(session, second, other_id, started_on=None, as_at=as_at)
    assert done == ("added", 1)
    assert queries.residents(session, home_id) == [first]
    assert queries.residents(session, other_id) == [second]
    assert queries.homes_of(session, []) == {}


def test_the_same_home_with_another_start_is_one_placement_corrected(
    session: Session, noon: object
) -> None:
    person_id = make_person(session).id or 0
    home_id, _ = service.keep_home(session, "H1", values={"name": "A", "type_code": "U6"})
    as_at = date(2026, 11, 20)
    days = (date(2026, 1, 5), date(2026, 1, 6), date(2026, 1, 6), None)
    done = [
        service.keep_placement(session, person_id, home_id, started_on=day, as_at=as_at)[0]
        for day in days
    ]
    assert done == ["added", "changed", "unchanged", "unchanged"]
    assert len(queries.placements_of(session, person_id)) == 1
