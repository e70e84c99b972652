"""Worksheet definitions for the phone: one version never changes, so it may be kept for ever."""

import re

from flask import g, make_response, request

from server.api.guard import blueprint
from server.errors import Refused
from server.safety.queries import has_response_procedure
from server.worksheets.definition import to_wire
from server.worksheets.in_language import shown_in
from server.worksheets.library import library
from server.worksheets.own_queries import is_of_service

VERSION = re.compile("[0-9]{1,5}")
LAST_VERSION = 10_000  # as in what phones send (entries/reading.py)


@blueprint.route("/worksheets/<family>/<name>/v<version>")
@blueprint.response(200, description="The definition, as pwa/src/worksheet/definition.ts types it")
def show_worksheet(family, name, version):
    """One version of one worksheet, without its questions about risk; none where nothing whole would be left."""
    worksheet = _found(family, name, version)
    if worksheet.for_staff_only(risk_allowed=False):
        raise Refused("worksheet-unknown")
    return _answer(worksheet.client_part(risk_allowed=False))


@blueprint.route("/worksheets/<family>/<name>/v<version>/whole")
@blueprint.response(200, description="The definition with its questions about risk")
def show_whole_worksheet(family, name, version):
    """One version of one worksheet, whole; only where the service has a response procedure.

    It has an address of its own because both forms are kept for ever.
    """
    worksheet = _found(family, name, version)
    if worksheet.staff_entry or not has_response_procedure(g.client.service_id):
        raise Refused("worksheet-unknown")
    return _answer(worksheet)


def _found(family, name, version):
    number = int(version) if VERSION.fullmatch(version) else 0
    worksheet = library().get(f"{family}/{name}", number) if 0 < number <= LAST_VERSION else None
    if worksheet is None or not is_of_service(worksheet.id, g.client.service_id):
        raise Refused("worksheet-unknown")
    return worksheet


def _answer(worksheet):
    """As it was written, or with `?lang=cy&w=<hash of the wording>` in that language: other words, another address."""
    language, wanted = request.args.get("lang"), request.args.get("w")
    if language is None:
        return _kept(to_wire(worksheet))
    shown = shown_in(worksheet, language)
    if shown is None:
        raise Refused("worksheet-unknown")
    return _kept(shown.to_wire()) if wanted == shown.sha256 else make_response(shown.to_wire())


def _kept(body):
    answer = make_response(body)
    answer.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return answer
