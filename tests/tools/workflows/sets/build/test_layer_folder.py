from __future__ import annotations

from pathlib import Path

from PIL import Image

from tests.support.micro_studio import frame
from tools.contracts.casting import LayerMade
from tools.contracts.photography import Layer
from tools.contracts.references import SetImage
from tools.services import Services
from tools.workflows.sets.build.layer_folder import COLUMNS, write_layers


def layer(services: Services, *positions: int) -> LayerMade:
    images = tuple(
        SetImage(
            file=f"{position:02d}_close-up.png",
            digest=services.files.put_file(frame(2, position)).digest,
            layer=Layer.CLOSE_UP,
            position=position,
            csfd=0.03 if position % 2 else None,
        )
        for position in positions
    )
    return LayerMade(layer=Layer.CLOSE_UP, images=images, given_up=(), drawn=4, csfd_mean=None)


def test_what_is_dropped_leaves_the_folder_and_the_sheet_lies_apart(
    services: Services, tmp_path: Path
) -> None:
    made = [layer(services, 1, 2, 3)]
    write_layers(services.files, "Daro", made, tmp_path)
    first = Image.open(tmp_path / "sheet" / "contact_sheet.png").size
    write_layers(services.files, "Daro", made, tmp_path, drop=[2])
    assert sorted(path.name for path in tmp_path.glob("*.png")) == [
        "01_close-up.png",
        "03_close-up.png",
    ]
    assert (tmp_path / "01_close-up.png").read_bytes() == frame(2, 1).read_bytes()
    many = [layer(services, *range(1, COLUMNS + 2))]
    write_layers(services.files, "Daro", many, tmp_path)
    assert Image.open(tmp_path / "sheet" / "contact_sheet.png").size[1] > first[1]


def test_nothing_drawn_writes_no_sheet(services: Services, tmp_path: Path) -> None:
    write_layers(services.files, "Daro", [], tmp_path / "out")
    assert not (tmp_path / "out").exists()
