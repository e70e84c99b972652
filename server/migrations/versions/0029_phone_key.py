"""The key that the service holds for a phone: after a new sign-in it opens what lies sealed there."""

from alembic import op
from sqlalchemy import Column as column
from sqlalchemy import LargeBinary

revision = "0029"
down_revision = "0028"


def upgrade():
    with op.batch_alter_table("device") as changed:
        changed.add_column(column("phone_key_sealed", LargeBinary, nullable=True))
