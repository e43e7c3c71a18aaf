"""A picture of a shot may be a sketch: drawn by the base alone, never delivered.

What was drawn without an adapter before sketches had their name is one too.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision: str = '0004'
down_revision: str | None = '0003'
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Go to this revision."""
    with op.batch_alter_table('take', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column('is_sketch', sa.Boolean(), server_default=sa.false(), nullable=False)
        )
    take = sa.table('take', sa.column('is_sketch', sa.Boolean()), sa.column('lora_version_id'))
    op.execute(take.update().where(take.c.lora_version_id.is_(None)).values(is_sketch=True))


def downgrade() -> None:
    """Go back to the revision before."""
    with op.batch_alter_table('take', schema=None) as batch_op:
        batch_op.drop_column('is_sketch')
