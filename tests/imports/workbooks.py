"""Annex A workbooks that tests write, as councils fill them: titles above, names as they come."""

from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook

LIST_8 = (
    "Child Unique ID",
    "Gender",
    "Ethnicity",
    "Date of Birth",
    "Age",
    "Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N)",
    "Does the Child have a Disability",
    "Date Started to be Looked After",
    "Child's Category of Need",
    "Start date of current legal status",
    "Child's Legal Status",
    "Date of Latest Statutory Review",
    "Date of Last Social Work Visit",
    "Date Ceased to be Looked After",
    "Start Date of Most Recent Placement",
    "Placement Type",
    "Placement Provider",
)
LIST_9 = (
    "Child Unique ID",
    "Gender",
    "Ethnicity",
    "Date of Birth",
    "Age",
    "UASC",
    "Disability",
    "Allocated Team",
    "Allocated Worker",
    "Allocated Personal Advisor",
    "Eligibility Category",
    "Latest Pathway Plan Review Date",
    "LA in Touch",
    "Latest Date of Contact",
    "Type of Accommodation",
)
CHILD: dict[str, Any] = {
    "Child Unique ID": "M1001",
    "Gender": "b) Female",
    "Ethnicity": "a) WBRI",
    "Date of Birth": date(2014, 3, 9),
    "Age": 12,
    "Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N)": "b) No",
    "Does the Child have a Disability": "a) Yes",
    "Date Started to be Looked After": date(2025, 5, 5),
    "Child's Category of Need": "a) N1",
    "Start date of current legal status": date(2025, 6, 1),
    "Child's Legal Status": "b) C2: Full care order",
    "Date of Latest Statutory Review": date(2026, 6, 10),
    "Date of Last Social Work Visit": date(2026, 11, 2),
    "Start Date of Most Recent Placement": date(2026, 2, 1),
    "Placement Type": "f) U6: Foster placement - not FFA",
    "Placement Provider": "e) PR4",
}
LEAVER: dict[str, Any] = {
    "Child Unique ID": "M1001",
    "Date of Birth": date(2006, 3, 9),
    "Gender": "a) Male",
    "UASC": "a) Yes",
    "Eligibility Category": "b) Former relevant child",
    "Latest Pathway Plan Review Date": date(2026, 9, 1),
    "LA in Touch": "a) Yes",
}
TITLES = (("Hollin Hill Council",), (), ("Annex A, as at", date(2026, 11, 20)))


def write_annex(
    folder: Path,
    children: list[dict[str, Any]] | None = None,
    leavers: list[dict[str, Any]] | None = None,
    *,
    sheets: tuple[str, str] = ("List 8", "List 9"),
    names: dict[str, str] | None = None,
    name: str = "annex.xlsx",
) -> Path:
    """A workbook with a list of each kind that is given; rows are CHILD or LEAVER with cells
    replaced, and `names` gives columns other names."""
    book = Workbook()
    book.worksheets[0].title = "Contents"
    for title, columns, base, rows in (
        (sheets[1], LIST_9, LEAVER, leavers),
        (sheets[0], LIST_8, CHILD, children),
    ):
        if rows is None:
            continue
        sheet = book.create_sheet(title)
        for above in TITLES:
            sheet.append(above)
        sheet.append([(names or {}).get(column, column) for column in columns])
        for row in rows:
            cells = base | row
            sheet.append([cells.get(column) for column in columns])
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    book.save(path)
    return path
