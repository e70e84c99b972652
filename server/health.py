"""/healthz: alive. /readyz: database, schema, keys and timetable let it work. /metrics: counts, for a token alone."""

import hmac

from alembic.migration import MigrationContext
from flask import Blueprint, Flask, Response, abort, current_app, jsonify, request
from sqlalchemy.exc import SQLAlchemyError

from server import clock, metrics, scheduler, startup
from server.config import Config
from server.extensions import db
from server.sealing import push_public_key, ring

health = Blueprint("health", __name__)


def register(app: Flask) -> None:
    """Put both addresses on the application; what it needs is read once."""
    app.extensions["meantime-revision"] = startup.newest_revision()
    app.extensions["meantime-started"] = clock.now()
    app.register_blueprint(health)


@health.before_request
def only_reading() -> None:
    """The guard: anybody may ask, and nobody learns more than yes or no."""
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        abort(405)


@health.get("/healthz")
def alive() -> Response:
    """200 as long as requests are answered at all."""
    return _answer({"alive": True}, 200)


@health.get("/readyz")
def ready() -> Response:
    """200 when each part is ready, else 503 and which is not."""
    checks = {**_database(), "keys": _keys(), **_timetable()}
    return _answer({"ready": all(checks.values()), **checks}, 200 if all(checks.values()) else 503)


@health.get("/metrics")
def show_metrics() -> Response:
    """How reminders go, for whoever has the token. Without one in the settings there is no such page."""
    token = current_app.config["MEANTIME"].metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(token.encode(), given.encode()):
        abort(404)
    answer = Response(metrics.written(clock.now()), content_type="text/plain; version=0.0.4; charset=utf-8")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _database() -> dict[str, bool]:
    try:
        found = MigrationContext.configure(db.session.connection()).get_current_revision()
    except SQLAlchemyError:
        return {"database": False, "schema": False}
    return {"database": True, "schema": found == current_app.extensions["meantime-revision"]}


def _keys() -> bool:
    try:
        return bool(push_public_key(ring()))
    except ValueError:
        return False


def _timetable() -> dict[str, bool]:
    """On SQLite, where nobody else looks for what is due: whether it was looked for of late, or we just started."""
    config: Config = current_app.config["MEANTIME"]
    if not config.is_sqlite:
        return {}
    now = clock.now()
    just_started = now - current_app.extensions["meantime-started"] <= scheduler.patience(config)
    return {"timetable": just_started or scheduler.alive(config, now)}


def _answer(body: dict[str, bool], status: int) -> Response:
    answer = jsonify(body)
    answer.status_code = status
    answer.headers["Cache-Control"] = "no-store"
    return answer
