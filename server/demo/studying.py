"""A study in the demonstration: what it rests on, what clients are told, who was asked and what they said."""

from datetime import date, datetime, timedelta
from itertools import cycle
from uuid import UUID

from sqlalchemy import select

from server.demo.so_far import staff_of
from server.extensions import db
from server.people.models import Client
from server.people.queries import service_of
from server.studies import actions, consents

BEGAN = timedelta(weeks=9)
NAME = "Between appointments, a demonstration study"
TEXT = (
    "We want to learn what helps people do things between appointments.\n"
    "If you say yes, we use dates, scores and how often you did things. We do not use your name or your words.\n"
    "Your care is the same if you say no. You can stop at any time."
)
SAID = ("given", "given", "given", None, "given", "withdrawn")


def study_all(service_id: UUID, now: datetime) -> None:
    """One study that a few weeks ago asked everybody who had said yes to research in general."""
    staff = {name: one for one in staff_of(service_id) for name in one.roles}
    began, by = now - BEGAN, staff["administrator"]
    study = actions.make(
        service=service_of(by), name=NAME, basis="consent", reference="Demonstration, no ethics committee",
        protocol="1.0", retain_until=date(now.year + 10, 1, 1), arms=("app-first", "as-usual"), blocks=(2, 3), by=by,
        now=began,
    )  # fmt: skip
    actions.add_researcher(study=study, researcher=staff["researcher"], by=by, now=began)
    actions.set_text(study=study, words=TEXT, by=staff["researcher"], now=began)
    agreeing = (
        select(Client).where(Client.service_id == service_id, Client.research == "yes").order_by(Client.created_at)
    )
    for number, (client, choice) in enumerate(zip(db.session.scalars(agreeing).all(), cycle(SAID), strict=False)):
        at = now - timedelta(weeks=3) + timedelta(hours=number % 12)
        consents.choose_contact(client=client, choice="yes", by=staff["practitioner"], now=at)
        consents.invite(client=client, study=study, by=staff["practitioner"], now=at)
        if choice:
            consents.say(client=client, study=study, number=1, choice=choice, by=staff["practitioner"], now=at)
