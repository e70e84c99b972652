"""The fixtures of what phones meet: Anna's phone, and Anna with a task agreed."""

import pytest


@pytest.fixture
def phone(app, cast):
    """Anna's phone, paired."""
    cast.pair()
    web = app.test_client()
    web.set_cookie("phone", cast.token)
    return web


@pytest.fixture
def anna(app, cast):
    """Anna, with a phone and a thought record agreed."""
    cast.pair()
    cast.made["agreed"] = cast.agree()
    return cast
