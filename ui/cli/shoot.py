"""`samecast shoot`: draw shots with QC, auto-reject and re-queue; with `--sketch` before there is a LoRA."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tools.errors import BadInput
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
    sketch: Annotated[
        bool,
        typer.Option(
            "--sketch",
            help="Draw sketches: no LoRA, from the chosen face; to look at, never delivered.",
        ),
    ] = False,
    tries: Annotated[int | None, typer.Option(min=1, max=10, help="Takes of one shot.")] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Where the pictures go; default: out/takes, or out/sketches."),
    ] = None,
    base: Base = None,
    seed: SeedOption = 1,
    calibration: CalibrationName = None,
    as_json: AsJson = False,
) -> None:
    """Draw every shot, judge every take, draw rejected ones again; exit code 3 when one stays bad."""
    from tools.contracts.shooting import ShootRequest, ShootResult
    from tools.workflows.bases.calibrations import calibration_of
    from tools.workflows.lora.adapters import adapter_of
    from tools.workflows.people.characters import load_character
    from tools.workflows.shots.plan.shot_list import load_shots
    from tools.workflows.shots.shoot.shoot import unsolved
    from tools.workflows.shots.shoot.sketches import shoot_kind, sketch_adapter

    if sketch and version is not None:
        raise BadInput("a sketch is drawn without a LoRA: leave out --version or --sketch")
    studio = open_studio()
    settings = studio.services.settings
    drawn_with = studio.services.catalog.row(base or settings.base).name
    if sketch:
        adapter = sketch_adapter(studio.services, load_character(studio.services, production, name))
    else:
        adapter = adapter_of(studio.services, production, name, drawn_with, version)
    request = ShootRequest(
        production=production,
        base=drawn_with,
        adapter=adapter,
        shots=load_shots(shots, name),
        seed=seed,
        max_tries=tries or settings.max_tries,
        calibration=calibration or calibration_of(studio.services, production, name, drawn_with),
    )
    with progress_bars() as watch:
        result = studio.worker.call(shoot_kind(request), request, ShootResult, watch=watch)
    folder = out or Path("out/sketches" if sketch else "out/takes")
    _copy_out(studio.services, result, folder)
    if as_json:
        print_json(result)
    else:
        _show(result, folder, sketch=sketch)
    if unsolved(result):
        raise typer.Exit(3)


def _copy_out(services: Services, result: ShootResult, out: Path) -> None:
    from tools.imaging.pictures import write_atomically, write_json
    from tools.workflows.demo.finished_run import take_file

    for taken in result.takes:
        path = out / take_file(taken)
        path = path.with_stem(f"{path.stem}_sketch") if taken.is_sketch else path
        write_atomically(path, services.files.read(taken.digest))
        write_json(path.with_suffix(".json"), taken.model_dump(mode="json"))


def _show(result: ShootResult, out: Path, *, sketch: bool) -> None:
    from tools.language.text import plural

    print_table(
        f"sketches, in {out}" if sketch else f"takes, in {out}",
        ["sketch" if sketch else "take", "own", "other", "nearest", "verdict", "reasons"],
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
    kept = plural(len(result.takes), "sketch" if sketch else "take")
    say(f"{kept} kept" + ("; a sketch is never delivered, nor a reference" if sketch else ""))
