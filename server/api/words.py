"""The app's words in another language, and in which wording each worksheet can be had in it."""

from flask import make_response

from server.api.guard import blueprint
from server.errors import Refused
from server.languages.built import built, words_in
from server.worksheets.in_language import shown_in
from server.worksheets.library import library


@blueprint.route("/words/<language>", endpoint="show_words")
@blueprint.response(200, description="`{language, sha256, catalogues, worksheets: {<id>.v<N>: wording}}`")
def show_words(language):
    """All of one language, also before anybody is signed in: it is chosen first. The same for everybody."""
    known, words = built().get(language), words_in(language)
    if known is None or words is None:
        raise Refused("not-found")
    shown = (shown_in(one.client_part(risk_allowed=False), language) for one in library().every())
    worksheets = {one.worksheet.key: one.sha256 for one in shown if one}
    return make_response({"language": language, "sha256": known.sha256, "catalogues": words, "worksheets": worksheets})
