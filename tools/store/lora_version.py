"""LoRA versions: one row per finished training run, never overwritten.

Knows the table and its queries; must not know how an adapter is trained or scored.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field, Session, col, select

from tools.contracts.model import Digest, Seed
from tools.errors import UnknownName
from tools.store.model import StoreModel, new_id, now


class LoraVersionBase(StoreModel):
    """What a version is made with."""

    character_id: str = Field(foreign_key="character.id", index=True)
    reference_set_id: str = Field(foreign_key="reference_set.id", index=True)
    base: str = Field(min_length=1, max_length=80)
    config: str
    """JSON of `tools.contracts.training.LoraConfig`."""
    seed: Seed = Field(sa_type=BigInteger, nullable=False)
    digest: Digest
    """SHA-256 of the adapter in diffusers format."""
    kohya_digest: Digest | None = None
    steps: int = Field(ge=0)
    seconds: float = Field(ge=0)
    delta_rms: float | None = Field(default=None, ge=0)
    """Root mean square of the weight change."""
    score: float | None = None
    """Identity score on fixed seeds."""
    parent_id: str | None = Field(default=None, foreign_key="lora_version.id")


class LoraVersionCreate(LoraVersionBase):
    """A checked version that is not stored yet."""


class LoraVersion(LoraVersionBase, table=True):
    """A stored version; its number is unique for the character."""

    __tablename__ = "lora_version"
    __table_args__ = (UniqueConstraint("character_id", "version"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    version: int = Field(ge=1)
    created_at: datetime = Field(default_factory=now)


def add_lora_version(*, session: Session, lora: LoraVersionCreate) -> LoraVersion:
    """Store the character's next version; the same file of the same set is stored once."""
    known = session.exec(
        select(LoraVersion).where(
            LoraVersion.character_id == lora.character_id,
            LoraVersion.reference_set_id == lora.reference_set_id,
            LoraVersion.digest == lora.digest,
        )
    ).first()
    if known is not None:
        return known
    newest = newest_lora_version(session=session, character_id=lora.character_id)
    version = 1 if newest is None else newest.version + 1
    row = LoraVersion.model_validate(lora, update={"version": version})
    session.add(row)
    session.flush()
    return row


def newest_lora_version(
    *, session: Session, character_id: str, base: str | None = None
) -> LoraVersion | None:
    """Return the character's newest version, of one base if named."""
    query = select(LoraVersion).where(LoraVersion.character_id == character_id)
    if base is not None:
        query = query.where(LoraVersion.base == base)
    return session.exec(query.order_by(col(LoraVersion.version).desc())).first()


def get_lora_version(*, session: Session, character_id: str, version: int) -> LoraVersion:
    """Return a version by its number.

    Raises:
        UnknownName: there is none; the message lists those that exist.
    """
    rows = list_lora_versions(session=session, character_id=character_id)
    for row in rows:
        if row.version == version:
            return row
    known = ", ".join(f"v{row.version}" for row in rows) or "none yet"
    raise UnknownName(f"no LoRA v{version} of this character; there are: {known}")


def list_lora_versions(*, session: Session, character_id: str) -> list[LoraVersion]:
    """Return the character's versions, oldest first."""
    return list(
        session.exec(
            select(LoraVersion)
            .where(LoraVersion.character_id == character_id)
            .order_by(col(LoraVersion.version))
        )
    )
