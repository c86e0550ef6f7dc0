"""Small returns and extracts that tests write, and a dump of a whole database to compare."""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, inspect, text
from sqlmodel import Session

HEADERS = {
    "header": "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB",
    "episodes": (
        "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,"
        "HOME_POST,PL_POST,URN"
    ),
    "reviews": "CHILD,DOB,REVIEW,REVIEW_CODE",
    "uasc": "CHILD,SEX,DOB,DUC",
    "missing": "CHILD,DOB,MISSING,MIS_START,MIS_END",
}
PERSON = {
    "child_id": "M1001",
    "id_903": "90301",
    "known_as": "Zoë",
    "date_of_birth": "09/03/2014",
    "language": "English",
    "communication": "",
    "group": "looked_after",
    "iro": "Ines Oduya",
    "iro_email": "ines@council.example",
    "worker": "Wade Marsh",
    "worker_email": "wade@council.example",
    "personal_adviser": "",
    "team": "Team Oak",
    "home_id": "FC1",
    "home_name": "Alder household",
    "home_type": "U6",
    "provider_urn": "SC400001",
    "provider_name": "Lantern Fostering",
    "placement_start": "01/02/2026",
    "channel": "text",
    "address": "07700 900001",
    "next_review": "10/12/2026",
    "AS_AT": "20/11/2026",
}
CONTACT_HEADER = "child_id,kind,name,channel,address,invite"


def write_return(folder: Path, *, encoding: str = "utf-8", **rows: list[str]) -> Path:
    """A return with the given rows of header, episodes, reviews, uasc, missing."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in rows.items():
        text = "\r\n".join([HEADERS[name], *lines]) + "\r\n"
        (folder / f"{name}.csv").write_bytes(text.encode(encoding))
    return folder


def episode(child: str, start: str, end: str = "", **values: str) -> str:
    """A row of episodes.csv; `values` replace LS, PLACE, PLACE_PROVIDER, RPC, PL_POST, URN."""
    cells = {
        "LS": "C2",
        "PLACE": "U6",
        "PLACE_PROVIDER": "PR4",
        "RPC": "",
        "PL_POST": "HB1 1AA",
        "URN": "SC400001",
    } | values
    return ",".join(
        [
            child,
            start,
            "S",
            cells["LS"],
            "N1",
            cells["PLACE"],
            cells["PLACE_PROVIDER"],
            end,
            "X1" if end else "",
            cells["RPC"],
            "HB2 2BB",
            cells["PL_POST"],
            cells["URN"],
        ]
    )


def write_extract(
    folder: Path, *people: dict[str, str], contacts: list[str] | None = None, **options: Any
) -> Path:
    """An extract with one row for each person: PERSON with those cells replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    columns = options.get("columns", list(PERSON))
    lines = [",".join(columns)]
    lines += [",".join((PERSON | person)[column] for column in columns) for person in people]
    path = folder / "extract.csv"
    path.write_bytes("\n".join(lines).encode(options.get("encoding", "utf-8")))
    if contacts is not None:
        (folder / "contacts.csv").write_text("\n".join([CONTACT_HEADER, *contacts]), "utf-8")
    return path


def dump(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table as the database itself holds it, ciphertext included."""
    session.flush()
    connection = session.connection()
    return {
        name: sorted(map(tuple, connection.execute(text(f'SELECT * FROM "{name}"'))), key=repr)
        for name in inspect(connection).get_table_names()
    }


def dump_engine(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """The same, of a database that nobody has open."""
    with Session(engine) as session:
        return dump(session)
