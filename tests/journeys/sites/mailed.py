"""The cast's installation with a mail server: without one nobody is asked about risk."""

import pytest

from server.config import Config
from tests.journeys.sites.running import Site, environment, served
from tests.safety.inbox import Running


@pytest.fixture
def site(sqlite_config, post):
    """With a mail server, looking for what is due every second."""
    with served(_with_mail(sqlite_config, post, tick_seconds=1)) as running:
        yield running


@pytest.fixture
def unhurried_site(sqlite_config, post):
    """With a mail server, looking for what is due once a minute: for a story where nothing is."""
    with served(_with_mail(sqlite_config, post, tick_seconds=60)) as running:
        yield running


def _with_mail(config: Config, post: Running, tick_seconds: int) -> Site:
    mail = {"MEANTIME_SMTP_URL": post.url, "MEANTIME_MAIL_FROM": "meantime@example.org"}
    return Site.of(environment(config, MEANTIME_TICK_SECONDS=str(tick_seconds), **mail))
