"""`samecast shoot`: draw shots with QC, auto-reject and re-queue."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.output import AsJson, number, print_json, print_table, progress_bars, say
from ui.cli.studio import Base, CalibrationName, CharacterName, Production, SeedOption, open_studio

if TYPE_CHECKING:
    from tools.contracts.shooting import ShootResult
    from tools.services import Services


def shoot(
    name: CharacterName,
    shots: Annotated[Path, typer.Argument(help="A shot list as YAML.")],
    production: Production = "studio",
    version: Annotated[int | None, typer.Option(help="LoRA version; default: the newest.")] = None,
    no_lora: Annotated[bool, typer.Option("--no-lora", help="Draw with the base alone.")] = False,
    tries: Annotated[int | None, typer.Option(min=1, max=10, help="Takes of one shot.")] = None,
    out: Annotated[Path, typer.Option(help="Where the takes go.")] = Path("out/takes"),
    base: Base = None,
    seed: SeedOption = 1,
    calibration: CalibrationName = None,
    as_json: AsJson = False,
) -> None:
    """Draw every shot, judge every take, draw rejected ones again; exit code 3 when one stays bad."""
    from tools.contracts.shooting import ShootRequest, ShootResult
    from tools.workflows.bases.calibrations import calibration_of
    from tools.workflows.kinds import Kind
    from tools.workflows.lora.adapters import adapter_of
    from tools.workflows.shots.plan.shot_list import load_shots
    from tools.workflows.shots.shoot.shoot import unsolved

    studio = open_studio()
    settings = studio.services.settings
    drawn_with = studio.services.catalog.row(base or settings.base).name
    request = ShootRequest(
        production=production,
        base=drawn_with,
        adapter=adapter_of(studio.services, production, name, drawn_with, version, without=no_lora),
        shots=load_shots(shots, name),
        seed=seed,
        max_tries=tries or settings.max_tries,
        calibration=calibration or calibration_of(studio.services, production, name, drawn_with),
    )
    with progress_bars() as watch:
        result = studio.worker.call(Kind.SHOOT, request, ShootResult, watch=watch)
    _copy_out(studio.services, result, out)
    if as_json:
        print_json(result)
    else:
        _show(result, out)
    if unsolved(result):
        raise typer.Exit(3)


def _copy_out(services: Services, result: ShootResult, out: Path) -> None:
    from tools.imaging.pictures import write_atomically, write_json
    from tools.workflows.demo.finished_run import take_file

    for taken in result.takes:
        path = out / take_file(taken)
        write_atomically(path, services.files.read(taken.digest))
        write_json(path.with_suffix(".json"), taken.model_dump(mode="json"))


def _show(result: ShootResult, out: Path) -> None:
    print_table(
        f"takes, in {out}",
        ["take", "own", "other", "nearest", "verdict", "reasons"],
        [
            [
                taken.take,
                number(taken.verdict.csfd_own),
                number(taken.verdict.csfd_other),
                taken.verdict.nearest or "–",
                taken.verdict.outcome,
                "; ".join(taken.verdict.reasons),
            ]
            for taken in result.takes
        ],
    )
    say(f"{len(result.takes)} takes kept")
