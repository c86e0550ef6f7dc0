"""Migrations run up, down and up again, on both engines, on a database with rows in it."""

from sqlalchemy import Engine, inspect
from sqlmodel import Session, SQLModel, select

from backend.core import audit, database
from backend.core.audit import AuditEvent
from backend.people.models import Person
from tests.factories import make_contact, make_person


def test_a_seeded_database_goes_down_to_nothing_and_up_again(engine: Engine) -> None:
    with database.unit_of_work(engine) as session:
        make_contact(session, make_person(session), "carer")
        audit.record(session, audit.DENIED, actor="nobody", permission="x", path="/")
    database.migrate(engine, "base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    database.migrate(engine)
    with Session(engine) as session:
        assert session.exec(select(Person)).all() == []
        assert session.exec(select(AuditEvent)).all() == []


def test_the_migrations_make_the_very_tables_that_the_models_describe(engine: Engine) -> None:
    inspector = inspect(engine)
    made = set(inspector.get_table_names()) - {"alembic_version"}
    assert made == set(SQLModel.metadata.tables)
    for name, table in SQLModel.metadata.tables.items():
        columns = {column["name"]: column["nullable"] for column in inspector.get_columns(name)}
        assert columns == {column.name: column.nullable for column in table.columns}, name
