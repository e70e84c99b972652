"""Which entries had their words on a page of staff; what a look at any of them had read stays read."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Column as column

from server.extensions import Id, Json, Moment

revision = "0022"
down_revision = "0021"

# As it was counted before: pages on which the words of some entries stood, and those that showed the agenda.
ENTRY_PAGES = ("show_appointment", "list_entries", "show_entry", "show_occurrences", "show_flag")
AGENDA_PAGES = (*ENTRY_PAGES, "show_client")


def upgrade():
    op.create_table(
        "entry_shown",
        column("client_id", Id(), nullable=False),
        column("entry_id", Id(), nullable=False),
        column("service_id", Id(), nullable=False),
        column("shown_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_entry_shown_client_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_entry_shown_service_id")),
        sa.PrimaryKeyConstraint("client_id", "entry_id", name=op.f("pk_entry_shown")),
    )
    _as_before()


def _as_before() -> None:
    """What counted as read by the looks there were counts as read from now on, too."""
    entry = sa.table(
        "entry", column("client_id", Id()), column("entry_id", Id()), column("service_id", Id()),
        column("subject_kind", sa.String()), column("first_received_at", Moment()),
    )  # fmt: skip
    event = sa.table(
        "audit_event", column("client_id", Id()), column("verb", sa.String()), column("at", Moment()),
        column("detail", Json),
    )  # fmt: skip
    shown = sa.table(
        "entry_shown", column("client_id", Id()), column("entry_id", Id()), column("service_id", Id()),
        column("shown_at", Moment()),
    )  # fmt: skip
    page = event.c.detail["page"].as_string()
    looked = (
        sa.select(
            event.c.client_id,
            sa.func.max(sa.case((page.in_(ENTRY_PAGES), event.c.at))).label("entries"),
            sa.func.max(event.c.at).label("agenda"),
        )
        .where(event.c.verb == "client.seen", page.in_(AGENDA_PAGES))
        .group_by(event.c.client_id)
        .subquery()
    )
    at = sa.case((entry.c.subject_kind == "agenda", looked.c.agenda), else_=looked.c.entries)
    read = (
        sa.select(entry.c.client_id, entry.c.entry_id, entry.c.service_id, at)
        .join(looked, looked.c.client_id == entry.c.client_id)
        .where(entry.c.subject_kind.in_(("entry", "agenda")), at >= entry.c.first_received_at)
    )
    op.execute(shown.insert().from_select(["client_id", "entry_id", "service_id", "shown_at"], read))
