from __future__ import annotations

import pytest
from sqlmodel import Session

from tools.contracts.briefs import AspectRatio, ProductionStyle
from tools.errors import UnknownName
from tools.store.production import (
    Production,
    ProductionCreate,
    add_production,
    set_ask_before_drawing,
    set_aspect_ratio,
    set_base,
    set_style,
)


@pytest.fixture
def reef(session: Session) -> Production:
    create = ProductionCreate.of(name="Reef", style=ProductionStyle(palette="teal"))
    return add_production(session=session, production=create)


def style_of(production: Production) -> ProductionStyle:
    return ProductionStyle.model_validate_json(production.style)


def test_a_new_style_keeps_the_aspect_ratio(session: Session, reef: Production) -> None:
    set_aspect_ratio(session=session, production_id=reef.id, aspect_ratio=AspectRatio.SCOPE)
    assert style_of(reef) == ProductionStyle(palette="teal", aspect_ratio="2.39:1")
    set_style(session=session, production_id=reef.id, style=ProductionStyle(film_stock="16 mm"))
    assert style_of(reef) == ProductionStyle(film_stock="16 mm", aspect_ratio="2.39:1")
    assert reef.aspect_ratio is AspectRatio.SCOPE


def test_a_production_may_have_its_own_base_and_ask_before_drawing(
    session: Session, reef: Production
) -> None:
    assert (reef.base, reef.ask_before_drawing) == (None, False)
    set_base(session=session, production_id=reef.id, base="sdxl")
    set_ask_before_drawing(session=session, production_id=reef.id, ask=True)
    session.refresh(reef)
    assert (reef.base, reef.ask_before_drawing) == ("sdxl", True)
    assert set_base(session=session, production_id=reef.id, base=None).base is None


def test_settings_need_their_production(session: Session) -> None:
    with pytest.raises(UnknownName, match="no production none"):
        set_base(session=session, production_id="none", base="sdxl")
    with pytest.raises(UnknownName, match="no production none"):
        set_style(session=session, production_id="none", style=ProductionStyle())
