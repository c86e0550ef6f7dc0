"""Writes the migration that brings a database from the newest one before it to today's tables.

Run as `python scripts/make_migration.py 0002 "what it adds"`; run again, it writes the same file
anew, which is right only until that migration has been released. Read what it wrote: what to do
with rows that stand already (a default, a move of values) is for a person to add.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command

from backend.core.database import MIGRATIONS, migration_config, open_engine


def main(number: str, title: str) -> None:
    """Write `number` (four digits) with a one-line title; every earlier one must stand already."""
    versions = MIGRATIONS / "versions"
    if later := sorted(path.name for path in versions.glob("0*.py") if path.name[:4] > number):
        sys.exit(f"{later[0]} stands on {number}: write the next number.")
    for old in versions.glob(f"{number}_*.py"):
        old.unlink()
    with TemporaryDirectory() as folder:
        config = migration_config(open_engine(f"sqlite:///{Path(folder) / 'before.db'}"))
        command.upgrade(config, "head")
        command.revision(config, title, autogenerate=True, rev_id=number)


if __name__ == "__main__":
    main(*sys.argv[1:])
