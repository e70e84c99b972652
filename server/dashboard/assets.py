"""Style and script of staff pages: the NHS ones from the phone build, and our own few rules."""

from pathlib import Path

from flask import g, redirect, send_from_directory

from server.dashboard.guard import dashboard
from server.dashboard.pages import config, landing

OWN = Path(__file__).parent / "static"


@dashboard.get("/static/<path:name>")
def asset(name: str):
    """One file. Ours first, then what the build made."""
    folder = OWN if (OWN / name).is_file() else config().staff_assets
    return send_from_directory(folder, name, max_age=3600)


@dashboard.get("/")
def home():
    """The way in."""
    return redirect(landing(g.practitioner))
