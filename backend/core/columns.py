"""Column types that every table shares: encrypted text, encrypted values, moments in UTC."""

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, Text, TypeDecorator, inspect
from sqlalchemy.orm import defer
from sqlalchemy.orm.interfaces import ORMOption

from backend.core.encryption import keyring


class EncryptedText(TypeDecorator[str]):
    """Text that lies encrypted in the column and is read as it was written, to the character."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else keyring().encrypt(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else keyring().decrypt(value)


class EncryptedValue(TypeDecorator[Any]):
    """Any JSON value, encrypted; an answer may be a text, a number or a list of choices."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else keyring().encrypt(json.dumps(value, ensure_ascii=False))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(keyring().decrypt(value))


def closed(table: type[Any], *opened: str) -> list[ORMOption]:
    """Options of a select that leaves what is encrypted of a table closed, but for the columns
    named, until it is asked for row by row: to open thousands of texts takes its time, and most
    rules need days alone."""
    return [
        defer(getattr(table, attribute.key))
        for attribute in inspect(table).column_attrs
        if isinstance(attribute.columns[0].type, EncryptedText | EncryptedValue)
        and attribute.key not in opened
    ]


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC on engines with and without time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("A moment needs its time zone.")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
