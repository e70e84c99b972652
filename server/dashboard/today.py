"""Today: my appointments in order, and for each client what is worth knowing in fifteen seconds."""

from server.dashboard.guard import dashboard
from server.dashboard.pages import page


@dashboard.get("/today")
def today():
    """The page people open forty times a day."""
    return page("dashboard/today.html")
