"""Look at equity fields: of one client for the practitioner of that client, and of a service for its figures."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import func, select

from server.extensions import db
from server.people.equity import EQUITY
from server.people.models import Client, Equity, Service


def newest_equity(client: Client) -> Equity | None:
    """What holds for one client, or None where nothing was ever recorded."""
    return db.session.scalar(select(Equity).where(Equity.client_id == client.id).order_by(Equity.id.desc()).limit(1))


def newest_of(clients: Iterable[Client]) -> dict[UUID, Equity]:
    """What holds for each of some clients; one of whom nothing was recorded is not in it."""
    newest = (
        select(func.max(Equity.id))
        .where(Equity.client_id.in_([client.id for client in clients]))
        .group_by(Equity.client_id)
    )
    return {row.client_id: row for row in db.session.scalars(select(Equity).where(Equity.id.in_(newest)))}


def equity_of(service: Service) -> dict[UUID, dict[str, str | None]]:
    """For the figures of a service: client id → field → code, by the newest row of each client.

    None is *never recorded*, `not_stated` is an answer. A client of whom nothing was ever recorded is not in it.
    Whoever shows figures by these hides small numbers: this is for counting, never for a page about one client.
    """
    newest = select(func.max(Equity.id)).where(Equity.service_id == service.id).group_by(Equity.client_id)
    columns = [getattr(Equity, name) for name in EQUITY]
    rows = db.session.execute(select(Equity.client_id, *columns).where(Equity.id.in_(newest)))
    return {row.client_id: {name: getattr(row, name) for name in EQUITY} for row in rows}
