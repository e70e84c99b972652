"""Reads a study's own list of arms: names as its bundles have them, so that no researcher needs to know who it is."""

import csv
import io
from uuid import UUID

from server.errors import Refused
from server.research.rules import pseudonym
from server.studies import queries
from server.studies.models import Study

MOST = 20_000


def read_arms(study: Study, text: str) -> dict[UUID, str]:
    """{client: arm} of lines `pid,arm`, a header or none. Refused for a name that nobody in the study has."""
    if study.key is None:
        raise Refused("bad-input", "The key of this study is destroyed.")
    key = bytes.fromhex(study.key)
    known = {pseudonym(key, "client", one): one for one in queries.newest_consents(study.id)}
    try:
        rows = [row for row in csv.reader(io.StringIO(text)) if row and row[0].strip() != "pid"]
    except csv.Error as wrong:  # a field beyond what the reader takes
        raise Refused("bad-input", "This is not a list of names from a bundle, a comma and an arm.") from wrong
    if len(rows) > MOST:
        raise Refused("bad-input", f"Paste {MOST:,} lines or fewer.")
    found: dict[UUID, str] = {}
    for number, row in enumerate(rows, start=1):
        client = known.get(row[0].strip().lower())
        if client is None or len(row) != 2:
            raise Refused("bad-input", f"Line {number} is not a name from a bundle of this study, a comma and an arm.")
        if found.setdefault(client, row[1].strip()) != row[1].strip():
            raise Refused("bad-input", f"Line {number} gives somebody a second arm.")
    return found
