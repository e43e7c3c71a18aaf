"""Previews side by side, and a diffusers folder that is there whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from diffusers import StableDiffusionXLPipeline
from PIL import Image

from tools.errors import StorageFailed
from tools.training.pretrain.config import PretrainConfig
from tools.training.pretrain.parts import Base
from tools.training.pretrain.preview import PIPELINE, draw_preview, write_pipeline
from tools.training.pretrain.state import Counters

CONFIG = PretrainConfig(steps=1, preview_prompts=("a young man", "an old woman"), preview_steps=1)


def test_each_prompt_is_drawn_with_its_number_as_seed(base: Base, tmp_path: Path) -> None:
    first = draw_preview(base, base.parts, CONFIG, tmp_path / "a.png")
    again = draw_preview(base, base.parts, CONFIG, tmp_path / "b.png")
    with Image.open(first) as strip:
        assert strip.size == (2 * base.side, base.side)
        halves = [strip.crop((at * base.side, 0, (at + 1) * base.side, base.side)) for at in (0, 1)]
    assert halves[0].tobytes() != halves[1].tobytes()
    assert first.read_bytes() == again.read_bytes()


def test_a_written_base_can_be_loaded_and_replaces_the_older_one(
    base: Base, micro: Path, tmp_path: Path
) -> None:
    (tmp_path / PIPELINE).mkdir()
    (tmp_path / PIPELINE / "old.txt").write_text("old")
    folder = write_pipeline(base, base.parts, micro, tmp_path, Counters(quarters=48))
    assert [path.name for path in tmp_path.iterdir()] == [PIPELINE]
    assert not (folder / "old.txt").exists()
    loaded = StableDiffusionXLPipeline.from_pretrained(folder, torch_dtype=torch.float16)
    weight = next(loaded.unet.parameters())
    torch.testing.assert_close(weight, next(base.parts.unet.parameters()).half())
    assert next(base.parts.unet.parameters()).dtype is torch.float32


def test_a_folder_that_cannot_be_written_leaves_the_older_one(
    base: Base, micro: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / PIPELINE).mkdir()
    (tmp_path / PIPELINE / "old.txt").write_text("old")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(StableDiffusionXLPipeline, "save_pretrained", full)
    with pytest.raises(StorageFailed, match=r"cannot write .*pipeline: No space left on device"):
        write_pipeline(base, base.parts, micro, tmp_path, Counters(quarters=48))
    assert (tmp_path / PIPELINE / "old.txt").read_text() == "old"
