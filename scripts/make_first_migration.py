"""Writes the first migration anew from the tables; used only until the first release."""

from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command

from backend.core.database import MIGRATIONS, migration_config, open_engine

TRIGGERS = '''

GUARDED = ("audit_event", "audit_seal")


def _guard_audit() -> None:
    """Audit is insert-only: the database itself refuses to change or remove a row."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger AS "
            "$$ BEGIN RAISE EXCEPTION 'audit is insert-only'; END $$ LANGUAGE plpgsql"
        )
    for table in GUARDED:
        for verb in ("UPDATE", "DELETE"):
            name = f"{table}_no_{verb.lower()}"
            if op.get_bind().dialect.name == "postgresql":
                op.execute(
                    f"CREATE TRIGGER {name} BEFORE {verb} ON {table} "
                    "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
                )
            else:
                op.execute(
                    f"CREATE TRIGGER {name} BEFORE {verb} ON {table} "
                    "BEGIN SELECT RAISE(ABORT, 'audit is insert-only'); END"
                )


def _unguard_audit() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION IF EXISTS refuse_change CASCADE")
        return
    for table in GUARDED:
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")
'''


def main() -> None:
    versions = MIGRATIONS / "versions"
    for old in versions.glob("0001_*.py"):
        old.unlink()
    with TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{Path(folder) / 'empty.db'}")
        command.revision(
            migration_config(engine),
            "the whole house in thin walls",
            autogenerate=True,
            rev_id="0001",
        )
    path = next(versions.glob("0001_*.py"))
    text = path.read_text().replace("depends_on = None\n", "depends_on = None\n" + TRIGGERS, 1)
    down = "\n\n\ndef downgrade() -> None:\n"
    text = text.replace(down, f"\n    _guard_audit(){down}    _unguard_audit()\n", 1)
    path.write_text(text)


if __name__ == "__main__":
    main()
