from __future__ import annotations

from decimal import Decimal

import pytest

from tools.errors import UnknownName
from tools.services import Services
from tools.store.production import Approval
from tools.workflows.people.production_settings import ProductionChange, change_production


def test_only_what_is_given_changes(services: Services) -> None:
    new = change_production(services, "Salt", ProductionChange())
    assert (new.base, new.ask_before_drawing, new.approval, new.budget) == (
        "maquette",
        False,
        Approval.PICK,
        None,
    )
    change_production(services, "Salt", ProductionChange(base="sdxl", budget=Decimal("12.50")))
    asks = ProductionChange(ask_before_drawing=True, approval=Approval.PASS)
    done = change_production(services, "Salt", asks)
    assert (done.base, done.budget) == ("sdxl", Decimal("12.50"))
    assert (done.ask_before_drawing, done.approval) == (True, Approval.PASS)


def test_an_unknown_base_changes_nothing_else_either(services: Services) -> None:
    change = ProductionChange(base="dalle", ask_before_drawing=True)
    with pytest.raises(UnknownName, match="no base named 'dalle'"):
        change_production(services, "Salt", change)
    assert not change_production(services, "Salt", ProductionChange()).ask_before_drawing
