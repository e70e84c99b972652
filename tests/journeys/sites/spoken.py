"""The cast's installation with every other language whole."""

import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.journeys.sites import other_words
from tests.journeys.sites.running import Site, environment, served

SERVE = """
import sys
from pathlib import Path
from server.commands import main
from server.config import Config
Config.phone_app = property(lambda self: Path(sys.argv[1]))
main(["serve"])
"""


@dataclass
class SpokenSite(Site):
    """A site that serves another build of the app."""

    app_folder: Path = Path()

    def command(self) -> list[str]:
        """What serves it."""
        return [sys.executable, "-c", SERVE, str(self.app_folder)]


@pytest.fixture(scope="session")
def spoken(tmp_path_factory):
    """A built app and worksheets with every language whole: `(words, folder)`."""
    folder = tmp_path_factory.mktemp("spoken")
    other_words.worksheets(folder / "worksheets")
    return other_words.app(folder / "app"), folder


@pytest.fixture
def site(sqlite_config, spoken):
    """The cast's installation, with every language whole."""
    _, folder = spoken
    env = environment(sqlite_config, MEANTIME_WORKSHEETS=str(folder / "worksheets"))
    with served(SpokenSite.of(env, app_folder=folder / "app")) as running:
        yield running
