"""What a refusal looks like: its sentence on a plain page, and one page for what is not there or not yours."""

from flask import current_app, g, request
from sqlalchemy.exc import InternalError, OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError

from server.dashboard.guard import come_again, dashboard, not_written
from server.dashboard.pages import page, plain_page
from server.errors import CannotStart, Missing, Refused, noted

STATUS = {"too-many-tries": 429, "not-found": 404, "not-yours": 404}


@dashboard.errorhandler(Missing)
def show_missing(_):
    """Not there, or not yours: the same answer."""
    g.looked_at = None
    return page("dashboard/missing.html"), 404


@dashboard.errorhandler(Refused)
def show_refused(no: Refused):
    """The domain's no as a page, where no form can show it."""
    g.looked_at = None
    if STATUS.get(no.code) == 404:
        return page("dashboard/missing.html"), 404
    return page("dashboard/refused.html", sentence=no.message), STATUS.get(no.code, 409)


@dashboard.errorhandler(OperationalError)
@dashboard.errorhandler(InternalError)
def show_busy(wrong: OperationalError | InternalError):
    """The database would not have it just now."""
    g.looked_at = None
    return not_written(wrong)


@dashboard.errorhandler(CannotStart)
def show_keys_away(wrong: CannotStart):
    """The key file is away, and it was needed."""
    g.looked_at = None
    current_app.logger.error("%s", wrong)
    return come_again("The key file cannot be read")


@dashboard.errorhandler(HTTPException)
def show_http(wrong: HTTPException):
    """What Flask refuses by itself: too large, no such file."""
    g.looked_at = None
    if wrong.code == 404:
        return page("dashboard/missing.html"), 404
    if wrong.code == 413:
        return page("dashboard/refused.html", sentence="This is too large to send in one go."), 413
    return wrong


@dashboard.errorhandler(InternalServerError)
def show_broken(broken: InternalServerError):
    """Something of ours broke: a page that needs no database, with the reference under which the log has it."""
    g.looked_at = None
    reference = noted(request.endpoint, broken.original_exception)
    return plain_page("dashboard/broken.html", reference=reference, form=request.method == "POST"), 500


@dashboard.route("/<path:rest>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
def nowhere(rest: str):
    """Every other address below /staff."""
    raise Missing
