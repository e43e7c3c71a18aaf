"""`samecast references`: a reference set by the layers, from a sheet, or from photos."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tools.errors import BadInput
from ui.cli.output import AsJson, number, print_json, progress_bars, say
from ui.cli.studio import Base, CalibrationName, CharacterName, Production, SeedOption, open_studio

if TYPE_CHECKING:
    from tools.contracts.sets import ReferenceSetMade
    from tools.workflows.sets.build.set_building import Layering


def references(
    name: CharacterName,
    production: Production = "studio",
    photos: Annotated[Path | None, typer.Option(help="A folder of the director's photos.")] = None,
    sheet: Annotated[Path | None, typer.Option(help="A character sheet made elsewhere.")] = None,
    rows: Annotated[int | None, typer.Option(min=1, max=8, help="Rows of that sheet.")] = None,
    columns: Annotated[int | None, typer.Option(min=1, max=8, help="Columns of it.")] = None,
    face: Annotated[int | None, typer.Option(help="The candidate chosen in casting.")] = None,
    candidates: Annotated[int, typer.Option(min=1, max=12, help="Faces that casting drew.")] = 4,
    size: Annotated[int, typer.Option(min=12, max=60, help="Images of the set.")] = 20,
    wardrobe: Annotated[
        Literal["locked", "varied"],
        typer.Option(help="Varied: other clothes in every image, none is learned."),
    ] = "locked",
    review: Annotated[bool, typer.Option("--review", help="Stop after each layer.")] = False,
    drop: Annotated[
        list[int] | None, typer.Option(help="With --review: images to drop, by position.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Where the images go to be looked at.")] = Path(
        "out/references"
    ),
    base: Base = None,
    seed: SeedOption = 1,
    calibration: CalibrationName = None,
    as_json: AsJson = False,
) -> None:
    """Build a reference set of at least twenty images; run `samecast gate NAME` on it next."""
    from tools.contracts.outfits import Wardrobe
    from tools.workflows.bases.calibrations import calibration_of
    from tools.workflows.sets.build.layer_folder import write_layers
    from tools.workflows.sets.build.set_building import SetBuilder, SetOptions
    from tools.workflows.stages import StageRunner

    if photos is not None and sheet is not None:
        raise BadInput("give either --photos or --sheet, not both")
    studio = open_studio()
    drawn_with = base or studio.services.settings.base
    options = SetOptions(
        production=production,
        character=name,
        base=drawn_with,
        size=size,
        seed=seed,
        candidates=candidates,
        wardrobe=Wardrobe(wardrobe),
        calibration=calibration or calibration_of(studio.services, production, name, drawn_with),
    )
    with progress_bars() as watch:
        builder = SetBuilder(studio.services, StageRunner(studio.worker, watch), options)
        if photos is not None:
            _finish(name, builder.from_photos(photos), as_json)
            return
        found = builder.cast() if sheet is None else builder.cut(sheet, rows, columns)
        state = builder.layers(found, face, drop=drop or (), one_layer=review)
        write_layers(studio.services.files, name, state.made, out, drop or ())
    _show_layers(name, state, out, as_json)


def _show_layers(name: str, state: Layering, out: Path, as_json: bool) -> None:
    if not as_json:
        for layer in state.made:
            say(
                f"{layer.layer}: {len(layer.images)} kept of {layer.drawn} drawn, "
                f"{len(layer.given_up)} given up, CSFD {number(layer.csfd_mean)}"
            )
            for gone in layer.given_up:
                say(f"  {gone.position} given up: {gone.reason}")
    if state.finished is not None:
        _finish(name, state.finished, as_json)
    elif as_json:
        print_json(state.made[-1])
    else:
        say(f"Look at {out}; give --drop POSITION for bad images and run the command again.")


def _finish(name: str, made: ReferenceSetMade, as_json: bool) -> None:
    from tools.workflows.sets.photos.take_photos import name_files

    if as_json:
        print_json(made)
        return
    for image in made.flagged:
        say(f"{image.file}: {', '.join(image.flags)}")
    if made.left_out:
        say(f"left out: {name_files(made.left_out)}")
    say(f"reference set v{made.version}: {made.count} images. Next: samecast gate {name!r}")
