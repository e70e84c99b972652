"""A study of Ben's service: Ada set it up, Rita works on it, and Sid is another researcher of the service."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from server.extensions import atomic
from server.people import actions as people
from server.studies import actions, bundles
from server.studies.rules import Grounds
from tests.cast import NOW

AS_AGREED = {
    "name": "Homework trial",
    "basis": "consent",
    "reference": "REC 26/NW/0001",
    "protocol": "1.0 of 3 May 2026",
    "retain_until": date(2036, 1, 1),
}

GROUNDS = Grounds("Data sharing agreement 2026-14", "Invented people only", has_read=True)


@pytest.fixture
def made(cast) -> SimpleNamespace:
    """The people of a study, and the study."""
    rita = cast.add("Rita Osei", "researcher", by=cast.ada)
    sid = cast.add("Sid Moran", "researcher", by=cast.ada)
    with atomic():
        study = actions.make(service=cast.service, by=cast.ada, now=NOW, **AS_AGREED)
        actions.add_researcher(study=study, researcher=rita, by=cast.ada, now=NOW)
        actions.set_text(study=study, words="We look at what helps between appointments.", by=rita, now=NOW)
    return SimpleNamespace(study=study, rita=rita, sid=sid)


def another_client(cast, name: str):
    """Somebody more in Ben's service, born 1990."""
    with atomic():
        return people.add_client(
            service=cast.service, preferred_name=name, date_of_birth=date(1990, 5, 5), by=cast.ben, now=NOW
        )


def asked(made, minutes: int = 0, content: str = "rows"):
    """Rita asks for a bundle."""
    with atomic():
        return bundles.ask(study=made.study, content=content, by=made.rita, now=NOW + timedelta(minutes=minutes))
