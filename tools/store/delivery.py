"""Deliveries: what was handed over, where and with which manifest.

Knows the table and its queries; must not know what a delivery holds.
"""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, Session, col, select

from tools.contracts.model import Digest
from tools.errors import UnknownName
from tools.store.model import StoreModel, new_id, now


class DeliveryBase(StoreModel):
    """What a delivery is made with."""

    production_id: str = Field(foreign_key="production.id", index=True, max_length=32)
    folder: str = Field(min_length=1, max_length=1000)
    zip: str = Field(min_length=1, max_length=1000)
    manifest: Digest
    """SHA-256 of the manifest file."""


class DeliveryCreate(DeliveryBase):
    """A checked delivery that is not stored yet."""


class Delivery(DeliveryBase, table=True):
    """A stored delivery; it is never changed."""

    __tablename__ = "delivery"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    at: datetime = Field(default_factory=now)


def add_delivery(*, session: Session, delivery: DeliveryCreate) -> Delivery:
    """Store a delivery."""
    row = Delivery.model_validate(delivery)
    session.add(row)
    session.flush()
    return row


def get_delivery(*, session: Session, delivery_id: str) -> Delivery:
    """Return a delivery by its id.

    Raises:
        UnknownName: there is none.
    """
    row = session.get(Delivery, delivery_id)
    if row is None:
        raise UnknownName(f"no delivery {delivery_id}; make one with `samecast deliver`")
    return row


def list_deliveries(*, session: Session, production_id: str) -> list[Delivery]:
    """Return the production's deliveries, newest first."""
    return list(
        session.exec(
            select(Delivery)
            .where(Delivery.production_id == production_id)
            .order_by(col(Delivery.at).desc())
        )
    )
