from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import DDIMScheduler, FlowMatchEulerDiscreteScheduler
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor

from tests.support.kohya_file import check_kohya
from tests.tools.training.lora.conftest import make_config, make_row, train_lora
from tools.architectures.kohya import kohya_path
from tools.architectures.sdxl.kohya import export_kohya
from tools.contracts.training import TrainingImage
from tools.errors import BadInput
from tools.training.lora.adapter import ADAPTER_FILE, Adapter, read_adapter, write_adapter


def _draw(pipeline: Any) -> Tensor:
    """Draw without the solvers that hold randomness of their own."""
    if not isinstance(pipeline.scheduler, FlowMatchEulerDiscreteScheduler):
        pipeline.scheduler = DDIMScheduler.from_config(pipeline.scheduler.config)
    latents: Tensor = pipeline(
        "Vera, close-up",
        num_inference_steps=2,
        height=64,
        width=64,
        guidance_scale=2.0,
        generator=torch.Generator().manual_seed(0),
        output_type="latent",
    ).images
    return latents


@pytest.fixture
def drawn_live(monkeypatch: pytest.MonkeyPatch) -> list[Tensor]:
    """Pictures drawn with the adapter still in the models, just before it is taken out."""
    drawn: list[Tensor] = []
    take_out = Adapter.remove

    def draw_first(self: Adapter) -> None:
        drawn.append(_draw(self._learner.pipeline))
        take_out(self)

    monkeypatch.setattr(Adapter, "remove", draw_first)
    return drawn


@pytest.mark.parametrize("name", ["sdxl", "maquette", "flux"])
def test_the_diffusers_file_draws_what_the_live_adapter_drew(
    request: pytest.FixtureRequest,
    images: list[TrainingImage],
    tmp_path: Path,
    name: str,
    drawn_live: list[Tensor],
) -> None:
    pipeline = request.getfixturevalue(name)
    plain = _draw(pipeline)
    config = make_config(steps=3, text_learning_rate=1e-2, convolutions=name != "flux")
    list(train_lora(pipeline, images, make_row(name), config, tmp_path / "vera"))

    pipeline.load_lora_weights(tmp_path / "vera" / ADAPTER_FILE, adapter_name="vera")

    loaded = _draw(pipeline)
    torch.testing.assert_close(loaded, drawn_live[0], atol=1e-4, rtol=1e-4)
    assert (loaded - plain).abs().max() > 100 * (loaded - drawn_live[0]).abs().max()


@pytest.mark.parametrize("name", ["sdxl", "maquette"])
def test_the_kohya_file_draws_the_same_at_any_alpha(
    request: pytest.FixtureRequest, images: list[TrainingImage], tmp_path: Path, name: str
) -> None:
    pipeline = request.getfixturevalue(name)
    config = make_config(steps=3, rank=4, alpha=2.0, text_learning_rate=1e-2, convolutions=True)
    list(train_lora(pipeline, images, make_row(name), config, tmp_path / "vera"))
    plain = _draw(pipeline)
    pipeline.load_lora_weights(tmp_path / "vera" / ADAPTER_FILE, adapter_name="ours")
    wanted = _draw(pipeline)
    pipeline.unload_lora_weights()

    assert check_kohya(kohya_path(tmp_path / "vera"), pipeline) > 20
    pipeline.load_lora_weights(tmp_path / "vera" / "vera_kohya.safetensors", adapter_name="kohya")

    drawn = _draw(pipeline)
    assert (drawn - plain).abs().max() > 20 * (drawn - wanted).abs().max()


def test_the_kohya_file_has_the_names_alphas_and_header_that_others_expect(
    sdxl: Any, images: list[TrainingImage], tmp_path: Path
) -> None:
    config = make_config(steps=1, rank=4, alpha=2.0, text_learning_rate=1e-2)
    list(train_lora(sdxl, images, make_row("sdxl"), config, tmp_path / "vera"))

    with safe_open(kohya_path(tmp_path / "vera"), framework="pt") as file:
        keys, header = set(file.keys()), file.metadata()
        alphas = {file.get_tensor(key).item() for key in keys if key.endswith(".alpha")}

    assert {
        key.partition("_encoder")[0].split("_layers")[0].split(".")[0][:24] for key in keys
    } >= {
        "lora_te1_text_model",
        "lora_te2_text_model",
    }
    assert any(key.startswith("lora_unet_down_blocks_1_attentions_0_") for key in keys)
    assert alphas == {2.0}
    assert (header["ss_network_dim"], header["ss_network_alpha"]) == ("4", "2")
    assert header["ss_base_model_version"] == "sdxl_base_v1-0"


def test_the_header_is_pruned_and_the_first_encoder_keeps_its_old_prefix(
    sdxl: Any, images: list[TrainingImage], tmp_path: Path
) -> None:
    config = make_config(steps=1, text_learning_rate=1e-2)
    list(train_lora(sdxl, images, make_row("sdxl"), config, tmp_path / "vera"))

    with safe_open(tmp_path / "vera" / ADAPTER_FILE, framework="pt") as file:
        settings = json.loads(file.metadata()["lora_adapter_metadata"])
        keys = list(file.keys())

    assert {key.rpartition(".")[2] for key in settings} == {
        "r",
        "lora_alpha",
        "rank_pattern",
        "alpha_pattern",
        "target_modules",
        "use_dora",
        "use_rslora",
        "lora_bias",
    }
    assert any(key.startswith("text_encoder.text_model.encoder.layers.0.") for key in keys)


def test_flux_has_the_kohya_file_beside_it_and_no_other(
    flux: Any, images: list[TrainingImage], tmp_path: Path
) -> None:
    list(train_lora(flux, images, make_row("flux"), make_config(steps=1), tmp_path / "vera"))

    written = sorted(path.name for path in (tmp_path / "vera").iterdir())
    assert written == [ADAPTER_FILE, "vera_kohya.safetensors"]
    with pytest.raises(BadInput, match=r"are SDXL's, not of transformer"):
        export_kohya(tmp_path / "vera" / ADAPTER_FILE, tmp_path / "kohya.safetensors")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("to_q.lora_down.weight", "to_z.lora_down.weight", r"is missing"),
        ("attentions_0", "attentions_7", "no layer for lora_unet_down_blocks_1_attentions_7"),
    ],
)
def test_a_kohya_file_for_another_base_is_refused_by_key(
    sdxl: Any, images: list[TrainingImage], tmp_path: Path, old: str, new: str, message: str
) -> None:
    list(train_lora(sdxl, images, make_row("sdxl"), make_config(steps=1), tmp_path / "vera"))
    tensors = load_file(kohya_path(tmp_path / "vera"))
    changed = tmp_path / "other.safetensors"
    save_file({key.replace(old, new): value for key, value in tensors.items()}, changed)

    with pytest.raises(BadInput, match=message):
        check_kohya(changed, sdxl)


def test_a_pickle_is_not_read_as_an_adapter(tmp_path: Path) -> None:
    path = tmp_path / "evil.safetensors"
    torch.save({"a": torch.ones(1)}, path)

    with pytest.raises(BadInput, match=r"evil\.safetensors: not a readable"):
        read_adapter(path)


def test_equal_adapters_are_equal_files_and_stay_readable(tmp_path: Path) -> None:
    tensors = {"unet.a.lora_A.weight": torch.ones(2, 3), "unet.a.lora_B.weight": torch.ones(3, 2)}
    settings = {"unet.r": 2, "unet.lora_alpha": 2.0}
    header = {f"samecast_{name}": name for name in "zyxwvu"}
    paths = [tmp_path / f"{number}.safetensors" for number in range(4)]
    for path in paths:
        write_adapter(path, tensors, settings, header)
    assert len({path.read_bytes() for path in paths}) == 1
    read = read_adapter(paths[0])
    assert {key: read.header[key] for key in header} == header
    assert all(torch.equal(read.tensors[key], value) for key, value in tensors.items())
