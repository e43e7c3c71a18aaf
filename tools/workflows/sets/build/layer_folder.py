"""Layers as files in a folder, with a contact sheet, where a person looks at them between two calls.

Knows drawn layers and the folder; must not draw nor judge.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from tools.contracts.casting import LayerMade
from tools.contracts.references import SetImage
from tools.imaging.pictures import load_picture, save_picture, write_atomically
from tools.imaging.sheets import SheetCell, contact_sheet
from tools.store.files import FileStore
from tools.workflows.sets.build.made_layers import kept_of

COLUMNS = 5


def write_layers(
    files: FileStore, name: str, made: Sequence[LayerMade], out: Path, drop: Collection[int] = ()
) -> None:
    """Put the images where a person can look at them, with a contact sheet of all.

    The sheet has a folder of its own, so that the images' folder can be gated as it is.

    Args:
        files: where the images are stored.
        name: whose they are.
        made: the layers so far.
        out: the folder; images that were dropped since an earlier call leave it.
        drop: plan positions of images that a person has taken out.
    """
    images = [image for layer in made for image in kept_of(layer, drop)]
    for layer in made:
        for image in layer.images:
            (out / image.file).unlink(missing_ok=True)
    for image in images:
        write_atomically(out / image.file, files.read(image.digest))
    if images:
        cells = [_cell(files, image) for image in images]
        sheet = contact_sheet(cells, title=f"{name}: layers", columns=COLUMNS)
        save_picture(sheet, out / "sheet" / "contact_sheet.png")


def _cell(files: FileStore, image: SetImage) -> SheetCell:
    distance = "no readable face" if image.csfd is None else f"CSFD {image.csfd:.3f}"
    return SheetCell(
        load_picture(files.path(image.digest)),
        f"{image.position}: {image.layer}",
        (distance, f"strength {image.strength}, try {image.tries}"),
    )
