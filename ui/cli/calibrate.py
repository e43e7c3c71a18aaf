"""`samecast calibrate`: a face threshold of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ui.cli.output import AsJson, print_json, progress_bars, say
from ui.cli.studio import open_services


def calibrate(
    folder: Annotated[Path, typer.Argument(help="One sub-folder of pictures for each person.")],
    name: Annotated[str, typer.Option(help="Name to use it by: --calibration NAME.")] = "own",
    false_accepts: Annotated[
        float, typer.Option(min=0.001, max=0.5, help="Share of strangers that may pass.")
    ] = 0.05,
    embedder: Annotated[
        str | None,
        typer.Option(help="photo, drawn, appearance or a DeepFace model; default: the base's."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure labelled people and keep the threshold at a stated false accept rate."""
    from tools.workflows.bases.calibrate import calibrate_folder

    services = open_services()
    with progress_bars(paced=True) as watch:
        made = calibrate_folder(services, folder, name, watch, false_accepts, embedder)
    if as_json:
        print_json(made)
    else:
        say(
            f"{made.name}: threshold {made.threshold:.4f} for {made.embedder} at "
            f"{made.false_accept_rate:.1%} false accepts; precision {made.precision:.1%}, "
            f"recall {made.recall:.1%} ({made.origin})"
        )
