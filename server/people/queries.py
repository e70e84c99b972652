"""Look at people: the service, its practitioners, devices and invitations."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from server.errors import Missing
from server.extensions import db
from server.people.models import Client, Device, Epoch, Invitation, Practitioner, ResearchChoice, Service


@dataclass(frozen=True)
class Invited:
    """The newest invitation of a client and what became of it."""

    invitation: Invitation | None
    device: Device | None

    def state(self, now: datetime) -> str:
        """none · open · paired · ended (burned, replaced or run out)."""
        if self.invitation is None:
            return "none"
        if self.invitation.used_at:
            return "paired"
        return "open" if not self.invitation.ended_at and now < self.invitation.expires_at else "ended"


def service_of(row) -> Service:
    """The organisation somebody belongs to."""
    return db.session.get(Service, row.service_id)


def only_service() -> Service | None:
    """The organisation, where the installation has one: what *Help now* shows before anybody signed in."""
    services = db.session.scalars(select(Service).limit(2)).all()
    return services[0] if len(services) == 1 else None


def ready(service: Service) -> bool:
    """Whether a client can be invited: the reading promise, the crisis number and its hours are set."""
    return service.demo or all((service.reading_promise, service.crisis_number, service.crisis_hours))


def practitioner(practitioner_id: UUID) -> Practitioner | None:
    """One practitioner by id."""
    return db.session.get(Practitioner, practitioner_id)


def name_of(practitioner_id: str) -> str:
    """The name clients know a practitioner by; "" where there is no such account any more."""
    found = practitioner(UUID(practitioner_id))
    return found.name if found and found.name else ""


def practitioners_of(administrator: Practitioner) -> list[Practitioner]:
    """The accounts of the administrator's own service, oldest first."""
    return list(
        db.session.scalars(
            select(Practitioner)
            .where(Practitioner.service_id == administrator.service_id)
            .order_by(Practitioner.created_at)
        )
    )


def account_of(administrator: Practitioner, practitioner_id: UUID) -> Practitioner:
    """One account of the administrator's own service. `Missing` otherwise."""
    found = db.session.get(Practitioner, practitioner_id)
    if found is None or found.service_id != administrator.service_id:
        raise Missing
    return found


def client_of_device(device: Device) -> Client:
    """Whose phone this is."""
    return db.session.get(Client, device.client_id)


def devices_of(client: Client) -> list[Device]:
    """The client's phones, newest first. The client comes from `caseload.queries.client_of`."""
    return list(
        db.session.scalars(select(Device).where(Device.client_id == client.id).order_by(Device.paired_at.desc()))
    )


def device_of_client(client: Client, device_id: UUID) -> Device:
    """One phone of this client. `Missing` otherwise."""
    found = db.session.get(Device, device_id)
    if found is None or found.client_id != client.id:
        raise Missing
    return found


def locked_along(device: Device) -> list[Device]:
    """The phones in use that end when this one does."""
    return [one for one in family(device) if one is not device and not (one.revoked_at or one.ended_at)]


def family(device: Device) -> list[Device]:
    """The phones that began as one: this, what it was set up from, and all that were set up from any of them."""
    of_client = select(Device).where(Device.client_id == device.client_id).execution_options(populate_existing=True)
    phones = db.session.scalars(of_client).all()
    came_from = {one.id: one.copy_of for one in phones}

    def first(one: UUID) -> UUID:
        while before := came_from.get(one):
            one = before
        return one

    return [one for one in phones if first(one.id) == first(device.id)]


def invited(client: Client, purpose: str = "pair") -> Invited:
    """The newest invitation of this client."""
    newest = db.session.scalar(
        select(Invitation)
        .where(Invitation.client_id == client.id, Invitation.purpose == purpose)
        .order_by(Invitation.created_at.desc(), Invitation.id.desc())
        .limit(1)
    )
    device = db.session.get(Device, newest.device_id) if newest and newest.device_id else None
    return Invited(newest, device)


def newest_research(client_id: UUID) -> ResearchChoice | None:
    """The choice about research that holds, if there is one."""
    return db.session.scalar(
        select(ResearchChoice).where(ResearchChoice.client_id == client_id).order_by(ResearchChoice.id.desc()).limit(1)
    )


def epoch_id() -> str:
    """The present life of the database."""
    return str(db.session.scalar(select(Epoch.id).order_by(Epoch.started_at.desc(), Epoch.id.desc()).limit(1)))
