"""A micro base and a dozen tiny pictures, written once for this folder's tests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw

from tests.support.tiny_models import build_micro_maquette
from tools.training.pretrain.parts import Base, load_base

COLOURS = ("red", "green", "blue", "yellow", "purple", "teal", "brown", "black", "white")


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> Iterator[None]:
    """Keep to one thread: the models are too small to share out."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def micro(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A micro maquette's folder, for pictures of 64×64 so that a step takes milliseconds."""
    folder = build_micro_maquette(tmp_path_factory.mktemp("micro"))
    path = folder / "unet" / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"sample_size": 16}))
    return folder


@pytest.fixture(scope="session")
def base(micro: Path) -> Base:
    """The micro maquette, loaded to train; tests must not change its weights."""
    return load_base(micro, "cpu")


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nine single pictures, one pair, two sheets, and a file of face boxes."""
    folder = tmp_path_factory.mktemp("pictures")
    rows = [
        {
            "file_name": f"single_{index}.png",
            "text": f"close-up photo of a young man, tan skin, black hair, wearing a {colour}"
            " shirt, three-quarter left view, golden hour",
            "kind": "single",
            "shot": "close-up",
            "view": "three-quarter left",
        }
        for index, colour in enumerate(COLOURS)
    ]
    rows.append(
        {
            "file_name": "pair.png",
            "text": "medium shot photo of two people, on the left a young woman, red hair,"
            " on the right an old man, grey beard, moonlight, forest",
            "kind": "pair",
            "shot": "medium shot",
        }
    )
    rows += [
        {
            "file_name": f"sheet_{index}.png",
            "text": "character sheet, six portraits of the same young man, tan skin, golden hour",
            "kind": "sheet",
        }
        for index in range(2)
    ]
    for number, row in enumerate(rows):
        size = (96, 64) if row["kind"] == "sheet" else (64, 64)
        _picture(size, COLOURS[number % len(COLOURS)], number).save(folder / row["file_name"])
    (folder / "metadata.jsonl").write_text("\n".join(json.dumps(row) for row in rows) + "\n")
    boxes = {row["file_name"]: [[20, 12, 44, 40]] for row in rows if row["kind"] == "single"}
    (folder / "faces.json").write_text(json.dumps(boxes))
    return folder


def _picture(size: tuple[int, int], colour: str, seed: int) -> Image.Image:
    """A disc of one colour on a grey ground with a little grain."""
    picture = Image.new("RGB", size, "grey")
    ImageDraw.Draw(picture).ellipse((20, 12, 44, 40), fill=colour)
    grain = np.random.default_rng(seed).normal(0, 6, (size[1], size[0], 3))
    return Image.fromarray(np.clip(np.asarray(picture) + grain, 0, 255).astype(np.uint8))
