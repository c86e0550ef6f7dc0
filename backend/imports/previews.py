"""Shows what a file would do before it is brought in, and then brings in exactly that file."""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col, select

from backend.core import clock, jobs
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Permission
from backend.core.access.requires import check
from backend.core.tokens import make_token
from backend.imports import service
from backend.imports.csv_files import ImportUnusable
from backend.imports.models import Preview
from backend.imports.reports import ImportReport
from backend.imports.runs import Terms

KEPT_FOR = timedelta(hours=1)
SWEEP = "imports.sweep"
KINDS = ("people", "ssda903", "annex-a")
LARGEST_UPLOAD = 25 * 1024 * 1024
MOST_FILES = 40
ENDINGS = (".csv", ".xlsx", ".xlsm")
Files = Mapping[str, bytes]


class PreviewGone(Exception):
    """The file was looked at more than an hour ago, or by somebody else: it has to come again."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file or folder in the folder for imports, and what it looks like."""

    name: str
    kind: str


def waiting(folder: Path | None) -> list[Waiting]:
    """What lies in the folder for imports; nothing where there is none, or it cannot be read."""
    if folder is None or not folder.is_dir():
        return []
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return []
    found = []
    for path in entries:
        kind = kind_of(path)
        if kind and not path.name.startswith((".", "~")) and path.name != "contacts.csv":
            found.append(Waiting(path.name, kind))
    return found


def kind_of(path: Path) -> str:
    """What a file looks like by its name; empty where it is none of ours."""
    if path.is_symlink():
        return ""
    if path.is_dir():
        return "ssda903"
    ending = path.suffix.casefold()
    return {".csv": "people", ".xlsx": "annex-a", ".xlsm": "annex-a"}.get(ending, "")


def look_at_upload(
    session: Session, viewer: StaffIdentity, kind: str, files: Files, *, options: dict[str, Any]
) -> str:
    """Hold uploaded files against what stands, writing nothing of it; the preview's token.

    Raises ImportUnusable, in words, for files that are none, too many, too large or unreadable.
    """
    check(viewer, Permission.RUN_IMPORTS)
    _check_files(kind, files)
    with _laid_out(files) as folder:
        report = _run(session, kind, _path_in(folder, kind, files), options, Terms(dry_run=True))
    packed = {name: base64.b64encode(content).decode("ascii") for name, content in files.items()}
    return _keep(session, viewer, kind, report, options, files=packed, digest=_digest(files))


def look_at_waiting(
    session: Session,
    viewer: StaffIdentity,
    folder: Path | None,
    name: str,
    *,
    options: dict[str, Any],
) -> str:
    """The same for a file that waits in the folder for imports."""
    check(viewer, Permission.RUN_IMPORTS)
    one = next((one for one in waiting(folder) if one.name == name), None)
    if one is None or folder is None:
        raise ImportUnusable(f"There is no file {Path(name).name} in the folder for imports.")
    path = folder / one.name
    report = _run(session, one.kind, path, options, Terms(dry_run=True))
    digest = _digest(_read(path))
    return _keep(session, viewer, one.kind, report, options, waiting_name=name, digest=digest)


def find(session: Session, viewer: StaffIdentity, token: str) -> Preview:
    """One's own preview; raises PreviewGone after an hour."""
    check(viewer, Permission.RUN_IMPORTS)
    row = session.exec(select(Preview).where(Preview.token == token)).first()
    if row is None or row.staff_id != viewer.staff_id or _is_over(row):
        raise PreviewGone
    return row


def bring_in(
    session: Session, viewer: StaffIdentity, token: str, *, folder: Path | None, is_sure: bool
) -> ImportReport:
    """Bring in exactly what was looked at; the file is then gone from here.

    Raises PreviewGone, ImportUnusable where file or rows are others than those looked at, and
    ImportDoubtful where somebody must say first that it is right.
    """
    row = find(session, viewer, token)
    digest, state = row.fingerprint.split(":")
    terms = Terms(ran_by=viewer.actor, is_sure=is_sure, expected_state=state)
    if row.waiting_name:
        path = (folder or Path()) / row.waiting_name
        if folder is None or _digest(_read(path)) != digest:
            raise ImportUnusable(
                f"{row.waiting_name} is another file than the one you looked at. Look again first."
            )
        report = _run(session, row.kind, path, row.options, terms)
    else:
        files = {name: base64.b64decode(content) for name, content in row.files.items()}
        with _laid_out(files) as laid:
            report = _run(session, row.kind, _path_in(laid, row.kind, files), row.options, terms)
    session.delete(row)
    session.flush()
    return report


def leave(session: Session, viewer: StaffIdentity, token: str) -> None:
    """Drop a preview without bringing anything in."""
    session.delete(find(session, viewer, token))


def sweep(session: Session) -> None:
    """Drop every preview whose hour is over, with the file in it."""
    session.execute(delete(Preview).where(col(Preview.made_at) <= clock.now() - KEPT_FOR))


def _is_over(row: Preview) -> bool:
    return clock.now() - row.made_at >= KEPT_FOR


def _keep(
    session: Session,
    viewer: StaffIdentity,
    kind: str,
    report: ImportReport,
    options: dict[str, Any],
    *,
    digest: str,
    files: dict[str, str] | None = None,
    waiting_name: str = "",
) -> str:
    # One at a time for each administrator: a new look takes the place of the last.
    session.execute(delete(Preview).where(col(Preview.staff_id) == viewer.staff_id))
    token = make_token()
    session.add(
        Preview(
            token=token,
            kind=kind,
            staff_id=viewer.staff_id,
            files=files or {},
            waiting_name=waiting_name,
            options=options,
            report=report.as_values(),
            fingerprint=f"{digest}:{report.state}",
            made_at=clock.now(),
        )
    )
    jobs.enqueue(session, SWEEP, due_at=clock.now() + KEPT_FOR)
    return token


def _run(
    session: Session, kind: str, path: Path, options: dict[str, Any], terms: Terms
) -> ImportReport:
    if kind == "annex-a":
        return service.import_annex(session, path, terms=terms)
    if kind == "ssda903":
        return service.import_return(session, path, terms=terms)
    return service.import_people(
        session, path, is_older_allowed=bool(options.get("is_older_allowed")), terms=terms
    )


def _check_files(kind: str, files: Files) -> None:
    if kind not in KINDS:
        raise ImportUnusable("Choose what you bring in: the extract, a return or Annex A.")
    if not files:
        raise ImportUnusable("Choose a file first.")
    if len(files) > MOST_FILES or sum(map(len, files.values())) > LARGEST_UPLOAD:
        raise ImportUnusable("That is more than 25 MB. Use the folder for imports instead.")
    wrong = [name for name in files if not name.casefold().endswith(ENDINGS)]
    if wrong:
        raise ImportUnusable("Choose CSV files, or for Annex A an Excel workbook (.xlsx, .xlsm).")
    if kind == "annex-a" and len(files) != 1:
        raise ImportUnusable("Annex A is one workbook. Choose one file.")


def _path_in(folder: Path, kind: str, files: Files) -> Path:
    """What an import is given: the folder of a return; else the one file beside its contacts."""
    if kind == "ssda903":
        return folder
    names = [name for name in files if name.casefold() != "contacts.csv"]
    if len(names) != 1:
        raise ImportUnusable("Choose the extract, and with it only its contacts.csv.")
    return folder / names[0]


@contextmanager
def _laid_out(files: Files) -> Iterator[Path]:
    """The files in a folder of their own while they are read; gone at the end, whatever happens."""
    with TemporaryDirectory(prefix="heard-import-") as folder:
        for name, content in files.items():
            bare = Path(name).name
            # The extract looks for its contacts under this very name.
            bare = bare.casefold() if bare.casefold() == "contacts.csv" else bare
            (Path(folder) / bare).write_bytes(content)
        yield Path(folder)


def _read(path: Path) -> Files:
    try:
        if path.is_dir():
            found = sorted(one for one in path.rglob("*.csv") if one.is_file())
            return {str(one.relative_to(path)): one.read_bytes() for one in found}
        beside = path.parent / "contacts.csv"
        both = [path, *([beside] if path.suffix.casefold() == ".csv" and beside.is_file() else [])]
        return {one.name: one.read_bytes() for one in both}
    except OSError as error:
        raise ImportUnusable(f"{path.name} cannot be read: {error.strerror}.") from error


def _digest(files: Files) -> str:
    total = hashlib.sha256()
    for name, content in sorted(files.items()):
        total.update(f"{name}:{len(content)}:".encode())
        total.update(content)
    return total.hexdigest()
