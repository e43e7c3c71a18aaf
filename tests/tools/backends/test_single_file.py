from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from accelerate import init_empty_weights
from diffusers import AutoencoderKL, StableDiffusionXLPipeline, UNet2DConditionModel
from safetensors.torch import load_file, save_file
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

from tests.support.single_file import build_pipeline, save_configuration, save_single_file
from tools.backends.single_file import (
    CONFIGURATIONS,
    clip_tokenizer,
    content_digest,
    recognise,
    unpack,
)
from tools.backends.weights import check_folder
from tools.errors import BadInput, StorageFailed

SDXL_KEYS = (
    "conditioner.embedders.0.transformer.text_model.embeddings.position_embedding.weight",
    "conditioner.embedders.1.model.positional_embedding",
    "model.diffusion_model.label_emb.0.0.weight",
    "first_stage_model.decoder.conv_in.weight",
)
FIRST = "model.diffusion_model.input_blocks.0.0.weight"


@pytest.fixture(scope="module")
def pipeline() -> StableDiffusionXLPipeline:
    return build_pipeline()


@pytest.fixture(scope="module")
def configurations(
    pipeline: StableDiffusionXLPipeline, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("configurations")
    save_configuration(pipeline, folder / "sdxl")
    return folder


@pytest.fixture(scope="module")
def checkpoint(
    pipeline: StableDiffusionXLPipeline, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    return save_single_file(pipeline, tmp_path_factory.mktemp("file") / "tiny.safetensors")


def header_only(path: Path, names: tuple[str, ...], inputs: int = 4) -> Path:
    tensors = {name: torch.zeros(1) for name in names}
    if FIRST in tensors:
        tensors[FIRST] = torch.zeros(8, inputs, 3, 3)
    save_file(tensors, path)
    return path


def test_a_checkpoint_becomes_an_fp16_folder_with_every_weight_in_its_place(
    pipeline: StableDiffusionXLPipeline, checkpoint: Path, configurations: Path, tmp_path: Path
) -> None:
    folder = unpack(checkpoint, tmp_path / "mine", configurations)

    check_folder(folder)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
    again = StableDiffusionXLPipeline.from_pretrained(
        folder, local_files_only=True, dtype=torch.float16
    )
    for part in ("unet", "vae", "text_encoder", "text_encoder_2"):
        wanted = getattr(pipeline, part).state_dict()
        found = getattr(again, part).state_dict()
        assert found.keys() == wanted.keys()
        for key, tensor in wanted.items():
            assert found[key].dtype == torch.float16 or not tensor.is_floating_point()
            torch.testing.assert_close(found[key], tensor.to(found[key].dtype), rtol=0, atol=0)
    assert again.scheduler.config.prediction_type == "epsilon"


def test_what_a_killed_run_left_is_removed_and_an_older_folder_replaced(
    checkpoint: Path, configurations: Path, tmp_path: Path
) -> None:
    for leftover in (tmp_path / ".mine.part", tmp_path / "mine"):
        leftover.mkdir()
        (leftover / "half.safetensors").write_bytes(b"x")

    folder = unpack(checkpoint, tmp_path / "mine", configurations)

    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
    assert not (folder / "half.safetensors").exists()


def test_a_checkpoint_that_says_v_prediction_gets_it(
    pipeline: StableDiffusionXLPipeline, configurations: Path, tmp_path: Path
) -> None:
    marks = {"v_pred": torch.zeros(0), "ztsnr": torch.zeros(0)}
    file = save_single_file(pipeline, tmp_path / "v.safetensors", marks)

    folder = unpack(file, tmp_path / "v", configurations)

    scheduler = json.loads((folder / "scheduler" / "scheduler_config.json").read_text())
    assert scheduler["prediction_type"] == "v_prediction"
    assert scheduler["rescale_betas_zero_snr"] is True


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda each: {k: v for k, v in each.items() if ".middle_block.1." not in k},
            "weights are missing that",
        ),
        (lambda each: {**each, FIRST: torch.zeros(8, 4, 3, 3)}, "not the tensors of a whole sdxl"),
        (lambda each: {**each, FIRST: each[FIRST] + 1e9}, "is not finite in fp16"),
    ],
)
def test_weights_that_do_not_fit_leave_nothing_behind(
    checkpoint: Path, configurations: Path, tmp_path: Path, change: Any, said: str
) -> None:
    file = tmp_path / "other.safetensors"
    save_file(change(load_file(checkpoint)), file)

    with pytest.raises(BadInput, match=said) as refusal:
        unpack(file, tmp_path / "mine", configurations)

    assert "\n" not in str(refusal.value)
    assert [path.name for path in tmp_path.iterdir()] == ["other.safetensors"]


@pytest.mark.parametrize(
    ("names", "inputs", "said"),
    [
        ((*SDXL_KEYS, FIRST), 9, "an SDXL inpainting or editing checkpoint"),
        (SDXL_KEYS[:3], 4, "without its autoencoder"),
        (SDXL_KEYS[:2] + SDXL_KEYS[3:], 4, "without its denoiser"),
        ((*SDXL_KEYS, "edm_mean"), 4, "a Playground v2.5 checkpoint"),
        (("conditioner.embedders.0.model.positional_embedding",), 4, "an SDXL refiner"),
        (
            ("cond_stage_model.transformer.text_model.final_layer_norm.bias", FIRST),
            4,
            "Diffusion 1.5",
        ),
        (("cond_stage_model.model.token_embedding.weight", FIRST), 4, "Stable Diffusion 2 check"),
        (("double_blocks.0.img_attn.proj.bias",), 4, "a FLUX.1 schnell checkpoint"),
        (
            (
                "model.diffusion_model.double_blocks.0.img_attn.proj.bias",
                "guidance_in.in_layer.weight",
            ),
            4,
            r"a FLUX.1 dev checkpoint \(embedded guidance\)",
        ),
        (
            ("single_stream_modulation.lin.weight", "double_blocks.0.img_attn.x"),
            4,
            "a FLUX.2 check",
        ),
        (("unet.down_blocks.0.attn.to_q.lora_A.weight",), 4, "a LoRA adapter"),
        (("lora_unet_input.lora_down.weight",), 4, "a LoRA adapter"),
        (("down_blocks.0.resnets.0.conv1.weight",), 4, "one part of a diffusers folder"),
        (("something.else",), 4, "its tensors are of no known checkpoint; give an SDXL checkpoint"),
    ],
)
def test_other_checkpoints_are_refused_by_name(
    tmp_path: Path, names: tuple[str, ...], inputs: int, said: str
) -> None:
    file = header_only(tmp_path / "model.safetensors", names, inputs)

    with pytest.raises(BadInput, match=said):
        recognise(file)


def test_an_sdxl_checkpoint_is_known_by_its_header(tmp_path: Path) -> None:
    assert recognise(header_only(tmp_path / "a.safetensors", (*SDXL_KEYS, FIRST))) == "sdxl"


def _pickled(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", b"\x80\x02}q\x00.")


@pytest.mark.parametrize("name", ["model.ckpt", "model.pt", "model.safetensors"])
def test_a_pickle_is_refused_by_name_and_by_content(tmp_path: Path, name: str) -> None:
    _pickled(tmp_path / name)

    with pytest.raises(BadInput, match=r"pickled weights can run code and are never opened"):
        unpack(tmp_path / name, tmp_path / "mine")


@pytest.mark.parametrize(("kept", "said"), [(-100, "bytes where .* are due"), (64, "not a whole")])
def test_half_a_download_is_refused(checkpoint: Path, tmp_path: Path, kept: int, said: str) -> None:
    file = tmp_path / "half.safetensors"
    file.write_bytes(checkpoint.read_bytes()[:kept])

    with pytest.raises(BadInput, match=said):
        unpack(file, tmp_path / "mine")


def test_the_disk_is_asked_before_anything_is_loaded(tmp_path: Path) -> None:
    side, end = 1 << 20, 4 << 40
    tensors = {
        name: {"dtype": "F32", "shape": [1], "data_offsets": [end + 4 * n, end + 4 * n + 4]}
        for n, name in enumerate(SDXL_KEYS)
    }
    tensors[FIRST] = {"dtype": "F32", "shape": [side, 4, 1 << 9, 1 << 9], "data_offsets": [0, end]}
    header = json.dumps(tensors).encode()
    file = tmp_path / "huge.safetensors"
    with file.open("wb") as opened:
        opened.write(len(header).to_bytes(8, "little") + header)
        opened.truncate(8 + len(header) + end + 4 * len(SDXL_KEYS))

    with pytest.raises(StorageFailed, match=r"huge.safetensors needs 2200.0 GB and the disk of"):
        unpack(file, tmp_path / "mine")


def test_the_digest_is_of_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")

    assert content_digest(tmp_path / "a") == (
        "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )


def test_the_tokenizer_is_clips() -> None:
    """Ids as CLIP's own tokenizer gives them."""
    tokenizer = clip_tokenizer()

    assert len(tokenizer) == 49408
    ids = tokenizer("a photo of a cat", padding="max_length").input_ids
    assert ids[:7] == [49406, 320, 1125, 539, 320, 2368, 49407]
    assert set(ids[7:]) == {49407}
    assert clip_tokenizer("!")("", padding="max_length").input_ids[2:] == [0] * 75


def _shipped(part: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(
        (CONFIGURATIONS / "sdxl" / part / "config.json").read_text()
    )
    return found


def test_the_configuration_that_ships_is_the_real_sdxls() -> None:
    """Parameters of each part as counted of stable-diffusion-xl-base-1.0."""
    with init_empty_weights():
        parts = {
            "unet": UNet2DConditionModel.from_config(_shipped("unet")),
            "vae": AutoencoderKL.from_config(_shipped("vae")),
            "text_encoder": CLIPTextModel(CLIPTextConfig(**_shipped("text_encoder"))),
            "text_encoder_2": CLIPTextModelWithProjection(
                CLIPTextConfig(**_shipped("text_encoder_2"))
            ),
        }

    counted = {
        name: sum(each.numel() for each in part.parameters()) for name, part in parts.items()
    }
    assert counted == {
        "unet": 2_567_463_684,
        "vae": 83_653_863,
        "text_encoder": 123_060_480,
        "text_encoder_2": 694_659_840,
    }
