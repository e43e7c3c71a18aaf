"""The ledger keeps which base was paid for, and how long it took."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision: str = '0003'
down_revision: str | None = '0002'
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Go to this revision."""
    with op.batch_alter_table('ledger_entry', schema=None) as batch_op:
        batch_op.add_column(sa.Column('base', sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column('seconds', sa.Float(), nullable=True))


def downgrade() -> None:
    """Go back to the revision before."""
    with op.batch_alter_table('ledger_entry', schema=None) as batch_op:
        batch_op.drop_column('seconds')
        batch_op.drop_column('base')
