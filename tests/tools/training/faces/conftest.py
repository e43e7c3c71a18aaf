"""Ten pictures of five made-up people with coloured heads, and what a detector would say of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw
from torch import Tensor, nn

from tools.compute import pretraining_compute, resolve_device
from tools.contracts.model import Box
from tools.training.faces.corpus import FaceCorpus, load_pixels
from tools.training.faces.heads import FoundHead, heads_of
from tools.training.pretrain.rows import read_rows

COLOURS = ("red", "green", "blue", "yellow", "purple")
HAIRS = ("black", "grey", "white", "red", "black")
VIEWS = ("frontal", "left profile")
COMPUTE = pretraining_compute(resolve_device("cpu"))


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def face_at(x: float, y: float, side: float) -> FoundHead:
    points = ((0.3, -0.15), (0.1, -0.15), (-0.3, -0.15), (-0.1, -0.15), (0.0, 0.1))
    return FoundHead(
        box=Box(left=x - side / 2, top=y - side / 2, right=x + side / 2, bottom=y + side / 2),
        points=tuple((x + across * side, y + down * side) for across, down in points),
    )


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Each person once from the front, head at (100 + 5 n, 110), and once in profile."""
    folder = tmp_path_factory.mktemp("people")
    rows = []
    for person, (colour, hair) in enumerate(zip(COLOURS, HAIRS, strict=True)):
        for view in VIEWS:
            name = f"{person}_{view.split()[0]}.png"
            picture = Image.new("RGB", (256, 256), "lightgrey")
            draw = ImageDraw.Draw(picture)
            x = 100 + 5 * person
            draw.ellipse((x - 40, 60, x + 40, 170), fill=colour)
            draw.ellipse((x - 20, 95, x - 8, 103), fill="white")
            draw.rectangle((x - 60, 170, x + 60, 256), fill="black")
            picture.save(folder / name)
            rows.append(
                {
                    "file_name": name,
                    "text": f"close-up photo of a young man, short {hair} hair, "
                    f"wearing a {colour} shirt, {view} view",
                    "kind": "single",
                    "person": person,
                    "shot": "close-up",
                    "view": view,
                }
            )
    (folder / "metadata.jsonl").write_text("\n".join(map(json.dumps, rows)))
    return folder


def read_faces(picture: Image.Image, boxes: Sequence[Box] | None) -> list[FoundHead]:
    """Sees frontal heads only: those with a white eye near the place where it is drawn."""
    for person in range(len(COLOURS)):
        if boxes is None and picture.getpixel((100 + 5 * person - 14, 99)) == (255, 255, 255):
            return [face_at(100 + 5 * person, 110, 80)]
    return [FoundHead(box=box, points=()) for box in boxes or ()]


@pytest.fixture(scope="session")
def corpus(folder: Path) -> FaceCorpus:
    rows = read_rows(folder)
    found = {
        row.file_name: (face_at(100 + 5 * int(row.person), 110, 80),)
        for row in rows
        if row.view == "frontal"
    }
    pixels = load_pixels(folder, rows, lambda _: None)
    bright = {0: (np.full((256, 256, 3), 255, np.uint8),)}
    return FaceCorpus(tuple(rows), pixels, tuple(heads_of(rows, found)), bright, seed=3)


def check_loss(network: nn.Module, loss: Callable[[int], Tensor]) -> None:
    """A loss has gradients, and what it costs depends on the step alone."""
    network.train()
    first = loss(1)
    first.backward()  # type: ignore[no-untyped-call]
    assert any(p.grad is not None and bool(p.grad.any()) for p in network.parameters())
    assert loss(1).item() == pytest.approx(first.item(), rel=1e-3)
    assert loss(2).item() != first.item()
