"""Fixtures of safety: the questionnaire is there before the application starts, and a mail server."""

import pytest

from tests.safety import sheets
from tests.safety.inbox import Inbox, Running


@pytest.fixture(autouse=True)
def questionnaire(tmp_path):
    """Among the service's own worksheets."""
    sheets.add_to(tmp_path)


@pytest.fixture
def post():
    """A mail server that takes messages."""
    with Running(Inbox()) as running:
        yield running
