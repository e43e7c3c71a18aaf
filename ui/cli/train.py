"""`samecast train`: a LoRA for a character."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.output import AsJson, number, print_json, progress_bars, say
from ui.cli.studio import Base, CalibrationName, CharacterName, Production, SeedOption, open_studio

if TYPE_CHECKING:
    from tools.contracts.learning import LearnRequest
    from tools.services import Services


def train(
    name: CharacterName,
    production: Production = "studio",
    preset: Annotated[str, typer.Option(help="fast or paper.")] = "fast",
    steps: Annotated[
        int | None, typer.Option(min=1, max=200_000, help="Instead of the preset's steps.")
    ] = None,
    regularisation: Annotated[int, typer.Option(min=0, max=400, help="Pictures of the class.")] = 8,
    base: Base = None,
    seed: SeedOption = 1,
    calibration: CalibrationName = None,
    plan: Annotated[
        bool, typer.Option("--plan", help="Only say what memory it would take, and how.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Train a LoRA on the character's newest reference set, which the gate must have passed."""
    from tools.architectures.registry import preset as find_preset
    from tools.contracts.learning import LearnRequest, LoraMade
    from tools.workflows.bases.calibrations import calibration_of
    from tools.workflows.kinds import Kind
    from tools.workflows.people.characters import count_references, newest_reference_set

    studio = open_studio()
    row = studio.services.catalog.row(base or studio.services.settings.base)
    found = newest_reference_set(studio.services, production, name)
    images = count_references(studio.services, found.id)
    changes: dict[str, int] = {"seed": seed}
    if steps is not None:
        changes["steps"] = steps
    request = LearnRequest(
        production=production,
        character=name,
        base=row.name,
        reference_set_id=found.id,
        config=find_preset(preset, row, images).model_copy(update=changes),
        regularisation_images=regularisation,
        calibration=calibration or calibration_of(studio.services, production, name, row.name),
    )
    if plan:
        _say_plan(studio.services, request, as_json=as_json)
        return
    with progress_bars() as watch:
        made = studio.worker.call(Kind.TRAIN, request, LoraMade, watch=watch)
    if as_json:
        print_json(made)
        return
    say(
        f"LoRA v{made.version} of {name}: {made.steps} steps in {made.seconds:.0f} s, delta rms "
        f"{made.delta_rms:.2e}, identity score {number(made.identity_score)}"
    )
    if made.weak:
        say(f"Warning: the adapter is weak: {made.weak}")
    say(f"File: {studio.services.files.path(made.digest)}")


def _say_plan(services: Services, request: LearnRequest, *, as_json: bool) -> None:
    from tools.contracts.memory import Task
    from tools.workflows.bases.memory_plans import plans_of

    planned = next(
        each for each in plans_of(services, request.base, request.config) if each.task is Task.TRAIN
    )
    if as_json:
        print_json(planned)
        return
    for line in planned.lines:
        say(line)
