"""Staff pages: HTML for practitioners, made on the server, working without JavaScript."""

from server.dashboard import account, administration, assets, cookies, invitations, refusals, today
from server.dashboard.guard import dashboard
from server.dashboard.pages import prepare

__all__ = ["register"]

PAGES = (account, administration, assets, invitations, refusals, today)  # importing them adds their routes

dashboard.after_request(cookies.harden)


def register(app) -> None:
    """Add the staff pages to an application."""
    prepare(app)
    app.register_blueprint(dashboard)
