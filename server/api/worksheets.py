"""Worksheet definitions for the phone: one version never changes, so it may be kept for ever."""

from flask import make_response

from server.api.guard import blueprint
from server.errors import Refused
from server.worksheets.definition import to_wire
from server.worksheets.library import library


@blueprint.route("/worksheets/<family>/<name>/v<int:version>")
@blueprint.response(200, description="The definition, as pwa/src/worksheet/definition.ts types it")
def show_worksheet(family, name, version):
    """One version of one worksheet."""
    worksheet = library().get(f"{family}/{name}", version)
    if worksheet is None:
        raise Refused("worksheet-unknown")
    answer = make_response(to_wire(worksheet))
    answer.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return answer
