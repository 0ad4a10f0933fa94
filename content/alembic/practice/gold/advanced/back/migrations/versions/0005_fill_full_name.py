"""Fill an empty full_name from the email

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

users = sa.table("users", sa.column("email", sa.String), sa.column("full_name", sa.String))


def upgrade() -> None:
    find = sa.func.instr if op.get_bind().dialect.name == "sqlite" else sa.func.strpos
    name = sa.func.substr(users.c.email, 1, find(users.c.email, "@") - 1)
    op.execute(
        users.update().where(users.c.full_name == "").values(full_name=sa.func.substr(name, 1, 120))
    )


def downgrade() -> None:
    """The filled names stay: which of them were empty is not known any more."""
