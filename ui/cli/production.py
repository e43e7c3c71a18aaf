"""`samecast production`: what a production is made with, and what it wants to be asked."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from ui.cli.output import AsJson, print_json, say
from ui.cli.studio import open_services


class Release(StrEnum):
    """What releases a take for delivery; the store's own names, without its weight."""

    PICK = "pick"
    PASS = "pass"


def production(
    name: Annotated[str, typer.Argument(help="The film or series; a new name starts one.")],
    base: Annotated[str | None, typer.Option(help="The base it is drawn with.")] = None,
    ask: Annotated[
        bool | None,
        typer.Option("--ask/--no-ask", help="Whether drawing waits for approval in the chat."),
    ] = None,
    release: Annotated[
        Release | None, typer.Option(help="What releases a take: a pick, or QC's pass.")
    ] = None,
    budget: Annotated[
        float | None, typer.Option(min=0, max=1e9, help="US dollars that may be spent.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show a production's settings, or change them."""
    from decimal import Decimal

    from tools.store.production import Approval
    from tools.workflows.people.production_settings import ProductionChange, change_production

    settings = change_production(
        open_services(),
        name,
        ProductionChange(
            base=base,
            ask_before_drawing=ask,
            approval=None if release is None else Approval(release.value),
            budget=None if budget is None else Decimal(str(budget)),
        ),
    )
    if as_json:
        print_json(settings)
        return
    limit = "no limit" if settings.budget is None else f"${settings.budget:.2f}"
    waits = "waits for approval" if settings.ask_before_drawing else "does not wait"
    say(f"{settings.name}: {settings.aspect_ratio}, drawn with {settings.base}")
    say(f"  licence of {settings.base}: {settings.licence}")
    say(f"  drawing {waits}; takes are released by {settings.approval}; budget: {limit}")
