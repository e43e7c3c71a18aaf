"""Productions: one film or series with its locked style, format, approval rule and budget.

Knows the table and its queries; must not know characters, scenes or prompts.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel
from sqlalchemy import false
from sqlmodel import Field, Session, select

from tools.contracts.briefs import AspectRatio, ProductionStyle
from tools.errors import BadInput, UnknownName
from tools.store.model import Dollars, StoreModel, canonical_json, enum_type, new_id, now


class Approval(StrEnum):
    """What releases a take for delivery."""

    PICK = "pick"
    PASS = "pass"


class ProductionBase(StoreModel):
    """What a production is made with."""

    name: str = Field(min_length=1, max_length=80, unique=True)
    style: str
    """JSON of the production's locked style."""
    aspect_ratio: AspectRatio = Field(
        default=AspectRatio.SQUARE, sa_type=enum_type(AspectRatio), nullable=False
    )
    approval: Approval = Field(default=Approval.PICK, sa_type=enum_type(Approval), nullable=False)
    budget: Decimal | None = Field(default=None, ge=0, sa_type=Dollars, nullable=True)
    """US dollars that may be spent; None sets no limit."""
    base: str | None = Field(default=None, max_length=80)
    """What this production is drawn with; None means the studio's own default."""
    ask_before_drawing: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Whether drawing, too, waits for a person's approval."""


class ProductionCreate(ProductionBase):
    """A checked production that is not stored yet."""

    @classmethod
    def of(
        cls,
        *,
        name: str,
        style: BaseModel,
        aspect_ratio: AspectRatio = AspectRatio.SQUARE,
        approval: Approval = Approval.PICK,
        budget: Decimal | None = None,
    ) -> ProductionCreate:
        """Build one from its typed style."""
        return cls(
            name=name,
            style=canonical_json(style),
            aspect_ratio=aspect_ratio,
            approval=approval,
            budget=budget,
        )


class Production(ProductionBase, table=True):
    """A stored production."""

    __tablename__ = "production"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    created_at: datetime = Field(default_factory=now)


def add_production(*, session: Session, production: ProductionCreate) -> Production:
    """Store a new production.

    Raises:
        BadInput: the name is taken.
    """
    if find_production(session=session, name=production.name) is not None:
        raise BadInput(f"a production named {production.name!r} exists; choose another name")
    row = Production.model_validate(production)
    session.add(row)
    session.flush()
    return row


def find_production(*, session: Session, name: str) -> Production | None:
    """Return the production of this name, if any."""
    return session.exec(select(Production).where(Production.name == name)).first()


def get_production(*, session: Session, name: str) -> Production:
    """Return the production of this name.

    Raises:
        UnknownName: there is none; the message lists those that exist.
    """
    production = find_production(session=session, name=name)
    if production is None:
        known = ", ".join(row.name for row in list_productions(session=session)) or "none yet"
        raise UnknownName(f"no production named {name!r}; there are: {known}")
    return production


def list_productions(*, session: Session) -> list[Production]:
    """Return all productions by name."""
    return list(session.exec(select(Production).order_by(Production.name)))


def set_style(*, session: Session, production_id: str, style: ProductionStyle) -> Production:
    """Lock another style; the aspect ratio stays what it is (`set_aspect_ratio`).

    Raises:
        UnknownName: there is no such production.
    """
    row = _lock(session=session, production_id=production_id)
    row.style = canonical_json(style.model_copy(update={"aspect_ratio": row.aspect_ratio}))
    return _store(session, row)


def set_aspect_ratio(
    *, session: Session, production_id: str, aspect_ratio: AspectRatio
) -> Production:
    """Frame the production in another format, in its row and in its style alike.

    Raises:
        UnknownName: there is no such production.
    """
    row = _lock(session=session, production_id=production_id)
    style = ProductionStyle.model_validate_json(row.style)
    row.aspect_ratio = aspect_ratio
    row.style = canonical_json(style.model_copy(update={"aspect_ratio": row.aspect_ratio}))
    return _store(session, row)


def set_base(*, session: Session, production_id: str, base: str | None) -> Production:
    """Choose what the production is drawn with; None goes back to the studio's default.

    Raises:
        UnknownName: there is no such production.
    """
    row = _lock(session=session, production_id=production_id)
    row.base = base
    return _store(session, row)


def set_ask_before_drawing(*, session: Session, production_id: str, ask: bool) -> Production:
    """Say whether drawing waits for a person's approval.

    Raises:
        UnknownName: there is no such production.
    """
    row = _lock(session=session, production_id=production_id)
    row.ask_before_drawing = ask
    return _store(session, row)


def set_approval(*, session: Session, production_id: str, approval: Approval) -> Production:
    """Choose what releases a take for delivery.

    Raises:
        UnknownName: there is no such production.
    """
    row = _lock(session=session, production_id=production_id)
    row.approval = Approval(approval)
    return _store(session, row)


def set_budget(*, session: Session, production_id: str, budget: Decimal | None) -> Production:
    """Set what may be spent, in US dollars; None sets no limit.

    Raises:
        UnknownName: there is no such production.
        BadInput: below zero.
    """
    if budget is not None and budget < 0:
        raise BadInput(f"a budget is zero or more dollars, not {budget}")
    row = _lock(session=session, production_id=production_id)
    row.budget = budget
    return _store(session, row)


def _lock(*, session: Session, production_id: str) -> Production:
    row = session.get(Production, production_id, with_for_update=True)
    if row is None:
        raise UnknownName(f"no production {production_id}")
    return row


def _store(session: Session, row: Production) -> Production:
    session.add(row)
    session.flush()
    return row
