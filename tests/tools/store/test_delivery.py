from __future__ import annotations

import pytest
from pydantic import ValidationError
from sqlmodel import Session

from tools.errors import UnknownName
from tools.store.delivery import (
    Delivery,
    DeliveryCreate,
    add_delivery,
    get_delivery,
    list_deliveries,
)
from tools.store.production import Production


def create(production: Production, digest: str) -> DeliveryCreate:
    return DeliveryCreate(
        production_id=production.id,
        folder="deliveries/1",
        zip="deliveries/1.zip",
        manifest=digest * 64,
    )


def test_deliveries_are_listed_newest_first(session: Session, production: Production) -> None:
    rows: list[Delivery] = [
        add_delivery(session=session, delivery=create(production, digest)) for digest in "ab"
    ]
    assert list_deliveries(session=session, production_id=production.id) == rows[::-1]
    assert list_deliveries(session=session, production_id="none") == []
    assert get_delivery(session=session, delivery_id=rows[0].id) == rows[0]
    with pytest.raises(UnknownName, match="no delivery none"):
        get_delivery(session=session, delivery_id="none")


def test_a_manifest_is_named_by_its_digest(production: Production) -> None:
    with pytest.raises(ValidationError, match="manifest"):
        create(production, "x")
