"""The app's words in another language, and in which wording each worksheet can be had in it."""

from collections.abc import Iterable

from flask import make_response

from server.api.guard import blueprint
from server.errors import Refused
from server.languages.built import built, words_in
from server.worksheets.definition import Worksheet
from server.worksheets.in_language import shown_in
from server.worksheets.library import library


@blueprint.route("/words/<language>", endpoint="show_words")
@blueprint.response(200, description="`{language, sha256, catalogues, worksheets: {<id>.v<N>: wording}, whole: {…}}`")
def show_words(language):
    """All of one language, also before anybody is signed in: it is chosen first. The same for everybody."""
    known, words = built().get(language), words_in(language)
    if known is None or words is None:
        raise Refused("not-found")
    every = library().every()
    told = {
        "language": language,
        "sha256": known.sha256,
        "catalogues": words,
        "worksheets": _wordings((one.client_part(risk_allowed=False) for one in every), language),
        "whole": _wordings((one for one in every if one.asks_about_risk), language),
    }
    return make_response(told)


def _wordings(worksheets: Iterable[Worksheet], language: str) -> dict[str, str]:
    shown = (shown_in(one, language) for one in worksheets)
    return {one.worksheet.key: one.sha256 for one in shown if one}
