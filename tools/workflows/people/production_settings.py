"""What a production is made with and what it wants to be asked: read, and changed by a person.

Not a tool of the agent: whether drawing waits for a person is not for a sentence to change that may have
come with somebody else's text.
"""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field

from tools.contracts.model import Contract
from tools.services import Services
from tools.store.production import (
    Approval,
    Production,
    get_production,
    set_approval,
    set_ask_before_drawing,
    set_base,
    set_budget,
)
from tools.workflows.digest import base_of, production_row


class ProductionChange(Contract):
    """What is to be different; what is None stays."""

    base: str | None = None
    ask_before_drawing: bool | None = None
    approval: Approval | None = None
    budget: Decimal | None = Field(default=None, ge=0, max_digits=12)


class ProductionSettings(Contract):
    """How a production stands."""

    name: str
    base: str
    licence: str
    """The base's, with its consequence."""
    aspect_ratio: str
    ask_before_drawing: bool
    approval: Approval
    budget: Decimal | None
    """US dollars; None is no limit."""


def change_production(
    services: Services, production: str, change: ProductionChange
) -> ProductionSettings:
    """Change a production's settings, a new one's too, and return how it stands then.

    Raises:
        UnknownName: no such base.
        BadInput: a base that is not on this machine.
    """
    row = production_row(services, production)
    base = None if change.base is None else services.catalog.row(change.base).name
    with services.database.session() as session:
        if base is not None:
            set_base(session=session, production_id=row.id, base=base)
        if change.ask_before_drawing is not None:
            set_ask_before_drawing(
                session=session, production_id=row.id, ask=change.ask_before_drawing
            )
        if change.approval is not None:
            set_approval(session=session, production_id=row.id, approval=change.approval)
        if change.budget is not None:
            set_budget(session=session, production_id=row.id, budget=change.budget)
        return _settings(services, get_production(session=session, name=production))


def _settings(services: Services, row: Production) -> ProductionSettings:
    base = base_of(services, row)
    return ProductionSettings(
        name=row.name,
        base=base,
        licence=services.catalog.status(base).licence,
        aspect_ratio=row.aspect_ratio.value,
        ask_before_drawing=row.ask_before_drawing,
        approval=row.approval,
        budget=row.budget,
    )
