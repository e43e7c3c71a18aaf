"""`samecast demo`: the main job from end to end, from a brief that ships and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.output import AsJson, number, print_json, print_table, progress_bars, say
from ui.cli.studio import CalibrationName, SeedOption, open_studio

if TYPE_CHECKING:
    from tools.contracts.report import Report

FIRST_SCORE_SEED = 101


def demo(
    out: Annotated[Path, typer.Option(help="Where everything goes.")] = Path("out/demo"),
    brief: Annotated[Path | None, typer.Option(help="Another brief, as YAML.")] = None,
    shots: Annotated[Path | None, typer.Option(help="Another shot list, as YAML.")] = None,
    photos: Annotated[
        Path | None, typer.Option(help="Photos of the person, in place of a set from the brief.")
    ] = None,
    base: Annotated[str, typer.Option(help="The base to draw with and train on.")] = "maquette",
    train_steps: Annotated[
        int | None, typer.Option(min=1, max=200_000, help="Fewer training steps.")
    ] = None,
    steps: Annotated[int | None, typer.Option(min=1, max=200, help="Fewer sampling steps.")] = None,
    images: Annotated[int, typer.Option(min=2, max=60, help="Images of the set.")] = 20,
    tries: Annotated[int, typer.Option(min=1, max=10, help="Takes of one shot.")] = 3,
    scored: Annotated[
        int, typer.Option(min=0, max=8, help="Pictures that the adapter is scored on.")
    ] = 4,
    seed: SeedOption = 1,
    calibration: CalibrationName = None,
    as_json: AsJson = False,
) -> None:
    """Run brief, references, gate, LoRA, shots and QC; killed and started again, it goes on."""
    from tools.workflows.bases.calibrations import calibration_name
    from tools.workflows.demo.demo import demo as run
    from tools.workflows.demo.demo_plan import DemoOptions, make_plan_of_demo
    from tools.workflows.demo.run_folder import require_own

    home = out / "studio"
    require_own(out, home)
    studio = open_studio(home)
    plan = make_plan_of_demo(
        studio.services,
        DemoOptions(
            brief=brief,
            shots=shots,
            photos=photos,
            base=base,
            train_steps=train_steps,
            steps=steps,
            images=images,
            tries=tries,
            seed=seed,
            score_seeds=tuple(range(FIRST_SCORE_SEED, FIRST_SCORE_SEED + scored)),
            calibration=calibration or calibration_name(studio.services, base),
        ),
    )
    if not as_json:
        source = "its words alone" if plan.photos is None else f"the photos in {plan.photos}"
        say(f"{plan.brief.name}: the reference set is made from {source}.")
    with progress_bars() as watch:
        report = run(studio.services, studio.worker, plan, out, watch)
    if as_json:
        print_json(report)
    else:
        _show(report, out)


def _show(report: Report, out: Path) -> None:
    total = sum(stage.seconds for stage in report.stages)
    seconds: dict[str, float] = {}
    for stage in report.stages:
        seconds[stage.name] = seconds.get(stage.name, 0.0) + stage.seconds
    rows = [[name, f"{spent:.1f}"] for name, spent in seconds.items()]
    print_table("seconds per stage", ["stage", "seconds"], [*rows, ["total", f"{total:.1f}"]])
    summary = report.summary
    say(
        f"own {number(summary.own_first_mean)} (base {number(summary.base_own_mean)}), "
        f"other {number(summary.other_mean)}, nearest own "
        f"{number(summary.nearest_own_rate, 2)}, drift {number(summary.end_drift)}"
    )
    say(
        f"{len(report.takes)} takes: {summary.passed} passed, {summary.rejected} rejected, "
        f"{summary.detected} with a readable face; peak memory {summary.peak_memory_mb} MB"
    )
    for file in ("contact_sheet.png", "report.json"):
        say(str(out / file))
