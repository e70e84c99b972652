"""Runs numbered migrations on SQLite and PostgreSQL; on SQLite with foreign keys off, then checked (stack.md 2)."""

from alembic import context
from flask import current_app

from server.extensions import Row

target = current_app.extensions["migrate"].db


def ours(thing, name, kind, reflected, compare_to) -> bool:
    """Procrastinate keeps its own tables by its own recorded version."""
    return not (name or "").startswith("procrastinate_")


def run() -> None:
    with target.engine.connect() as connection:
        lite = connection.dialect.name == "sqlite"
        raw = connection.connection.driver_connection
        if lite:  # inside a transaction this PRAGMA does nothing; with it on, a rebuilt table loses its children
            raw.execute("PRAGMA foreign_keys=OFF")
        connection = connection.execution_options(writes=True)
        context.configure(
            connection=connection,
            target_metadata=Row.metadata,
            render_as_batch=True,
            include_object=ours,
            compare_type=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        if lite:
            connection.rollback()  # what a look at the version began: inside it the PRAGMA would do nothing
            broken = raw.execute("PRAGMA foreign_key_check").fetchall()
            raw.execute("PRAGMA foreign_keys=ON")
            if broken:
                raise RuntimeError(f"a migration left {len(broken)} rows without their parents")


run()
