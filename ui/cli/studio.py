"""Open the studio for a verb: settings from the environment, parts from the composition root."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tools.compose import Studio
    from tools.services import Services
    from tools.settings import Settings


def _checked_name(name: str) -> str:
    """Refuse a name that no character can have before any work is asked for in it."""
    from pydantic import TypeAdapter, ValidationError

    from tools.contracts.model import Name
    from tools.errors import BadInput

    try:
        return TypeAdapter(Name).validate_python(name)
    except ValidationError as error:
        raise BadInput(
            f"{name!r} is no character's name; up to 40 letters, digits, spaces, - and '"
        ) from error


Production = Annotated[str, typer.Option("--production", help="The film or series to work in.")]
Base = Annotated[
    str | None, typer.Option("--base", help="The base to use; default: SAMECAST_BASE or maquette.")
]
CharacterName = Annotated[str, typer.Argument(help="The character's name.", callback=_checked_name)]
CalibrationName = Annotated[
    str | None,
    typer.Option(
        "--calibration",
        help="Threshold: drawn, photo or your own; default: base and character say.",
    ),
]
SeedOption = Annotated[
    int,
    typer.Option("--seed", min=0, max=2**32 - 1, help="The same seed gives the same pictures."),
]

MOST_NAMED = 20


def open_services() -> Services:
    """Return the services of the studio that the environment names."""
    from tools.compose import build_services

    return build_services(_read_settings())


def open_studio(home: Path | None = None) -> Studio:
    """Return the studio that the environment names, with a worker.

    Args:
        home: a folder for a studio of its own, database included; it draws with the bases that are
            installed in the environment's.
    """
    from tools.compose import build_studio

    settings = _read_settings()
    if home is None:
        return build_studio(settings)
    own = settings.model_copy(update={"home": home, "database_url": None})
    return build_studio(own, bases_home=settings.home)


def why_slow_here() -> str:
    """What would be faster than the device of the environment's studio; see `tools.compute`."""
    from tools.compute import why_slow

    return why_slow(_read_settings().device)


def warn_of_others(folder: Path) -> None:
    """Name what lies in a folder of pictures and is none."""
    from tools.references.folder import read_folder
    from ui.cli.output import warn

    others = read_folder(folder).others
    if others:
        more = f" and {len(others) - MOST_NAMED} more" if len(others) > MOST_NAMED else ""
        warn(f"not looked at, as no pictures: {', '.join(others[:MOST_NAMED])}{more}")


def _read_settings() -> Settings:
    """Read the environment and `.env`.

    Raises:
        BadInput: a variable whose value cannot be used.
    """
    from pydantic import ValidationError

    from tools.errors import BadInput
    from tools.settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        raise BadInput(f"SAMECAST_{name}={first['input']}: {first['msg']}") from error
