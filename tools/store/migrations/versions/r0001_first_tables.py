"""First tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision: str = '0001'
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table('face_record',
    sa.Column('picture', sa.String(length=64), nullable=False),
    sa.Column('embedder', sa.String(length=80), nullable=False),
    sa.Column('detector', sa.String(length=80), nullable=False),
    sa.Column('faces', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('picture', 'embedder', 'detector', name=op.f('pk_face_record'))
    )
    op.create_table('production',
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('style', sa.String(), nullable=False),
    sa.Column('aspect_ratio', sa.Enum('1:1', '4:5', '16:9', '1.85:1', '2.39:1', '9:16', name='aspectratio', native_enum=False, length=40), nullable=False),
    sa.Column('approval', sa.Enum('pick', 'pass', name='approval', native_enum=False, length=40), nullable=False),
    sa.Column('budget', sa.BigInteger(), nullable=True),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_production')),
    sa.UniqueConstraint('name', name=op.f('uq_production_name'))
    )
    op.create_table('character',
    sa.Column('production_id', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('brief', sa.String(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['production_id'], ['production.id'], name=op.f('fk_character_production_id_production')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_character')),
    sa.UniqueConstraint('production_id', 'name', name=op.f('uq_character_production_id_name'))
    )
    with op.batch_alter_table('character', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_character_production_id'), ['production_id'], unique=False)

    op.create_table('job',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=80), nullable=False),
    sa.Column('payload', sa.String(), nullable=False),
    sa.Column('state', sa.Enum('proposed', 'approved', 'claimed', 'submitted', 'done', 'failed', 'cancelled', 'unknown', name='jobstate', native_enum=False, length=40), nullable=False),
    sa.Column('production_id', sa.String(), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('execution_id', sa.String(length=32), nullable=True),
    sa.Column('owner', sa.String(length=200), nullable=True),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cancel_requested', sa.Boolean(), nullable=False),
    sa.Column('provider_id', sa.String(length=200), nullable=True),
    sa.Column('stage', sa.String(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('result', sa.String(), nullable=True),
    sa.Column('error', sa.String(), nullable=True),
    sa.Column('message', sa.String(), nullable=True),
    sa.Column('exit_code', sa.Integer(), nullable=True),
    sa.Column('traceback', sa.String(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['production_id'], ['production.id'], name=op.f('fk_job_production_id_production')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job')),
    sa.UniqueConstraint('key', name=op.f('uq_job_key'))
    )
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_job_kind'), ['kind'], unique=False)
        batch_op.create_index(batch_op.f('ix_job_production_id'), ['production_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_job_state'), ['state'], unique=False)

    op.create_table('scene',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('production_id', sa.String(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('brief', sa.String(), nullable=False),
    sa.Column('omitted', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['production_id'], ['production.id'], name=op.f('fk_scene_production_id_production')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_scene')),
    sa.UniqueConstraint('production_id', 'number', name=op.f('uq_scene_production_id_number'))
    )
    with op.batch_alter_table('scene', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_scene_production_id'), ['production_id'], unique=False)

    op.create_table('execution',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('job_id', sa.String(), nullable=False),
    sa.Column('owner', sa.String(length=200), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('end', sa.Enum('done', 'failed', 'cancelled', 'interrupted', name='executionend', native_enum=False, length=40), nullable=True),
    sa.ForeignKeyConstraint(['job_id'], ['job.id'], name=op.f('fk_execution_job_id_job')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_execution'))
    )
    with op.batch_alter_table('execution', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_execution_job_id'), ['job_id'], unique=False)

    op.create_table('job_need',
    sa.Column('job_id', sa.String(length=32), nullable=False),
    sa.Column('needs_id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['job_id'], ['job.id'], name=op.f('fk_job_need_job_id_job')),
    sa.ForeignKeyConstraint(['needs_id'], ['job.id'], name=op.f('fk_job_need_needs_id_job')),
    sa.PrimaryKeyConstraint('job_id', 'needs_id', name=op.f('pk_job_need'))
    )
    op.create_table('ledger_entry',
    sa.Column('production_id', sa.String(), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('job_id', sa.String(), nullable=True),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('what', sa.String(length=300), nullable=False),
    sa.Column('priced_on', sa.Date(), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['job_id'], ['job.id'], name=op.f('fk_ledger_entry_job_id_job')),
    sa.ForeignKeyConstraint(['production_id'], ['production.id'], name=op.f('fk_ledger_entry_production_id_production')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_entry')),
    sa.UniqueConstraint('key', name=op.f('uq_ledger_entry_key'))
    )
    with op.batch_alter_table('ledger_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ledger_entry_job_id'), ['job_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_ledger_entry_production_id'), ['production_id'], unique=False)

    op.create_table('look',
    sa.Column('character_id', sa.String(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('words', sa.String(length=1200), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['character_id'], ['character.id'], name=op.f('fk_look_character_id_character')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_look')),
    sa.UniqueConstraint('character_id', 'name', name=op.f('uq_look_character_id_name'))
    )
    with op.batch_alter_table('look', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_look_character_id'), ['character_id'], unique=False)

    op.create_table('reference_set',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('character_id', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('origin', sa.Enum('layers', 'photos', name='origin', native_enum=False, length=40), nullable=False),
    sa.Column('status', sa.Enum('building', 'judged', name='setstatus', native_enum=False, length=40), nullable=False),
    sa.Column('csfd_mean', sa.Float(), nullable=True),
    sa.Column('csfd_worst', sa.Float(), nullable=True),
    sa.Column('threshold', sa.Float(), nullable=True),
    sa.Column('verdict', sa.Enum('pass', 'review', 'reject', name='outcome', native_enum=False, length=40), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['character_id'], ['character.id'], name=op.f('fk_reference_set_character_id_character')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reference_set')),
    sa.UniqueConstraint('character_id', 'version', name=op.f('uq_reference_set_character_id_version'))
    )
    with op.batch_alter_table('reference_set', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reference_set_character_id'), ['character_id'], unique=False)

    op.create_table('shot',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('scene_id', sa.String(), nullable=False),
    sa.Column('ordinal', sa.Integer(), nullable=False),
    sa.Column('slate', sa.String(length=8), nullable=False),
    sa.Column('request', sa.String(), nullable=False),
    sa.Column('omitted', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['scene_id'], ['scene.id'], name=op.f('fk_shot_scene_id_scene')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shot')),
    sa.UniqueConstraint('scene_id', 'ordinal', name=op.f('uq_shot_scene_id_ordinal'))
    )
    with op.batch_alter_table('shot', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_shot_scene_id'), ['scene_id'], unique=False)

    op.create_table('identity_block',
    sa.Column('character_id', sa.String(), nullable=False),
    sa.Column('look_id', sa.String(), nullable=False),
    sa.Column('vocabulary', sa.String(length=80), nullable=False),
    sa.Column('text', sa.String(length=1200), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['character_id'], ['character.id'], name=op.f('fk_identity_block_character_id_character')),
    sa.ForeignKeyConstraint(['look_id'], ['look.id'], name=op.f('fk_identity_block_look_id_look')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_identity_block')),
    sa.UniqueConstraint('look_id', 'vocabulary', 'version', name=op.f('uq_identity_block_look_id_vocabulary_version'))
    )
    with op.batch_alter_table('identity_block', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_identity_block_character_id'), ['character_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_identity_block_look_id'), ['look_id'], unique=False)

    op.create_table('lora_version',
    sa.Column('character_id', sa.String(), nullable=False),
    sa.Column('reference_set_id', sa.String(), nullable=False),
    sa.Column('base', sa.String(length=80), nullable=False),
    sa.Column('config', sa.String(), nullable=False),
    sa.Column('seed', sa.BigInteger(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('kohya_digest', sa.String(), nullable=True),
    sa.Column('steps', sa.Integer(), nullable=False),
    sa.Column('seconds', sa.Float(), nullable=False),
    sa.Column('delta_rms', sa.Float(), nullable=True),
    sa.Column('score', sa.Float(), nullable=True),
    sa.Column('parent_id', sa.String(), nullable=True),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['character_id'], ['character.id'], name=op.f('fk_lora_version_character_id_character')),
    sa.ForeignKeyConstraint(['parent_id'], ['lora_version.id'], name=op.f('fk_lora_version_parent_id_lora_version')),
    sa.ForeignKeyConstraint(['reference_set_id'], ['reference_set.id'], name=op.f('fk_lora_version_reference_set_id_reference_set')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lora_version')),
    sa.UniqueConstraint('character_id', 'version', name=op.f('uq_lora_version_character_id_version'))
    )
    with op.batch_alter_table('lora_version', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_lora_version_character_id'), ['character_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_lora_version_reference_set_id'), ['reference_set_id'], unique=False)

    op.create_table('reference_image',
    sa.Column('set_id', sa.String(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('caption', sa.String(length=4000), nullable=False),
    sa.Column('layer', sa.Enum('sheet', 'close-up', 'close-up portrait', 'portrait', 'three-quarter', 'full body', 'photo', name='layer', native_enum=False, length=40), nullable=False),
    sa.Column('framing', sa.Enum('extreme close-up', 'close-up', 'medium close-up', 'medium shot', 'three-quarter shot', 'full-body shot', 'wide shot', name='framing', native_enum=False, length=40), nullable=True),
    sa.Column('view', sa.Enum('frontal view', 'three-quarter left view', 'three-quarter right view', 'left profile view', 'right profile view', name='view', native_enum=False, length=40), nullable=True),
    sa.Column('expression', sa.Enum('neutral expression', 'smiling', 'laughing', 'sad', 'angry', 'surprised', 'fearful', name='expression', native_enum=False, length=40), nullable=True),
    sa.Column('light', sa.String(length=300), nullable=True),
    sa.Column('place', sa.String(length=300), nullable=True),
    sa.Column('csfd', sa.Float(), nullable=True),
    sa.Column('verdict', sa.Enum('pass', 'review', 'reject', name='outcome', native_enum=False, length=40), nullable=True),
    sa.Column('parent_digest', sa.String(), nullable=True),
    sa.Column('strength', sa.Float(), nullable=True),
    sa.Column('seed', sa.BigInteger(), nullable=True),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('dropped', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['set_id'], ['reference_set.id'], name=op.f('fk_reference_image_set_id_reference_set')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reference_image')),
    sa.UniqueConstraint('set_id', 'position', name=op.f('uq_reference_image_set_id_position'))
    )
    with op.batch_alter_table('reference_image', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reference_image_set_id'), ['set_id'], unique=False)

    op.create_table('take',
    sa.Column('shot_id', sa.String(), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('prompt', sa.String(length=8000), nullable=False),
    sa.Column('seed', sa.BigInteger(), nullable=False),
    sa.Column('request', sa.String(), nullable=False),
    sa.Column('lora_version_id', sa.String(), nullable=True),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('slate', sa.String(length=16), nullable=False),
    sa.Column('digest', sa.String(), nullable=True),
    sa.Column('csfd_own', sa.Float(), nullable=True),
    sa.Column('csfd_other', sa.Float(), nullable=True),
    sa.Column('nearest', sa.String(length=80), nullable=True),
    sa.Column('verdict', sa.Enum('pass', 'review', 'reject', name='outcome', native_enum=False, length=40), nullable=True),
    sa.Column('reasons', sa.String(), nullable=False),
    sa.Column('copy_of', sa.String(), nullable=True),
    sa.Column('faces', sa.Integer(), nullable=True),
    sa.Column('picked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['lora_version_id'], ['lora_version.id'], name=op.f('fk_take_lora_version_id_lora_version')),
    sa.ForeignKeyConstraint(['shot_id'], ['shot.id'], name=op.f('fk_take_shot_id_shot')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_take')),
    sa.UniqueConstraint('key', name=op.f('uq_take_key')),
    sa.UniqueConstraint('shot_id', 'number', name=op.f('uq_take_shot_id_number'))
    )
    with op.batch_alter_table('take', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_take_shot_id'), ['shot_id'], unique=False)



def downgrade() -> None:
    """Go back to the revision before."""
    with op.batch_alter_table('take', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_take_shot_id'))

    op.drop_table('take')
    with op.batch_alter_table('reference_image', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reference_image_set_id'))

    op.drop_table('reference_image')
    with op.batch_alter_table('lora_version', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_lora_version_reference_set_id'))
        batch_op.drop_index(batch_op.f('ix_lora_version_character_id'))

    op.drop_table('lora_version')
    with op.batch_alter_table('identity_block', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_identity_block_look_id'))
        batch_op.drop_index(batch_op.f('ix_identity_block_character_id'))

    op.drop_table('identity_block')
    with op.batch_alter_table('shot', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_shot_scene_id'))

    op.drop_table('shot')
    with op.batch_alter_table('reference_set', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reference_set_character_id'))

    op.drop_table('reference_set')
    with op.batch_alter_table('look', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_look_character_id'))

    op.drop_table('look')
    with op.batch_alter_table('ledger_entry', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ledger_entry_production_id'))
        batch_op.drop_index(batch_op.f('ix_ledger_entry_job_id'))

    op.drop_table('ledger_entry')
    op.drop_table('job_need')
    with op.batch_alter_table('execution', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_execution_job_id'))

    op.drop_table('execution')
    with op.batch_alter_table('scene', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_scene_production_id'))

    op.drop_table('scene')
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_job_state'))
        batch_op.drop_index(batch_op.f('ix_job_production_id'))
        batch_op.drop_index(batch_op.f('ix_job_kind'))

    op.drop_table('job')
    with op.batch_alter_table('character', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_character_production_id'))

    op.drop_table('character')
    op.drop_table('production')
    op.drop_table('face_record')
