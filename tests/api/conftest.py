"""The fixture of what phones meet: Anna's phone."""

import pytest


@pytest.fixture
def phone(app, cast):
    """Anna's phone, paired."""
    cast.pair()
    web = app.test_client()
    web.set_cookie("phone", cast.token)
    return web
