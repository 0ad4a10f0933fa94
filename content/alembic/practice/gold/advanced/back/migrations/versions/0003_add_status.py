"""Add status to users

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

user_status = sa.Enum("active", "away", name="user_status")


def upgrade() -> None:
    # add_column does not make the type on PostgreSQL, and drop_column leaves it behind.
    user_status.create(op.get_bind(), checkfirst=True)
    with op.batch_alter_table("users") as users:
        users.add_column(sa.Column("status", user_status, server_default="active", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("users") as users:
        users.drop_column("status")
    user_status.drop(op.get_bind(), checkfirst=True)
