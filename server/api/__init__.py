"""JSON for the phone. Described by itself at /api/openapi.json."""

from flask import Flask
from flask_smorest import Api
from werkzeug.exceptions import HTTPException

from server.api import signing_in, sync, worksheets
from server.api.guard import blueprint, refused
from server.errors import Missing, Refused

ROUTES = (signing_in, sync, worksheets)  # each puts its routes on the blueprint


def register(app: Flask) -> None:
    """Put the phone's JSON on the application, with its description and its one error body."""
    app.config.update(
        API_TITLE="Meantime",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api",
        OPENAPI_JSON_PATH="openapi.json",
    )
    api = _Api(app)
    blueprint.register_error_handler(Refused, refused)
    blueprint.register_error_handler(Missing, lambda error: refused(Refused("not-found")))
    blueprint.register_error_handler(422, _bad_input)
    blueprint.register_error_handler(HTTPException, _other)
    api.register_blueprint(blueprint)


class _Api(Api):
    """flask-smorest's own error handlers speak another body, and would speak for staff pages too."""

    def _register_error_handlers(self):
        pass


def _bad_input(error):
    messages = getattr(error, "data", {}).get("messages", {})
    fields = {str(name): str(said) for place in messages.values() for name, said in _pairs(place)}
    return refused(Refused("bad-input", "The app sent something we did not understand.", fields=fields))


def _pairs(place):
    return place.items() if isinstance(place, dict) else [("", place)]


def _other(error: HTTPException):
    codes = {404: "not-found", 413: "too-large", 415: "bad-input", 400: "bad-input", 405: "not-found"}
    answer = refused(Refused(codes.get(error.code or 500, "bad-input")))
    answer.status_code = error.code or 500
    return answer
