"""`samecast pretrain`: make or improve the weights of a small base, or measure them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tools.errors import BadInput
from ui.cli.output import AsJson, print_json, progress_bars, say
from ui.cli.studio import open_services


def _named_device(device: str) -> str:
    from tools.settings import named_device

    try:
        return named_device(device)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def pretrain(
    folder: Annotated[
        Path, typer.Argument(help="Pictures with metadata.jsonl; with --measure, a model folder.")
    ],
    measure: Annotated[
        bool, typer.Option("--measure", help="Print a model folder's figures, plain and guided.")
    ] = False,
    write_card: Annotated[
        bool, typer.Option("--write-card", help="With --measure: put them into its MODEL.md too.")
    ] = False,
    out: Annotated[Path, typer.Option(help="Where checkpoints, previews and weights go.")] = Path(
        "out/pretrain"
    ),
    start: Annotated[
        Path | None, typer.Option("--from", help="Weights to go on from; default: the maquette.")
    ] = None,
    seconds: Annotated[float | None, typer.Option(min=1, help="How long to train.")] = None,
    steps: Annotated[int | None, typer.Option(min=1, help="Or how many steps.")] = None,
    begin: Annotated[float, typer.Option(min=0, max=1, help="Share of the schedule before.")] = 0.0,
    end: Annotated[float, typer.Option(min=0, max=1, help="Share of it after this call.")] = 1.0,
    batch: Annotated[int, typer.Option(min=1, max=8192, help="Whole pictures in a step.")] = 24,
    learning_rate: Annotated[float, typer.Option(min=1e-7, max=0.1)] = 4e-4,
    faces: Annotated[Path | None, typer.Option(help="Face boxes as JSON.")] = None,
    unseen: Annotated[Path | None, typer.Option(help="Folder of people to test on.")] = None,
    device: Annotated[
        str, typer.Option(callback=_named_device, help="auto, cpu, mps, cuda or cuda:N.")
    ] = "auto",
    no_compile: Annotated[
        bool, typer.Option("--no-compile", help="Begin at once: for runs of a few minutes.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Train a small base from a folder of captioned pictures; resumable, with previews."""
    from tools.workflows.bases.base_figures import comparison_table
    from tools.workflows.bases.pretrain import PretrainRequest, measure_folder, pretrain_base

    services = open_services()
    with progress_bars(paced=True) as watch:
        if measure:
            ways = measure_folder(services, folder, unseen, watch, write_card=write_card)
        else:
            if (steps is None) == (seconds is None):
                raise BadInput("say how long: either --seconds or --steps")
            request = PretrainRequest(
                pictures=folder,
                out=out,
                start=start,
                faces=faces,
                unseen=unseen,
                seconds=seconds,
                steps=steps,
                begin=begin,
                end=end,
                batch=batch,
                learning_rate=learning_rate,
                device=device,
                compiled=not no_compile,
            )
            trained = pretrain_base(services, request, watch)
    if measure:
        if as_json:
            print_json([figures.model_dump(mode="json") for figures in ways])
        else:
            say(comparison_table(*ways))
    elif as_json:
        print_json(trained)
    else:
        say(f"{trained.pictures_seen} pictures seen; weights in {trained.pipeline}")
