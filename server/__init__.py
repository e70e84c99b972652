"""Meantime: keeps the work between therapy appointments alive. `create_app` puts the parts together."""

from importlib import import_module

from flask import Flask, request

from server.config import Config
from server.extensions import db, migrate
from server.sealing import hold, read_key_file

# The edges are named, not imported, so that this file stays below every floor it puts together.
SURFACES = ("server.api", "server.dashboard", "server.phone", "server.health")
TABLES = (
    *("audit", "people", "caseload", "worksheets", "assignments", "measures", "entries", "reviews", "reminders"),
    *("languages", "safety", "studies", "supervision"),
)


class Meantime(Flask):
    """Logs what broke by the name of its page: an address may hold a code that lets somebody in."""

    def log_exception(self, exc_info) -> None:
        """In place of Flask's, which writes down the address."""
        self.logger.error("Broke: %s", request.endpoint, exc_info=exc_info)


def create_app(config: Config) -> Flask:
    """The application for one configuration. Raises `CannotStart` or `ConfigError` with one sentence."""
    config.refuse_no_worksheets()
    app = Meantime("server", static_folder=None)
    app.config["MEANTIME"] = config
    app.config["SQLALCHEMY_DATABASE_URI"] = config.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = _engine_options(config)
    app.config["MAX_CONTENT_LENGTH"] = 4 * 1024 * 1024
    app.config["MAX_FORM_MEMORY_SIZE"] = 2 * 1024 * 1024  # a long reason is refused by a sentence, not by 413
    app.url_map.redirect_defaults = False  # a redirected file in the precache breaks the worker's install
    keys = read_key_file(config.key_file)
    hold(app, keys)
    for name in TABLES:
        import_module(f"server.{name}.models")
    db.init_app(app)
    migrate.init_app(app, db)
    import_module("server.worksheets.library").bind(app)
    import_module("server.measures.library").bind(app)
    for name in SURFACES:
        import_module(name).register(app)
    return app


def _engine_options(config: Config) -> dict:
    quiet = {"hide_parameters": True}  # an error's text goes to the log, and what somebody typed does not
    if config.is_sqlite:
        return {"connect_args": {"check_same_thread": False}, **quiet}
    return {"pool_size": config.threads, "max_overflow": 4, "pool_pre_ping": True, **quiet}
