"""The demonstration, filled once for all journeys that look at it."""

import shutil
from types import SimpleNamespace

import pytest

from server import clock, demo
from server.config import Config
from tests.journeys import everywhere
from tests.journeys.sites.running import Site, behind, environment, served


@pytest.fixture(scope="session")
def demo_site(tmp_path_factory, migrated_file, key_file):
    """The demonstration as it is today, served; with it how to get in. Its tests look, and change little."""
    folder = tmp_path_factory.mktemp("demo-site")
    shutil.copy(migrated_file, folder / "meantime.sqlite3")
    config = Config.from_env({"MEANTIME_DATA": str(folder), "MEANTIME_KEY_FILE": str(key_file)})
    site = Site.of(environment(config, MEANTIME_DEMO="1"))
    with behind(site) as app:
        now = clock.now()
        access = demo.fill(now=now)
        with served(site):
            yield SimpleNamespace(site=site, base=site.base, app=app, access=access, now=now)


@pytest.fixture(scope="session")
def demo_shown(demo_site) -> everywhere.Filled:
    """Somebody of the demonstration who comes the day it was made, with every worksheet agreed."""
    return everywhere.somebody(demo_site.access.sign_ins[0].name, demo_site.now)
