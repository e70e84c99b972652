"""Signed-in requests through the whole application, one function a page: over different clients in turn."""

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from flask import Flask
from werkzeug.test import Client as Http

from server import clock
from server.caseload import queries as caseload
from server.extensions import db
from server.people.models import Practitioner
from tests.benchmarks.pages_world import Measured
from tests.cast import PASSWORD


@dataclass
class Asked:
    """A signed-in browser, and what opens the next page of each kind."""

    http: Http
    pages: dict[str, Callable[[], None]] = field(default_factory=dict)

    def add(self, name: str, addresses: Iterable[str]) -> None:
        """A kind of page, opened at these addresses in turn."""
        turn = itertools.cycle(list(addresses))
        self.pages[name] = lambda: self.open(next(turn))

    def open(self, address: str) -> None:
        """Open one page. Anything but a page is an error: a quick refusal is no measurement."""
        answer = self.http.get(address, buffered=True)
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status}")


def sign_in(app: Flask, name: str) -> Asked:
    """A browser of somebody, by their sign-in name."""
    http = app.test_client()
    answer = http.post("/staff/sign-in", data={"sign_in_name": name, "password": PASSWORD})
    if answer.status_code != 303:
        raise RuntimeError(f"{name} cannot sign in: {answer.status}")
    return Asked(http)


def of_practitioner(app: Flask, measured: Measured) -> Asked:
    """Today, caseload, and every client's page, appointment and choice of a task."""
    asked, now = sign_in(app, measured.signs_in), clock.now()
    by = db.session.get(Practitioner, measured.practitioner)
    mine = caseload.clients_of(by, now)
    meetings = caseload.meetings_of(line.episode.id for line in mine)
    near = now - timedelta(days=7)
    held = [
        (line.client.id, one.appointment_id)
        for line in mine
        for one in meetings[line.episode.id]
        if one.starts_at > near
    ]
    clients = [f"/staff/clients/{line.client.id}" for line in mine]
    asked.add("today", ["/staff/today"])
    asked.add("caseload", ["/staff/caseload"])
    asked.add("appointment", [f"/staff/clients/{client}/appointments/{one}" for client, one in held])
    asked.add("client", clients)
    asked.add("choose_task", [f"{client}/assignments/new" for client in clients])
    db.session.remove()
    return asked


def of_supervisor(app: Flask, measured: Measured) -> Asked:
    """The supervision page."""
    asked = sign_in(app, measured.supervises)
    asked.add("supervision", ["/staff/supervision"])
    return asked


def of_service(app: Flask, measured: Measured) -> Asked:
    """The service page."""
    asked = sign_in(app, measured.leads)
    asked.add("service", ["/staff/service"])
    return asked


def dominant_load(app: Flask, name: str) -> None:
    """Open pages without pause until we are ended: what a busy morning of the dominant service does to others."""
    asked = sign_in(app, name)
    asked.add("both", ["/staff/today", "/staff/caseload"])
    asked.open("/staff/today")
    print("loading", flush=True)
    while True:
        asked.pages["both"]()
