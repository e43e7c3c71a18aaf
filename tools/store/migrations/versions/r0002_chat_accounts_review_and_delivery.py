"""Chat, accounts, review and delivery."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision: str = '0002'
down_revision: str | None = '0001'
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table('login_failure',
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('locked_until', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_login_failure'))
    )
    op.create_table('conversation',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('production_id', sa.String(length=32), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('shown', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['production_id'], ['production.id'], name=op.f('fk_conversation_production_id_production')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conversation'))
    )
    with op.batch_alter_table('conversation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_conversation_production_id'), ['production_id'], unique=False)

    op.create_table('delivery',
    sa.Column('production_id', sa.String(length=32), nullable=False),
    sa.Column('folder', sa.String(length=1000), nullable=False),
    sa.Column('zip', sa.String(length=1000), nullable=False),
    sa.Column('manifest', sa.String(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['production_id'], ['production.id'], name=op.f('fk_delivery_production_id_production')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery'))
    )
    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_delivery_production_id'), ['production_id'], unique=False)

    op.create_table('user',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('role', sa.Enum('director', 'reviewer', name='role', native_enum=False, length=40), nullable=False),
    sa.Column('password_hash', sa.String(length=400), nullable=False),
    sa.Column('production_id', sa.String(), nullable=True),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('password_version', sa.Integer(), nullable=False),
    sa.Column('disabled', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['production_id'], ['production.id'], name=op.f('fk_user_production_id_production')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_user')),
    sa.UniqueConstraint('name', name=op.f('uq_user_name'))
    )
    with op.batch_alter_table('user', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_user_production_id'), ['production_id'], unique=False)

    op.create_table('casting',
    sa.Column('character_id', sa.String(length=32), nullable=False),
    sa.Column('job_id', sa.String(length=32), nullable=False),
    sa.Column('face', sa.Integer(), nullable=True),
    sa.Column('seed', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['character_id'], ['character.id'], name=op.f('fk_casting_character_id_character')),
    sa.ForeignKeyConstraint(['job_id'], ['job.id'], name=op.f('fk_casting_job_id_job')),
    sa.PrimaryKeyConstraint('character_id', name=op.f('pk_casting'))
    )
    op.create_table('conversation_job',
    sa.Column('conversation_id', sa.String(length=32), nullable=False),
    sa.Column('job_id', sa.String(length=32), nullable=False),
    sa.Column('reported_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversation.id'], name=op.f('fk_conversation_job_conversation_id_conversation')),
    sa.ForeignKeyConstraint(['job_id'], ['job.id'], name=op.f('fk_conversation_job_job_id_job')),
    sa.PrimaryKeyConstraint('conversation_id', 'job_id', name=op.f('pk_conversation_job'))
    )
    with op.batch_alter_table('conversation_job', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_conversation_job_job_id'), ['job_id'], unique=False)

    op.create_table('decision',
    sa.Column('interrupt_id', sa.String(length=120), nullable=False),
    sa.Column('conversation_id', sa.String(length=32), nullable=False),
    sa.Column('tool', sa.String(length=80), nullable=False),
    sa.Column('arguments', sa.String(), nullable=False),
    sa.Column('decision', sa.Enum('approve', 'reject', 'superseded', name='answered', native_enum=False, length=40), nullable=False),
    sa.Column('by', sa.String(length=40), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversation.id'], name=op.f('fk_decision_conversation_id_conversation')),
    sa.PrimaryKeyConstraint('interrupt_id', name=op.f('pk_decision'))
    )
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_decision_conversation_id'), ['conversation_id'], unique=False)

    op.create_table('login_session',
    sa.Column('token_digest', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.String(), nullable=False),
    sa.Column('password_version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_login_session_user_id_user')),
    sa.PrimaryKeyConstraint('token_digest', name=op.f('pk_login_session'))
    )
    with op.batch_alter_table('login_session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_login_session_user_id'), ['user_id'], unique=False)

    op.create_table('message',
    sa.Column('conversation_id', sa.String(length=32), nullable=False),
    sa.Column('role', sa.Enum('user', 'assistant', 'report', name='messagerole', native_enum=False, length=40), nullable=False),
    sa.Column('author', sa.String(length=40), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('answer', sa.String(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversation.id'], name=op.f('fk_message_conversation_id_conversation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message')),
    sa.UniqueConstraint('conversation_id', 'position', name=op.f('uq_message_conversation_id_position'))
    )
    op.create_table('set_draft',
    sa.Column('character_id', sa.String(length=32), nullable=False),
    sa.Column('options', sa.String(), nullable=False),
    sa.Column('dropped', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['character_id'], ['character.id'], name=op.f('fk_set_draft_character_id_character')),
    sa.PrimaryKeyConstraint('character_id', name=op.f('pk_set_draft'))
    )
    op.create_table('upload',
    sa.Column('conversation_id', sa.String(length=32), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('file_name', sa.String(length=255), nullable=False),
    sa.Column('kind', sa.Enum('photo', name='uploadkind', native_enum=False, length=40), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversation.id'], name=op.f('fk_upload_conversation_id_conversation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_upload'))
    )
    with op.batch_alter_table('upload', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_upload_conversation_id'), ['conversation_id'], unique=False)

    op.create_table('comment',
    sa.Column('take_id', sa.String(length=32), nullable=False),
    sa.Column('user_id', sa.String(length=32), nullable=True),
    sa.Column('author', sa.String(length=40), nullable=False),
    sa.Column('text', sa.String(length=2000), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['take_id'], ['take.id'], name=op.f('fk_comment_take_id_take')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_comment_user_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comment'))
    )
    with op.batch_alter_table('comment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_comment_take_id'), ['take_id'], unique=False)

    op.create_table('vote',
    sa.Column('take_id', sa.String(length=32), nullable=False),
    sa.Column('user_id', sa.String(length=32), nullable=False),
    sa.Column('vote', sa.Enum('pick', 'reject', name='choice', native_enum=False, length=40), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['take_id'], ['take.id'], name=op.f('fk_vote_take_id_take')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_vote_user_id_user')),
    sa.PrimaryKeyConstraint('take_id', 'user_id', name=op.f('pk_vote'))
    )
    with op.batch_alter_table('character', schema=None) as batch_op:
        batch_op.add_column(sa.Column('lora_version_id', sa.String(length=32), nullable=True))

    with op.batch_alter_table('production', schema=None) as batch_op:
        batch_op.add_column(sa.Column('base', sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column('ask_before_drawing', sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table('shot', schema=None) as batch_op:
        batch_op.add_column(sa.Column('source', sa.String(length=2000), server_default='', nullable=False))

    with op.batch_alter_table('take', schema=None) as batch_op:
        batch_op.add_column(sa.Column('rejected_at', sa.DateTime(timezone=True), nullable=True))



def downgrade() -> None:
    """Go back to the revision before."""
    with op.batch_alter_table('take', schema=None) as batch_op:
        batch_op.drop_column('rejected_at')

    with op.batch_alter_table('shot', schema=None) as batch_op:
        batch_op.drop_column('source')

    with op.batch_alter_table('production', schema=None) as batch_op:
        batch_op.drop_column('ask_before_drawing')
        batch_op.drop_column('base')

    with op.batch_alter_table('character', schema=None) as batch_op:
        batch_op.drop_column('lora_version_id')

    op.drop_table('vote')
    with op.batch_alter_table('comment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_comment_take_id'))

    op.drop_table('comment')
    with op.batch_alter_table('upload', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_upload_conversation_id'))

    op.drop_table('upload')
    op.drop_table('set_draft')
    op.drop_table('message')
    with op.batch_alter_table('login_session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_login_session_user_id'))

    op.drop_table('login_session')
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_decision_conversation_id'))

    op.drop_table('decision')
    with op.batch_alter_table('conversation_job', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_conversation_job_job_id'))

    op.drop_table('conversation_job')
    op.drop_table('casting')
    with op.batch_alter_table('user', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_user_production_id'))

    op.drop_table('user')
    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_delivery_production_id'))

    op.drop_table('delivery')
    with op.batch_alter_table('conversation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_conversation_production_id'))

    op.drop_table('conversation')
    op.drop_table('login_failure')
