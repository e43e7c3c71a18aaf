"""Change a production's locked style and aspect ratio; what was not given stays.

Knows the style's slots and the store; must not know prompts.
"""

from __future__ import annotations

from dataclasses import dataclass

from tools.contracts.briefs import ProductionStyle
from tools.language.style import parse_style
from tools.services import Services
from tools.store.production import set_aspect_ratio, set_style
from tools.workflows.digest import production_row


@dataclass(frozen=True)
class StyleChange:
    """The style before and after; both hold the aspect ratio."""

    before: ProductionStyle
    after: ProductionStyle


def change_style(
    services: Services, production: str, words: str | None, aspect_ratio: str | None
) -> StyleChange:
    """Lock another style or aspect ratio.

    Args:
        services: the studio.
        production: the film or series.
        words: film stock, palette, lens family, tone; a slot that is not said stays. None leaves all.
        aspect_ratio: None takes the one in the words, if any.

    Raises:
        BadInput: the words are too long, or hold two aspect ratios.
    """
    row = production_row(services, production)
    before = ProductionStyle.model_validate_json(row.style).model_copy(
        update={"aspect_ratio": row.aspect_ratio}
    )
    said = {} if words is None else _said(parse_style(words))
    ratio = aspect_ratio or said.pop("aspect_ratio", None)
    after = ProductionStyle.model_validate(
        before.model_dump() | said | ({"aspect_ratio": ratio} if ratio else {})
    )
    if after != before:
        with services.database.session() as session:
            set_style(session=session, production_id=row.id, style=after)
            set_aspect_ratio(session=session, production_id=row.id, aspect_ratio=after.aspect_ratio)
    return StyleChange(before, after)


def _said(style: ProductionStyle) -> dict[str, object]:
    """The slots that were said; empty lists were not."""
    return {name: getattr(style, name) for name in style.model_fields_set if getattr(style, name)}
