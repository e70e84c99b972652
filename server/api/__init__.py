"""JSON for the phone. Described by itself at /api/openapi.json."""

from flask import Flask
from flask_smorest import Api
from werkzeug.exceptions import HTTPException

from server.api import looks, phone_keys, reminders, signing_in, sync, ways, words, worksheets
from server.api.guard import anywhere, blueprint
from server.api.outside import outside

ROUTES = (signing_in, phone_keys, sync, worksheets, reminders, looks, words, ways)  # each puts its routes there


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
    api.register_blueprint(blueprint)
    app.register_blueprint(outside)
    app.register_error_handler(HTTPException, anywhere)
    # Its own blueprint for the description is open to everybody, and says so like every other.
    app.before_request_funcs.setdefault("api-docs", []).append(_for_everybody)


def _for_everybody() -> None:
    """The guard of what is the same for everybody and tells nothing of anybody."""


class _Api(Api):
    """flask-smorest's own error handlers speak another body, and would speak for staff pages too."""

    def _register_error_handlers(self):
        pass
