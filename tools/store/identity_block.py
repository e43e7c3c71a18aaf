"""Identity blocks: the locked sentence of a character and look, version by version.

Knows the table and its queries; must not know how the sentence is written.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, col, select

from tools.contracts.limits import LONGEST_BLOCK
from tools.errors import UnknownName
from tools.store.model import StoreModel, new_id, now


class IdentityBlockBase(StoreModel):
    """What a version of the block is made with."""

    character_id: str = Field(foreign_key="character.id", index=True)
    look_id: str = Field(foreign_key="look.id", index=True)
    vocabulary: str = Field(min_length=1, max_length=80)
    """Prompt rules of the base that the text was worded for."""
    text: str = Field(min_length=1, max_length=LONGEST_BLOCK)


class IdentityBlockCreate(IdentityBlockBase):
    """A checked block that is not stored yet."""


class IdentityBlock(IdentityBlockBase, table=True):
    """A stored version; its text never changes."""

    __tablename__ = "identity_block"
    __table_args__ = (UniqueConstraint("look_id", "vocabulary", "version"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    version: int = Field(ge=1)
    confirmed_at: datetime | None = None
    """None while the version is only proposed."""
    created_at: datetime = Field(default_factory=now)


def propose_block(
    *, session: Session, block: IdentityBlockCreate, anew: bool = False
) -> IdentityBlock:
    """Store the next version, to be confirmed; the newest with this very text is returned.

    Args:
        session: An open transaction.
        block: What to store.
        anew: Store a version of its own even for the same text: who wears it has changed, as by
            an age, which stands outside the block.
    """
    newest = _newest(session=session, look_id=block.look_id, vocabulary=block.vocabulary)
    if newest is not None and newest.text == block.text and not anew:
        return newest
    version = 1 if newest is None else newest.version + 1
    row = IdentityBlock.model_validate(block, update={"version": version})
    session.add(row)
    session.flush()
    return row


def confirm_block(*, session: Session, block_id: str) -> IdentityBlock:
    """Put a proposed version in force.

    Raises:
        UnknownName: there is no such block.
    """
    block = session.get(IdentityBlock, block_id)
    if block is None:
        raise UnknownName(f"no identity block {block_id}; propose one first")
    if block.confirmed_at is None:
        block.confirmed_at = now()
        session.add(block)
        session.flush()
    return block


def block_in_force(*, session: Session, look_id: str, vocabulary: str) -> IdentityBlock | None:
    """Return the newest confirmed version for a look and a base vocabulary, if any."""
    return session.exec(
        select(IdentityBlock)
        .where(
            IdentityBlock.look_id == look_id,
            IdentityBlock.vocabulary == vocabulary,
            col(IdentityBlock.confirmed_at).is_not(None),
        )
        .order_by(col(IdentityBlock.version).desc())
    ).first()


def _newest(*, session: Session, look_id: str, vocabulary: str) -> IdentityBlock | None:
    return session.exec(
        select(IdentityBlock)
        .where(IdentityBlock.look_id == look_id, IdentityBlock.vocabulary == vocabulary)
        .order_by(col(IdentityBlock.version).desc())
    ).first()
