"""`samecast pretrain-faces`: make the weights of the drawn embedder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tools.errors import BadInput
from ui.cli.output import AsJson, print_json, progress_bars, say
from ui.cli.studio import open_services


def pretrain_faces(
    folder: Annotated[
        Path, typer.Argument(help="Pictures with metadata.jsonl: person, shot, view.")
    ],
    out: Annotated[Path, typer.Option(help="Where checkpoints and weights go.")] = Path(
        "out/faces"
    ),
    faces: Annotated[Path | None, typer.Option(help="Face boxes as JSON.")] = None,
    last_out: Annotated[
        int, typer.Option(min=0, help="People at the folder's end to keep out, for tests.")
    ] = 100,
    begin: Annotated[
        Path | None, typer.Option(help="Weights to begin from; without them all is learned anew.")
    ] = None,
    part: Annotated[
        list[str] | None,
        typer.Option(
            help="Learn only this network: detector, reader, identity or outfit; may be said again."
        ),
    ] = None,
    effort: Annotated[
        float, typer.Option(min=0.001, max=20, help="How much longer than by default.")
    ] = 1.0,
    seed: Annotated[int, typer.Option(min=0, max=2**32 - 1)] = 0,
    as_json: AsJson = False,
) -> None:
    """Train the networks that see drawn people, or some of them; resumable."""
    from tools.contracts.learning import FacePart
    from tools.workflows.bases.pretrain_faces import PretrainFacesRequest
    from tools.workflows.bases.pretrain_faces import pretrain_faces as run

    unknown = {*(part or ())} - {*FacePart}
    if unknown:
        raise BadInput(f"no network named {', '.join(unknown)}; there are {', '.join(FacePart)}")
    request = PretrainFacesRequest(
        pictures=folder,
        out=out,
        faces=faces,
        last_out=last_out,
        begin=begin,
        parts=tuple(FacePart(each) for each in part or FacePart),
        effort=effort,
        seed=seed,
    )
    services = open_services()
    with progress_bars(paced=True) as watch:
        made = run(services, request, watch)
    if as_json:
        print_json(made)
    else:
        say(f"weights in {made.weights}; people kept out: {len(made.held_out)}")
