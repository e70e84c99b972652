"""The cast's installation: what most journeys visit."""

import pytest

from server import clock
from tests.cast import people_of_two_services
from tests.journeys.sites.running import Site, behind, environment, served


@pytest.fixture
def site(sqlite_config):
    """The cast's installation, served by `meantime serve` on a port of its own."""
    with served(Site.of(environment(sqlite_config, MEANTIME_TICK_SECONDS="1"))) as running:
        yield running


@pytest.fixture
def site_cast(site):
    """The cast in the database of whichever site the test visits, with its application's context."""
    with behind(site):
        yield people_of_two_services(now=clock.now())
