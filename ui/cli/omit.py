"""`samecast omit`: take shots or a scene out of the film, and bring them back."""

from __future__ import annotations

from typing import Annotated

import typer

from ui.cli.output import AsJson, print_json, say
from ui.cli.studio import Production, open_services


def omit(
    slates: Annotated[list[str] | None, typer.Argument(help="Shots, as 12A.")] = None,
    scene: Annotated[int | None, typer.Option(help="A whole scene, by its number.")] = None,
    back: Annotated[bool, typer.Option("--back", help="Bring back what was omitted.")] = False,
    production: Production = "studio",
    as_json: AsJson = False,
) -> None:
    """Take shots or a scene out of the film; slates stay taken and takes are kept."""
    from tools.workflows.shots.decide.omit import omit as omit_shots

    named = [slate.strip().upper() for slate in slates or ()]
    done = omit_shots(open_services(), production, named, scene, back)
    if as_json:
        print_json(done)
        return
    if done.changed:
        say(f"{', '.join(done.changed)}: {'in the film again' if back else 'omitted'}")
    if done.unchanged:
        say(f"{', '.join(done.unchanged)}: already {'in the film' if back else 'omitted'}")
