"""Find the break-glass looks of a service, and the rows of a cover, without reading all access there ever was."""

from alembic import op
from sqlalchemy import text

revision = "0017"
down_revision = "0016"

URGENT = text("role = 'break_glass'")


def upgrade():
    op.create_index(
        "ix_access_urgent", "access", ["service_id", "from_at"], postgresql_where=URGENT, sqlite_where=URGENT
    )
    op.create_index("ix_access_cover", "access", ["cover_id"])
