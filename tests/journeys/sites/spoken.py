"""The cast's installation with every other language whole."""

import pytest

from tests.journeys.sites import other_words
from tests.journeys.sites.running import Site, environment, served


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
    env = environment(sqlite_config, MEANTIME_WORKSHEETS=str(folder / "worksheets"), TEST_PHONE_APP=str(folder / "app"))
    with served(Site.of(env, first="tests.journeys.sites.another_app")) as running:
        yield running
