"""The one thing research writes: that a bundle was built."""

from datetime import datetime

from server.audit import actions as audit
from server.research.export import Manifest


def built(*, manifest: Manifest, by, now: datetime) -> None:
    """Record in the audit that a bundle was built: what for, as of when, and how many clients. Called in `atomic()`."""
    detail = {
        "project": manifest.project,
        "basis": manifest.basis,
        "as_of": manifest.as_of,
        "clients": manifest.clients,
        "excluded": manifest.excluded,
        "definition": manifest.definition,
        "previous": manifest.previous,
    }
    audit.record("export.built", by=by, detail=detail, now=now)
