from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image
from torch import Tensor

from tests.tools.training.lora.conftest import make_config, make_row, train_lora
from tools.architectures.registry import load_architecture
from tools.contracts.training import TrainingImage, TrainProgress
from tools.errors import BadInput, BadPicture, TrainingFailed
from tools.training.lora.adapter import ADAPTER_FILE, read_adapter
from tools.training.lora.data import draw_batch, encode_items, step_generator
from tools.training.lora.learner import draw_noise


def _weights(folder: Path) -> dict[str, Tensor]:
    return read_adapter(folder / ADAPTER_FILE).tensors


def _equal(first: dict[str, Tensor], second: dict[str, Tensor]) -> bool:
    return first.keys() == second.keys() and all(
        torch.equal(first[key], second[key]) for key in first
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"convolutions": True, "crop_side": 32, "crop_share": 0.5, "caption_dropout": 0.3},
        {"text_learning_rate": 1e-3, "ema_decay": 0.9, "precision": "bf16"},
    ],
    ids=["crops", "text and average"],
)
def test_twenty_steps_a_stop_and_twenty_more_equal_forty(
    maquette: Any, images: list[TrainingImage], tmp_path: Path, changes: dict[str, object]
) -> None:
    row = make_row("maquette", cpu_autocast_bf16=True)
    config = make_config(steps=40, **changes)

    list(train_lora(maquette, images, row, config, tmp_path / "whole"))
    for progress in train_lora(maquette, images, row, config, tmp_path / "halves"):
        if progress.step == 20:
            break
    resumed = list(train_lora(maquette, images, row, config, tmp_path / "halves"))

    assert [progress.step for progress in resumed] == list(range(21, 41))
    assert _equal(_weights(tmp_path / "whole"), _weights(tmp_path / "halves"))


def test_a_run_killed_after_a_checkpoint_goes_on_from_it(
    maquette: Any, images: list[TrainingImage], tmp_path: Path
) -> None:
    row, config = make_row("maquette"), make_config(steps=6, checkpoint_every=2)
    list(train_lora(maquette, images, row, config, tmp_path / "whole"))
    killed = train_lora(maquette, images, row, config, tmp_path / "killed")
    for _ in range(5):
        next(killed)
    latest = sorted((tmp_path / "killed").glob("checkpoint_*"))
    contents = {path.name: path.read_bytes() for path in latest}
    killed.close()
    for path in (tmp_path / "killed").iterdir():
        path.unlink()
    for name, data in contents.items():
        (tmp_path / "killed" / name).write_bytes(data)

    resumed = list(train_lora(maquette, images, row, config, tmp_path / "killed"))

    assert sorted(contents) == ["checkpoint_000002.safetensors", "checkpoint_000004.safetensors"]
    assert [progress.step for progress in resumed] == [5, 6]
    assert _equal(_weights(tmp_path / "whole"), _weights(tmp_path / "killed"))


def test_an_unreadable_checkpoint_is_passed_over_for_the_one_before(
    maquette: Any, images: list[TrainingImage], tmp_path: Path
) -> None:
    row, config = make_row("maquette"), make_config(steps=6, checkpoint_every=2)
    for progress in train_lora(maquette, images, row, config, tmp_path / "run"):
        if progress.step == 4:
            break
    (tmp_path / "run" / "checkpoint_000004.safetensors").write_bytes(b"half a file")

    resumed = list(train_lora(maquette, images, row, config, tmp_path / "run"))

    assert [progress.step for progress in resumed] == [3, 4, 5, 6]


def test_an_error_in_the_consumer_keeps_a_checkpoint_and_no_half_written_file(
    maquette: Any, images: list[TrainingImage], tmp_path: Path
) -> None:
    folder, row, config = tmp_path / "run", make_row("maquette"), make_config(steps=9)

    with pytest.raises(KeyboardInterrupt):
        _interrupt_at(3, train_lora(maquette, images, row, config, folder))

    assert [path.name for path in folder.iterdir()] == ["checkpoint_000003.safetensors"]
    rest = list(train_lora(maquette, images, row, config, folder))
    assert [progress.step for progress in rest] == [4, 5, 6, 7, 8, 9]


def _interrupt_at(step: int, run: Iterator[TrainProgress]) -> None:
    for progress in run:
        if progress.step == step:
            raise KeyboardInterrupt


def test_a_finished_run_answers_at_once_with_its_adapter(
    maquette: Any, images: list[TrainingImage], tmp_path: Path
) -> None:
    folder, row, config = tmp_path / "run", make_row("maquette"), make_config(steps=2)
    last = list(train_lora(maquette, images, row, config, folder))[-1]
    written = (folder / ADAPTER_FILE).stat().st_mtime_ns

    again = list(train_lora(maquette, images, row, config, folder))

    assert [progress.adapter for progress in again] == [folder / ADAPTER_FILE] == [last.adapter]
    assert again[0].step == 2
    assert again[0].loss == pytest.approx(last.loss)
    assert (folder / ADAPTER_FILE).stat().st_mtime_ns == written
    assert not list(folder.glob("checkpoint_*"))


@pytest.mark.parametrize("finished", [False, True])
def test_a_folder_with_another_run_is_refused(
    maquette: Any, images: list[TrainingImage], tmp_path: Path, finished: bool
) -> None:
    row, config = make_row("maquette"), make_config(steps=3)
    for progress in train_lora(maquette, images, row, config, tmp_path / "run"):
        if progress.step == 2 and not finished:
            break
    other = config.model_copy(update={"seed": 1})

    with pytest.raises(BadInput, match="train into a new folder"):
        next(train_lora(maquette, images, row, other, tmp_path / "run"))


def test_a_loss_that_is_not_finite_names_the_step_and_the_last_good_checkpoint(
    maquette: Any, images: list[TrainingImage], tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    config = make_config(steps=9, checkpoint_every=2)
    run = train_lora(maquette, images, make_row("maquette"), config, folder)
    for _ in range(3):
        next(run)
    with torch.no_grad():
        maquette.unet.conv_out.bias.fill_(float("nan"))

    with pytest.raises(TrainingFailed, match=r"step 4 .*nan.*checkpoint_000002\.safetensors"):
        next(run)

    assert [path.name for path in folder.iterdir()] == ["checkpoint_000002.safetensors"]


def test_the_pipeline_is_left_as_it_was(
    maquette: Any, images: list[TrainingImage], tmp_path: Path
) -> None:
    config = make_config(steps=2, text_learning_rate=1e-3, convolutions=True)
    before = _draw(maquette)
    names = [name for name, _ in maquette.unet.named_modules()]
    processors = [type(processor) for processor in maquette.unet.attn_processors.values()]

    list(train_lora(maquette, images, make_row("maquette"), config, tmp_path / "run"))

    assert [name for name, _ in maquette.unet.named_modules()] == names
    assert [type(p) for p in maquette.unet.attn_processors.values()] == processors
    assert all(parameter.requires_grad for parameter in maquette.unet.parameters())
    assert torch.equal(_draw(maquette), before)
    assert not getattr(maquette.unet, "peft_config", {})


def _draw(pipeline: Any) -> Tensor:
    output = pipeline(
        "Vera",
        num_inference_steps=2,
        height=64,
        width=64,
        guidance_scale=2.0,
        generator=torch.Generator().manual_seed(0),
        output_type="latent",
    )
    latents: Tensor = output.images
    return latents


def test_what_lies_outside_the_mask_learns_less(
    maquette: Any, images: list[TrainingImage], tmp_path: Path
) -> None:
    """Masked to its left half, the picture is learned better there and worse in the right half."""
    mask = tmp_path / "mask.png"
    picture = Image.new("L", (64, 64), 0)
    picture.paste(255, (0, 0, 32, 64))
    picture.save(mask)
    image = images[0].model_copy(update={"mask": mask, "face": None})

    left_masked, right_masked = _errors_by_half(maquette, image, 0.0, tmp_path / "masked")
    left_whole, right_whole = _errors_by_half(maquette, image, 1.0, tmp_path / "whole")

    assert right_masked > 1.15 * left_masked
    assert right_masked > 1.15 * right_whole
    assert right_whole < 1.05 * left_whole


def _errors_by_half(
    pipeline: Any, image: TrainingImage, outside_weight: float, folder: Path
) -> tuple[float, float]:
    """Errors of the left and right half under the adapter trained with this weight outside."""
    row, config = make_row("maquette"), make_config(steps=60, outside_weight=outside_weight)
    config = config.model_copy(
        update={"caption_dropout": 0.0, "learning_rate": 1e-2, "convolutions": True}
    )
    list(train_lora(pipeline, [image], row, config, folder))
    pipeline.load_lora_weights(folder / ADAPTER_FILE, adapter_name="trained")
    learner = load_architecture(row.architecture).learner(pipeline, row, config, [image.caption])
    items = encode_items([image], learner.encode_pictures, config)
    batch = draw_batch(items, config.model_copy(update={"batch_size": 8}), step_generator(9, 9))
    halves = []
    for columns in (slice(0, 8), slice(8, 16)):
        weights = torch.zeros_like(batch.weights)
        weights[..., columns] = 2.0
        with torch.no_grad():
            errors = learner.errors(
                replace(batch, weights=weights),
                learner.encode_text(batch.captions),
                draw_noise(batch.latents, step_generator(5, 5)),
            )
        halves.append(float(errors.mean()))
    pipeline.unload_lora_weights()
    return halves[0], halves[1]


def test_only_regularisation_pictures_are_refused(
    maquette: Any, images: list[TrainingImage], tmp_path: Path
) -> None:
    with pytest.raises(BadInput, match="at least one training picture"):
        next(train_lora(maquette, images[4:], make_row("maquette"), make_config(), tmp_path / "r"))


def test_a_broken_picture_stops_before_anything_is_written(
    maquette: Any, images: list[TrainingImage], tmp_path: Path
) -> None:
    images[0].path.write_bytes(b"not a picture")

    with pytest.raises(BadPicture, match=r"0\.png: not a readable"):
        next(train_lora(maquette, images, make_row("maquette"), make_config(), tmp_path / "run"))

    assert not list((tmp_path / "run").iterdir())


def test_flux_refuses_crops(flux: Any, images: list[TrainingImage], tmp_path: Path) -> None:
    config = make_config(crop_side=32, crop_share=0.5)

    with pytest.raises(BadInput, match="leave crop_side unset"):
        next(train_lora(flux, images, make_row("flux"), config, tmp_path / "run"))


def test_a_row_that_names_no_layer_is_refused(
    maquette: Any, images: list[TrainingImage], tmp_path: Path
) -> None:
    row = make_row("maquette", lora_targets=("to_z",))

    with pytest.raises(BadInput, match="no layer of unet is called to_z"):
        next(train_lora(maquette, images, row, make_config(), tmp_path / "run"))


@pytest.mark.parametrize("name", ["sdxl", "flux", "flux2", "maquette"])
def test_training_lowers_the_loss_of_every_architecture(
    request: pytest.FixtureRequest, images: list[TrainingImage], tmp_path: Path, name: str
) -> None:
    pipeline = request.getfixturevalue(name)
    config = make_config(steps=30, learning_rate=3e-2, batch_size=4, caption_dropout=0.0)

    losses = [
        progress.loss
        for progress in train_lora(pipeline, images[:1], make_row(name), config, tmp_path / "run")
    ]

    assert sum(losses[-8:]) < 0.97 * sum(losses[:8])
