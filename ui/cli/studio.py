"""Open the studio for a verb: settings from the environment, parts from the composition root."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pathlib import Path

    from tools.compose import Studio
    from tools.services import Services

Production = Annotated[str, typer.Option("--production", help="The film or series to work in.")]
Base = Annotated[
    str | None, typer.Option("--base", help="The base to use; default: SAMECAST_BASE or maquette.")
]
CharacterName = Annotated[str, typer.Argument(help="The character's name.")]
CalibrationName = Annotated[
    str | None,
    typer.Option("--calibration", help="Threshold set: maquette or photo; default: the settings."),
]
SeedOption = Annotated[
    int, typer.Option("--seed", min=0, help="The same seed gives the same pictures.")
]


def open_services() -> Services:
    """Return the services of the studio that the environment names."""
    from tools.compose import build_services
    from tools.settings import Settings

    return build_services(Settings())


def open_studio(home: Path | None = None) -> Studio:
    """Return the studio that the environment names, with a worker.

    Args:
        home: a folder for a studio of its own, database included; it draws with the bases that are
            installed in the environment's.
    """
    from tools.compose import build_studio
    from tools.settings import Settings

    settings = Settings()
    if home is None:
        return build_studio(settings)
    own = settings.model_copy(update={"home": home, "database_url": None})
    return build_studio(own, bases_home=settings.home)
