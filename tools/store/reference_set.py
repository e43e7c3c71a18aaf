"""Reference sets and their images.

Knows the two tables and their queries; must not know how images are drawn or judged.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, UniqueConstraint, func
from sqlmodel import Field, Session, col, select

from tools.contracts.limits import LONGEST_CAPTION
from tools.contracts.model import Digest, Seed
from tools.contracts.photography import Expression, Framing, Layer, View
from tools.contracts.references import SetImage
from tools.contracts.verdicts import GateReport, Outcome
from tools.errors import UnknownName
from tools.store.model import StoreModel, enum_type, new_id, now


class Origin(StrEnum):
    """Where a set's images come from."""

    LAYERS = "layers"
    PHOTOS = "photos"


class SetStatus(StrEnum):
    """How far a set has come."""

    BUILDING = "building"
    JUDGED = "judged"


class ReferenceSet(StoreModel, table=True):
    """A version of a character's reference images."""

    __tablename__ = "reference_set"
    __table_args__ = (UniqueConstraint("character_id", "version"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    character_id: str = Field(foreign_key="character.id", index=True)
    version: int = Field(ge=1)
    origin: Origin = Field(sa_type=enum_type(Origin), nullable=False)
    status: SetStatus = Field(
        default=SetStatus.BUILDING, sa_type=enum_type(SetStatus), nullable=False
    )
    csfd_mean: float | None = None
    csfd_worst: float | None = None
    threshold: float | None = None
    verdict: Outcome | None = Field(default=None, sa_type=enum_type(Outcome), nullable=True)
    created_at: datetime = Field(default_factory=now)


class ReferenceImageBase(StoreModel):
    """What an image of a set is made with."""

    set_id: str = Field(foreign_key="reference_set.id", index=True)
    digest: Digest
    """SHA-256 of the stored file."""
    caption: str = Field(min_length=1, max_length=LONGEST_CAPTION)
    layer: Layer = Field(sa_type=enum_type(Layer), nullable=False)
    framing: Framing | None = Field(default=None, sa_type=enum_type(Framing), nullable=True)
    view: View | None = Field(default=None, sa_type=enum_type(View), nullable=True)
    expression: Expression | None = Field(
        default=None, sa_type=enum_type(Expression), nullable=True
    )
    light: str | None = Field(default=None, max_length=300)
    place: str | None = Field(default=None, max_length=300)
    csfd: float | None = None
    """Distance to the centroid of the others; None without a readable face."""
    verdict: Outcome | None = Field(default=None, sa_type=enum_type(Outcome), nullable=True)
    parent_digest: Digest | None = None
    """Stored file that this one was drawn from."""
    strength: float | None = Field(default=None, gt=0, le=1)
    seed: Seed | None = Field(default=None, sa_type=BigInteger, nullable=True)


class ReferenceImageCreate(ReferenceImageBase):
    """A checked image that is not stored yet."""

    @classmethod
    def of(cls, *, set_id: str, image: SetImage, caption: str) -> ReferenceImageCreate:
        """Build one from an image of a set that was drawn or handed over.

        Args:
            set_id: of the stored set.
            image: what is known of it; its own caption is preferred.
            caption: where it has none.
        """
        return cls(
            set_id=set_id,
            digest=image.digest,
            caption=image.caption or caption,
            layer=image.layer,
            framing=image.framing,
            view=image.view,
            expression=image.expression,
            light=image.light,
            place=image.place,
            csfd=image.csfd,
            parent_digest=image.parent,
            strength=image.strength,
            seed=image.seed,
        )


class ReferenceImage(ReferenceImageBase, table=True):
    """A stored image; a dropped one stays, so that its position is never given again."""

    __tablename__ = "reference_image"
    __table_args__ = (UniqueConstraint("set_id", "position"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    position: int = Field(ge=1)
    dropped: bool = False
    created_at: datetime = Field(default_factory=now)


def start_set(*, session: Session, character_id: str, origin: Origin) -> ReferenceSet:
    """Store the character's next, empty set."""
    newest = newest_set(session=session, character_id=character_id)
    version = 1 if newest is None else newest.version + 1
    row = ReferenceSet(character_id=character_id, version=version, origin=Origin(origin))
    session.add(row)
    session.flush()
    return row


def newest_set(*, session: Session, character_id: str) -> ReferenceSet | None:
    """Return the character's newest set, if any."""
    return session.exec(
        select(ReferenceSet)
        .where(ReferenceSet.character_id == character_id)
        .order_by(col(ReferenceSet.version).desc())
    ).first()


def get_set(*, session: Session, set_id: str) -> ReferenceSet:
    """Return a set by its id.

    Raises:
        UnknownName: there is none.
    """
    row = session.get(ReferenceSet, set_id)
    if row is None:
        raise UnknownName(f"no reference set {set_id}; make one with `samecast references`")
    return row


def add_image(*, session: Session, image: ReferenceImageCreate) -> ReferenceImage:
    """Store an image at the set's next position."""
    last = session.exec(
        select(func.max(ReferenceImage.position)).where(ReferenceImage.set_id == image.set_id)
    ).one()
    row = ReferenceImage.model_validate(image, update={"position": (last or 0) + 1})
    session.add(row)
    session.flush()
    return row


def list_images(
    *, session: Session, set_id: str, with_dropped: bool = False
) -> list[ReferenceImage]:
    """Return the set's images by position."""
    query = select(ReferenceImage).where(ReferenceImage.set_id == set_id)
    if not with_dropped:
        query = query.where(col(ReferenceImage.dropped).is_(False))
    return list(session.exec(query.order_by(col(ReferenceImage.position))))


def drop_image(*, session: Session, image_id: str) -> ReferenceImage:
    """Take an image out of its set; the row and its position stay.

    Raises:
        UnknownName: there is no such image.
    """
    image = session.get(ReferenceImage, image_id)
    if image is None:
        raise UnknownName(f"no reference image {image_id}")
    image.dropped = True
    session.add(image)
    session.flush()
    return image


def record_gate(*, session: Session, set_id: str, report: GateReport) -> ReferenceSet:
    """Store the gate's answer; the report's images are the set's kept images in order.

    Raises:
        UnknownName: there is no such set.
    """
    row = get_set(session=session, set_id=set_id)
    row.csfd_mean, row.csfd_worst = report.csfd_mean, report.csfd_worst
    row.threshold, row.verdict = report.threshold, report.verdict
    row.status = SetStatus.JUDGED
    images = list_images(session=session, set_id=set_id)
    for image, judged in zip(images, report.images, strict=True):
        image.csfd, image.verdict = judged.csfd, judged.verdict
    session.add_all([row, *images])
    session.flush()
    return row


def void_gate(*, session: Session, set_id: str) -> ReferenceSet:
    """Forget the gate's answer on a set, which has changed since.

    Raises:
        UnknownName: there is no such set.
    """
    row = get_set(session=session, set_id=set_id)
    row.csfd_mean = row.csfd_worst = row.threshold = row.verdict = None
    row.status = SetStatus.BUILDING
    session.add(row)
    session.flush()
    return row
