"""A LoRA version says its architecture and what it was trained on; one from elsewhere says where it is from.

So far every version was trained here, on its own base; SDXL's alone had a second file in kohya's format.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op


revision: str = '0005'
down_revision: str | None = '0004'
branch_labels: str | None = None
depends_on: str | None = None

MADE_HERE: tuple[tuple[str, sa.types.TypeEngine[Any]], ...] = (
    ('config', sa.String()),
    ('seed', sa.BigInteger()),
    ('steps', sa.Integer()),
    ('seconds', sa.Float()),
)


def upgrade() -> None:
    """Go to this revision."""
    with op.batch_alter_table('lora_version', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column('architecture', sa.String(length=40), server_default='sdxl', nullable=False)
        )
        batch_op.add_column(sa.Column('trained_on', sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column('lineage', sa.String(length=600), nullable=True))
        batch_op.add_column(sa.Column('licence', sa.String(length=200), nullable=True))
        for name, kind in MADE_HERE:
            batch_op.alter_column(name, existing_type=kind, nullable=True)
    lora = sa.table(
        'lora_version',
        sa.column('architecture'), sa.column('trained_on'), sa.column('base'), sa.column('kohya_digest'),
    )
    op.execute(lora.update().values(trained_on=lora.c.base))
    op.execute(lora.update().where(lora.c.kohya_digest.is_(None)).values(architecture='flux'))
    with op.batch_alter_table('lora_version', schema=None) as batch_op:
        batch_op.alter_column(
            'architecture', existing_type=sa.String(length=40), nullable=False, server_default=None
        )


def downgrade() -> None:
    """Go back to the revision before; versions from elsewhere become runs of no steps."""
    lora = sa.table('lora_version', *(sa.column(name) for name, _ in MADE_HERE))
    nothing = {'config': '{}', 'seed': 0, 'steps': 0, 'seconds': 0.0}
    for name, value in nothing.items():
        op.execute(lora.update().where(lora.c[name].is_(None)).values({name: value}))
    with op.batch_alter_table('lora_version', schema=None) as batch_op:
        for name, kind in MADE_HERE:
            batch_op.alter_column(name, existing_type=kind, nullable=False)
        for name in ('licence', 'lineage', 'trained_on', 'architecture'):
            batch_op.drop_column(name)
