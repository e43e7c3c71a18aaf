from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch
from PIL import Image

from tools.contracts.progress import Progress, ignore_progress
from tools.errors import BadInput, BadPicture
from tools.training.pretrain.latents import encode_pictures
from tools.training.pretrain.parts import Base
from tools.training.pretrain.rows import PictureRow, read_rows


def test_sheets_keep_their_proportions_and_singles_are_square(
    base: Base, pictures: Path, tmp_path: Path
) -> None:
    rows = read_rows(pictures)
    sheets = [row for row in rows if row.is_sheet]
    singles = [row for row in rows if not row.is_sheet]
    assert encode_pictures(base, pictures, sheets, tmp_path, ignore_progress).shape == (
        2,
        4,
        16,
        24,
    )
    assert encode_pictures(base, pictures, singles, tmp_path, ignore_progress).shape == (
        10,
        4,
        16,
        16,
    )


def test_latents_decode_to_where_they_came_from(base: Base, pictures: Path, tmp_path: Path) -> None:
    """The cache holds what the autoencoder says of the picture, scaled."""
    row = read_rows(pictures)[:1]
    latents = encode_pictures(base, pictures, row, tmp_path, ignore_progress)
    picture = Image.open(pictures / row[0].file_name)
    pixels = base.pipeline.image_processor.preprocess(picture)
    with torch.no_grad():
        mean = base.pipeline.vae.encode(pixels).latent_dist.mean
    expected = mean * base.pipeline.vae.config.scaling_factor
    assert torch.allclose(latents.float(), expected, atol=0.05 * expected.abs().max().item())


def test_the_second_time_latents_come_from_the_cache(
    base: Base, pictures: Path, tmp_path: Path
) -> None:
    rows, told = read_rows(pictures)[:9], list[Progress]()
    first = encode_pictures(base, pictures, rows, tmp_path, told.append)
    assert told[-1].done == told[-1].total == 9
    count = len(told)
    assert torch.equal(first, encode_pictures(base, pictures, rows, tmp_path, told.append))
    assert len(told) == count


def test_a_changed_picture_is_encoded_anew(base: Base, pictures: Path, tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    shutil.copytree(pictures, folder)
    rows = read_rows(folder)[:1]
    before = encode_pictures(base, folder, rows, tmp_path, ignore_progress)
    Image.new("RGB", (64, 64), "red").save(folder / rows[0].file_name)
    assert not torch.equal(before, encode_pictures(base, folder, rows, tmp_path, ignore_progress))


def test_sheets_of_two_shapes_are_refused(base: Base, tmp_path: Path) -> None:
    for index, width in enumerate((64, 96)):
        Image.new("RGB", (width, 64)).save(tmp_path / f"{index}.png")
    rows = [PictureRow(file_name=f"{index}.png", text="sheet", kind="sheet") for index in range(2)]
    with pytest.raises(BadInput, match=r"sheets have different proportions \[1.0, 1.5\]"):
        encode_pictures(base, tmp_path, rows, tmp_path, ignore_progress)


def test_a_truncated_picture_is_named(base: Base, pictures: Path, tmp_path: Path) -> None:
    whole = (pictures / "single_0.png").read_bytes()
    (tmp_path / "broken.png").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "metadata.jsonl").write_text(
        json.dumps({"file_name": "broken.png", "text": "photo"})
    )
    with pytest.raises(BadPicture, match=r"broken\.png"):
        encode_pictures(base, tmp_path, read_rows(tmp_path), tmp_path, ignore_progress)
    assert not list(tmp_path.glob("latents-*"))
