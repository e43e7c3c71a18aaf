from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
import torch
from diffusers import UNet2DConditionModel
from safetensors.torch import load_file, save_file

from tests.support.tiny_models import add_guide
from tools.backends.shipped import check_same_architecture, replace_shipped, shipped_folder
from tools.backends.weights import check_folder
from tools.errors import BadInput, StorageFailed

UNET = "unet/diffusion_pytorch_model.safetensors"
GUIDE = "guide/diffusion_pytorch_model.safetensors"


@pytest.fixture
def target(tiny_folders: dict[str, Path], tmp_path: Path) -> Path:
    """A stand-in for the shipped folder."""
    folder = Path(shutil.copytree(tiny_folders["micro"], tmp_path / "package" / "maquette"))
    (folder / "faces.json").write_text("{}")
    return folder


@pytest.fixture
def source(tiny_folders: dict[str, Path], tmp_path: Path) -> Path:
    """Better weights: fp32, the U-Net in shards, with an own card and scale."""
    folder = Path(shutil.copytree(tiny_folders["micro"], tmp_path / "better"))
    unet = UNet2DConditionModel.from_pretrained(folder / "unet")
    with torch.no_grad():
        for parameter in unet.parameters():
            parameter.add_(0.25)
    shutil.rmtree(folder / "unet")
    unet.save_pretrained(folder / "unet", max_shard_size="200KB")
    assert len(list((folder / "unet").glob("*.safetensors"))) > 1
    (folder / "MODEL.md").write_text("better\n")
    config = json.loads((folder / "vae" / "config.json").read_text()) | {"scaling_factor": 0.9}
    (folder / "vae" / "config.json").write_text(json.dumps(config))
    return folder


def test_the_shipped_folder_is_whole_and_has_its_card() -> None:
    check_folder(shipped_folder(), "guide")
    check_same_architecture(shipped_folder(), shipped_folder())
    assert (shipped_folder() / "MODEL.md").is_file()
    json.loads((shipped_folder() / "faces.json").read_text())


def test_better_weights_take_the_place(source: Path, target: Path) -> None:
    before = load_file(target / UNET)
    assert replace_shipped(source, target) == target
    after = load_file(target / UNET)
    for name, tensor in before.items():
        assert after[name].dtype is torch.float16
        assert torch.allclose(after[name].float(), tensor + 0.25, atol=2e-3)
    assert (target / "MODEL.md").read_text() == "better\n"
    assert json.loads((target / "vae" / "config.json").read_text())["scaling_factor"] == 0.9
    assert (target / "faces.json").read_text() == "{}"
    check_folder(target)


def test_a_guide_is_taken_along_and_an_old_one_kept_where_none_comes(
    source: Path, target: Path, tmp_path: Path
) -> None:
    replace_shipped(source, target)
    assert not (target / "guide").exists()
    given = add_guide(Path(shutil.copytree(source, tmp_path / "guided")))
    replace_shipped(given, target)
    taken, came = (load_file(folder / GUIDE) for folder in (target, given))
    assert taken.keys() == came.keys()
    assert all(taken[name].equal(tensor.half()) for name, tensor in came.items())
    replace_shipped(source, target)
    kept = load_file(target / GUIDE)
    assert all(kept[name].equal(tensor) for name, tensor in taken.items())
    check_folder(target, "guide")


def test_a_guide_of_another_architecture_is_refused(source: Path, target: Path) -> None:
    add_guide(source)
    config = source / "guide" / "config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | {"norm_num_groups": 4}))
    with pytest.raises(BadInput, match=r"guide is of another architecture .*norm_num_groups"):
        replace_shipped(source, target)


def test_nothing_else_is_left_beside_it(source: Path, target: Path) -> None:
    replace_shipped(source, target)
    assert [path.name for path in target.parent.iterdir()] == ["maquette"]


def test_another_pipeline_class_is_refused(tiny_folders: dict[str, Path], target: Path) -> None:
    with pytest.raises(BadInput, match="a FluxPipeline, not a StableDiffusionXLPipeline"):
        replace_shipped(tiny_folders["flux-schnell"], target)


def test_another_architecture_is_refused_with_what_differs(source: Path, target: Path) -> None:
    config = json.loads((source / "unet" / "config.json").read_text()) | {"norm_num_groups": 4}
    (source / "unet" / "config.json").write_text(json.dumps(config))
    with pytest.raises(BadInput, match=r"unet is of another architecture .*norm_num_groups"):
        replace_shipped(source, target)


def test_other_tensors_under_the_same_config_are_refused(source: Path, target: Path) -> None:
    weights = next((source / "vae").glob("*.safetensors"))
    save_file({"stranger": torch.zeros(2)}, weights)
    with pytest.raises(BadInput, match="vae holds other tensors"):
        replace_shipped(source, target)


def test_weights_without_a_card_are_refused(source: Path, target: Path) -> None:
    (source / "MODEL.md").unlink()
    with pytest.raises(BadInput, match=r"no MODEL\.md"):
        replace_shipped(source, target)


def test_weights_that_diverged_leave_the_old_ones(source: Path, target: Path) -> None:
    weights = next((source / "vae").glob("*.safetensors"))
    tensors = load_file(weights)
    next(iter(tensors.values())).fill_(1e6)
    save_file(tensors, weights, metadata={"format": "pt"})
    card = (target / "MODEL.md").read_bytes()
    with pytest.raises(BadInput, match="not finite in fp16"):
        replace_shipped(source, target)
    assert (target / "MODEL.md").read_bytes() == card
    assert [path.name for path in target.parent.iterdir()] == ["maquette"]


def test_a_disk_that_takes_nothing_leaves_the_old_ones(source: Path, target: Path) -> None:
    blocker = target.parent / f".maquette.{os.getpid()}.part"
    blocker.write_text("in the way")
    with pytest.raises(StorageFailed, match="cannot replace"):
        replace_shipped(source, target)
    check_folder(target)
