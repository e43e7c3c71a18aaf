"""`samecast lora`: a character's LoRA versions, and those that were trained elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ui.cli.output import AsJson, number, print_json, print_table, progress_bars, say
from ui.cli.studio import (
    Base,
    CalibrationName,
    CharacterName,
    Production,
    open_services,
    open_studio,
)


def build_app() -> typer.Typer:
    """Return the sub-commands."""
    app = typer.Typer(help="Bring in LoRAs and list a character's.", no_args_is_help=True)
    app.command("add")(add)
    app.command("list")(list_versions)
    return app


def add(
    file: Annotated[
        Path, typer.Argument(help="A .safetensors LoRA of kohya, ComfyUI, ai-toolkit or another.")
    ],
    name: CharacterName,
    production: Production = "studio",
    base: Base = None,
    trained_on: Annotated[
        str | None, typer.Option(help="Base that it was trained on, if its file does not say.")
    ] = None,
    licence: Annotated[str | None, typer.Option(help="What you know of its licence.")] = None,
    calibration: CalibrationName = None,
    as_json: AsJson = False,
) -> None:
    """Take a LoRA that was trained elsewhere as the character's next version, and score it."""
    from tools.contracts.learning import LoraAdded
    from tools.workflows.kinds import Kind
    from tools.workflows.lora.add import ForeignLora, ask_to_add

    studio = open_studio()
    foreign = ForeignLora(
        path=file,
        production=production,
        character=name,
        base=base or studio.services.settings.base,
        trained_on=trained_on,
        licence=licence,
        calibration=calibration,
    )
    request = ask_to_add(studio.services, foreign)
    with progress_bars() as watch:
        added = studio.worker.call(Kind.ADD_LORA, request, LoraAdded, watch=watch)
    if as_json:
        print_json(added)
        return
    say(
        f"LoRA v{added.version} of {name} for {added.base} ({added.architecture}), trained on "
        f"{added.trained_on or 'a base that is not known'}: delta rms {added.delta_rms:.2e}, identity "
        f"score {number(added.identity_score)}"
    )
    if added.weak:
        say(f"Warning: the adapter is weak: {added.weak}")
    say(f"Licence: {added.licence or 'not known; ask whoever made it before you deliver'}")
    say(f"Lineage: {added.lineage}")


def list_versions(
    name: CharacterName,
    production: Production = "studio",
    base: Base = None,
    as_json: AsJson = False,
) -> None:
    """List a character's LoRA versions, oldest first, and which one draws on a base."""
    from tools.workflows.lora.versions import version_lines

    services = open_services()
    lines = version_lines(services, production, name, base or services.settings.base)
    if as_json:
        print_json([line.lora.model_dump(mode="json") | {"in_use": line.in_use} for line in lines])
        return
    print_table(
        f"LoRA versions of {name}",
        ["version", "", "base", "architecture", "trained on", "score", "from"],
        [
            [
                f"v{line.lora.version}",
                "in use" if line.in_use else "",
                line.lora.base,
                line.lora.architecture,
                line.lora.trained_on or "not known",
                number(line.lora.score),
                line.lora.lineage or f"reference set v{line.set_version}",
            ]
            for line in lines
        ],
    )
