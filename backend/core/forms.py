"""Reads a posted form as it was sent: nothing rejected before our own rules have seen it."""

import unicodedata
from datetime import date
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from backend.core import guard
from backend.core.tokens import plain_digits

MOST_FIELDS = 500
MOST_UPLOADS = 60


class Fields:
    """The texts of a posted form; a missing field is an empty text."""

    def __init__(self, form: FormData) -> None:
        self._form = form

    def text(self, name: str) -> str:
        """The text exactly as written, with the browser's line ends made plain again."""
        value = self._form.get(name)
        return as_text(value).replace("\r\n", "\n") if isinstance(value, str) else ""

    def word(self, name: str) -> str:
        """The text without spaces around it, for codes, names and addresses: on one line, and
        without the signs that no page can show."""
        text = self.text(name)
        if not text.isprintable():
            text = "".join(" " if one in "\n\t" else one for one in text if is_shown(one))
        return text.strip()

    def all(self, name: str) -> list[str]:
        """Every value of a name that may be ticked several times."""
        return [as_text(value) for value in self._form.getlist(name) if isinstance(value, str)]

    def whole_number(self, name: str) -> int | None:
        """The whole number in a field, or None."""
        text = plain_digits(self.word(name))
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None

    def day(self, name: str) -> date:
        """The date typed into three boxes; raises ValueError when it is none."""
        parts = [self.whole_number(f"{name}-{part}") for part in ("year", "month", "day")]
        if None in parts:
            raise ValueError(f"no date in {name}")
        year, month, day = (part or 0 for part in parts)
        return date(year, month, day)

    def beside(self, name: str, text: str) -> "Fields":
        """The same form with one more field."""
        return Fields(FormData([*self._form.multi_items(), (name, text)]))

    def names(self) -> set[str]:
        """Which fields were sent."""
        return set(self._form)


def is_shown(sign: str) -> bool:
    """Whether a sign can stand in a page: not NUL and its like, which HTML has no place for."""
    is_character = ord(sign) & 0xFFFE != 0xFFFE and not 0xFDD0 <= ord(sign) <= 0xFDEF
    return sign in "\n\t" or (is_character and unicodedata.category(sign) not in ("Cc", "Cs"))


def as_text(value: str) -> str:
    """A sent text as it can be kept: half a character (a lone surrogate) is shown as one that
    could not be read, because no encoding has a place for it."""
    return (
        value
        if value.isascii()
        else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    )


async def read_fields(request: Request) -> Fields:
    """The posted form of a request."""
    try:
        form = await request.form(
            max_files=0, max_fields=MOST_FIELDS, max_part_size=guard.MOST_BYTES
        )
    except HTTPException as refused:
        raise HTTPException(413) from refused
    return Fields(form)


async def read_uploads(request: Request, name: str) -> tuple[Fields, dict[str, bytes]]:
    """A posted form with files, and the files of one field by their bare names. Call it only for
    somebody who was let in: what comes in may be large."""
    try:
        form = await request.form(
            max_files=MOST_UPLOADS, max_fields=MOST_FIELDS, max_part_size=guard.MOST_UPLOADED
        )
    except HTTPException as refused:
        raise HTTPException(413) from refused
    files = {}
    for one in form.getlist(name):
        if isinstance(one, UploadFile) and one.filename:
            files[one.filename.replace("\\", "/").rsplit("/", 1)[-1]] = await one.read()
    return Fields(form), files


Posted = Annotated[Fields, Depends(read_fields)]


class FieldErrors(Exception):
    """What is wrong with a form, by field: shown beside the field and in a summary."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(errors)
        self.errors = errors
