"""LoRA versions: one row per finished training run or file from elsewhere, never overwritten.

Knows the table and its queries; must not know how an adapter is trained, read or scored.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import BigInteger, UniqueConstraint, or_
from sqlmodel import Field, Session, col, select

from tools.contracts.model import Digest, Seed
from tools.errors import UnknownName
from tools.store.model import StoreModel, new_id, now


class LoraVersionBase(StoreModel):
    """What a version is made with."""

    character_id: str = Field(foreign_key="character.id", index=True)
    reference_set_id: str = Field(foreign_key="reference_set.id", index=True)
    """The set that it was trained on, or that the takes of one from elsewhere are held against."""
    base: str = Field(min_length=1, max_length=80)
    """The base that it was trained or brought in for."""
    architecture: str = Field(min_length=1, max_length=40)
    trained_on: str | None = Field(default=None, max_length=200)
    """The base whose weights it learned on; of one from elsewhere as its file or the director says. None: not
    known."""
    lineage: str | None = Field(default=None, max_length=600)
    """Where the file of one from elsewhere is from; None: it was trained here."""
    licence: str | None = Field(default=None, max_length=200)
    """What is known of the licence of one from elsewhere."""
    config: str | None = None
    """JSON of `tools.contracts.training.LoraConfig`; None, as the next three, for one from elsewhere."""
    seed: Seed | None = Field(default=None, sa_type=BigInteger, nullable=True)
    digest: Digest
    """SHA-256 of the adapter in diffusers format."""
    kohya_digest: Digest | None = None
    steps: int | None = Field(default=None, ge=0)
    seconds: float | None = Field(default=None, ge=0)
    delta_rms: float | None = Field(default=None, ge=0)
    """Root mean square of the weight change."""
    score: float | None = None
    """Identity score on fixed seeds."""
    parent_id: str | None = Field(default=None, foreign_key="lora_version.id")

    @property
    def brought_in(self) -> bool:
        """Whether it comes from elsewhere."""
        return self.lineage is not None

    @property
    def origin(self) -> str:
        """How it came to be, in few words."""
        if not self.brought_in:
            return f"{self.steps} steps on {self.trained_on}"
        return f"brought in for {self.base}, trained on {self.trained_on or 'what is not known'}"

    def draws_on(self, bases: Collection[str]) -> bool:
        """Whether a base draws with it.

        Args:
            bases: whose adapters that base takes (`BaseCatalog.adapter_bases`).
        """
        return not {self.base, self.trained_on}.isdisjoint(bases)


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
    *, session: Session, character_id: str, bases: Collection[str] | None = None
) -> LoraVersion | None:
    """Return the character's newest version, of those that draw on a base if its adapters' are named."""
    query = select(LoraVersion).where(LoraVersion.character_id == character_id)
    if bases is not None:
        fits = or_(col(LoraVersion.base).in_(bases), col(LoraVersion.trained_on).in_(bases))
        query = query.where(fits)
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
