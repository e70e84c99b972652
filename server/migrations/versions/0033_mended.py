"""Where the feed tells a mended revision again, apart from the order in which revisions came."""

import sqlalchemy as sa
from alembic import op

from server.extensions import Big

revision = "0033"
down_revision = "0032"

MENDED = sa.text("mended_seq IS NOT NULL")


def upgrade():
    if op.get_bind().dialect.name == "postgresql":  # samples from before 0031, of wrapped keys: this drops them
        op.execute("ALTER TABLE client ALTER COLUMN data_key TYPE bytea")
    op.add_column("revision", sa.Column("mended_seq", Big, nullable=True))
    op.create_index(
        "ix_revision_mended", "revision", ["client_id", "mended_seq"], postgresql_where=MENDED, sqlite_where=MENDED
    )
