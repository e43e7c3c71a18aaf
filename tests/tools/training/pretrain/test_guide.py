from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import load_file

from tests.support.tiny_models import add_guide
from tools.training.pretrain.config import PretrainConfig
from tools.training.pretrain.guide import guide_is_due
from tools.training.pretrain.loop import pretrain
from tools.training.pretrain.state import Counters

WEIGHTS = "diffusion_pytorch_model.safetensors"
QUICK = PretrainConfig(
    steps=6,
    batch=2,
    learning_rate=2e-3,
    warmup_steps=1,
    crop_share=0.0,
    sheet_share=0.0,
    preview_prompts=("photo of an old woman",),
    preview_steps=1,
    compile=False,
    device="cpu",
)


@pytest.fixture
def new(micro: Path, tmp_path: Path) -> Path:
    """Weights that have seen nothing yet."""
    folder = Path(shutil.copytree(micro, tmp_path / "new"))
    (folder / "MODEL.md").unlink()
    return folder


def train(source: Path, pictures: Path, out: Path, config: PretrainConfig, most: int = 99) -> Path:
    """Train, cancelled after `most` steps; the finished folder would be the one returned."""
    work = pretrain(source, pictures, out, config, pictures / "faces.json")
    for step, _ in enumerate(work, 1):
        if step == most:
            break
    work.close()
    return out / "pipeline"


def averaged(out: Path) -> torch.Tensor:
    state = torch.load(out / "state.pt", weights_only=True)
    weight: torch.Tensor = state["average"]["unet.conv_in.weight"].half()
    return weight


def test_two_thirds_of_the_way_the_average_becomes_the_guide(
    new: Path, pictures: Path, tmp_path: Path
) -> None:
    folder = train(new, pictures, tmp_path / "whole", QUICK)
    train(new, pictures, tmp_path / "cut", QUICK, most=4)
    guide = load_file(folder / "guide" / WEIGHTS)
    assert guide["conv_in.weight"].equal(averaged(tmp_path / "cut"))
    assert not guide["conv_in.weight"].equal(averaged(tmp_path / "whole"))
    assert (folder / "guide" / "config.json").read_bytes() == (
        folder / "unet" / "config.json"
    ).read_bytes()
    card = (folder / "MODEL.md").read_text()
    assert "## The guide\n\n`guide/` is this U-Net's own average after 8 pictures;" in card


def test_a_broken_off_training_keeps_the_same_guide(
    new: Path, pictures: Path, tmp_path: Path
) -> None:
    whole = train(new, pictures, tmp_path / "whole", QUICK)
    for most in (5, 99):
        resumed = train(new, pictures, tmp_path / "resumed", QUICK, most)
    one, other = (load_file(folder / "guide" / WEIGHTS) for folder in (whole, resumed))
    assert all(other[name].equal(tensor) for name, tensor in one.items())


def test_two_calls_of_one_training_have_one_guide(
    new: Path, pictures: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    first = QUICK.model_copy(update={"steps": 3, "end": 0.5})
    assert not (train(new, pictures, out, first) / "guide").exists()
    second = QUICK.model_copy(update={"steps": 3, "begin": 0.5})
    folder = train(new, pictures, out, second)
    assert "average after 8 pictures" in (folder / "MODEL.md").read_text()


def test_a_short_training_carries_the_guide_of_where_it_began(
    micro: Path, pictures: Path, tmp_path: Path
) -> None:
    source = add_guide(Path(shutil.copytree(micro, tmp_path / "source")))
    folder = train(source, pictures, tmp_path / "out", QUICK)
    assert (folder / "guide" / WEIGHTS).read_bytes() == (source / "guide" / WEIGHTS).read_bytes()
    said = "`guide/` is this U-Net's own average after 188,000 pictures"
    assert said in (source / "MODEL.md").read_text()
    assert said in (folder / "MODEL.md").read_text()


@given(
    steps=st.integers(3, 200),
    batch=st.integers(1, 64),
    before=st.integers(0, 20_000),
    begin=st.sampled_from([0.0, 0.25, 0.5]),
)
def test_the_guide_has_seen_two_thirds_of_what_the_weights_will_have_seen(
    steps: int, batch: int, before: int, begin: float
) -> None:
    config = PretrainConfig(steps=steps, begin=begin)
    counters = Counters()
    counters.enter(config)
    kept = []
    for step in range(1, steps + 1):
        counters.step, counters.call_steps, counters.quarters = step, step, 4 * batch * step
        if guide_is_due(counters, config, before):
            counters.guide_pictures = before + counters.pictures
            kept.append(counters.guide_pictures)
    total = before + batch * steps
    if before < 2 / 3 * total - 1e-6:
        assert len(kept) == 1
        assert 2 / 3 * total - 1e-6 <= kept[0] <= 2 / 3 * total + batch + 1e-6
    else:
        assert kept == []
