"""The fixture of safety: the questionnaire is there before the application starts."""

import pytest

from tests.safety import sheets


@pytest.fixture(autouse=True)
def questionnaire(tmp_path):
    """Among the service's own worksheets."""
    sheets.add_to(tmp_path)
