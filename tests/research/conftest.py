"""A bundle of the demonstration, and ways to look into bundles."""

import csv
import json
from pathlib import Path

import pytest

from server import create_app
from server.research.export import export
from server.research.rules import project_key, pseudonym
from server.sealing import ring
from tests.conftest import Demonstration


class Bundle:
    """A bundle on disk, read as text."""

    def __init__(self, folder: Path, manifest=None):
        self.folder, self.manifest = folder, manifest

    def rows(self, name: str) -> list[dict[str, str]]:
        """The rows of one file."""
        [path] = (*(self.folder / "data").rglob(f"{name}_data.csv"), *self.folder.glob(f"aggregate/{name}.csv"))
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def json(self, name: str):
        """One of the JSON files."""
        return json.loads((self.folder / name).read_text("utf-8"))

    def files(self) -> dict[str, bytes]:
        """Every file by its path."""
        found = sorted(path for path in self.folder.rglob("*") if path.is_file())
        return {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in found}


def build(folder: Path, now=Demonstration.now, **wishes) -> Bundle:
    """Build a bundle into a folder that does not exist yet."""
    return Bundle(folder, export(folder, now=now, **wishes))


def named(kind: str, identity, project: str = "local") -> str:
    """What something is called in the bundles of a project."""
    return pseudonym(project_key(ring().research, project), kind, identity)


@pytest.fixture(scope="session")
def bundle(demonstration, tmp_path_factory) -> Bundle:
    """A bundle of the demonstration, as of when it was made: to look at, not to change."""
    app = create_app(demonstration.config)
    with app.app_context():
        built = build(tmp_path_factory.mktemp("bundle") / "bundle")
        app.extensions["sqlalchemy"].engine.dispose()
    return built
