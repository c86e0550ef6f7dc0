"""Writes the borough as councils fill Annex A for an inspection: List 8 and List 9, untidily."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from openpyxl import Workbook

from backend.demo.borough.draws import Chance, age_on, stream
from backend.demo.borough.extracts import british
from backend.demo.borough.records import Borough, Case, Review

Cell = str | date | int | None
CHILDREN = (
    "Child Unique ID",
    "Gender",
    "Ethnicity",
    "Date of Birth",
    "Age",
    "Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N)",
    "Does the Child have a Disability",
    "Date Started to\nbe Looked After",
    "Child's Category of Need",
    "Child's\N{NO-BREAK SPACE}Legal Status",
    "Date of Latest Statutory Review",
    "Date of Last Social Work Visit",
    "Start Date of Most Recent Placement",
    "Placement Type ",
    "Placement Provider",
)
LEAVERS = (
    "Child Unique ID",
    "Gender",
    "Ethnicity",
    "Date of Birth",
    "Age",
    "UASC",
    "Disability",
    "Allocated Team",
    "Eligibility Category",
    "Latest Pathway Plan Review Date",
    "LA in Touch",
    "Type of Accommodation",
)
# Some dates are typed as text, and some look-ups of the council's own sheet have failed.
TEXT_SHARE = 0.1
ERROR_SHARE = 0.02


def write_annex(borough: Borough, path: Path) -> Path:
    """One workbook; children with short breaks alone stand in neither list."""
    book = Workbook()
    book.worksheets[0].title = "Guidance"
    leavers = [case for case in borough.cases if case.group == "care_leaver"]
    children = [case for case in borough.cases if case.group == "looked_after"]
    for title, columns, cases in (
        ("9. Care leavers", LEAVERS, leavers),
        ("8. Children looked after", CHILDREN, children),
    ):
        sheet = book.create_sheet(title)
        sheet.append([title.partition(" ")[2], None, f"as at {british(borough.today)}"])
        sheet.append([])
        sheet.append(columns)
        for case in cases:
            row = _leaver_row if case.group == "care_leaver" else _child_row
            sheet.append(row(case, borough))
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def last_held(reviews: tuple[Review, ...], today: date) -> date | None:
    """The newest review that was held by a day."""
    return max((one.held for one in reviews if one.held <= today), default=None)


def _who(case: Case, today: date) -> list[Cell]:
    person = case.person
    return [
        person.child_id,
        "a) Male" if person.sex == "M" else "b) Female",
        f"{person.ethnicity[0].lower()}) {person.ethnicity}",
        person.date_of_birth,
        age_on(person.date_of_birth, today),
        "a) Yes" if person.is_unaccompanied else "b) No",
        "a) Yes" if person.communication == "observer" else "b) No",
    ]


def _child_row(case: Case, borough: Borough) -> list[Cell]:
    chance = stream(borough.seed, "annex", case.person.child_id)
    latest = last_held(borough.care_reviews.get(case.person.child_id, ()), borough.today)
    return [
        *_who(case, borough.today),
        _untidy(chance, case.person.in_care_since),
        "a) N1",
        f"c) {case.person.legal_status}",
        _untidy(chance, latest),
        "#N/A" if chance.random() < ERROR_SHARE else borough.today,
        case.placement_start,
        f"f) {case.home.kind}: as coded",
        f"d) {case.home.sector}",
    ]


def _leaver_row(case: Case, borough: Borough) -> list[Cell]:
    latest = last_held(borough.pathway_reviews.get(case.person.child_id, ()), borough.today)
    return [
        *_who(case, borough.today),
        case.team,
        "b) Former relevant child",
        latest,
        "a) Yes",
        "f) Independent living",
    ]


def _untidy(chance: Chance, day: date | None) -> Cell:
    return british(day) if day and chance.random() < TEXT_SHARE else day
