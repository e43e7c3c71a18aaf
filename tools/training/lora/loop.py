"""Trains a LoRA on a loaded pipeline, step by step, resumable at every step.

Knows the order of things: data, adapter, steps, checkpoints, files. Must not know characters,
scenes, or in what the architectures differ.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Generator, Sequence
from contextlib import ExitStack
from pathlib import Path

import torch

from tools.contracts.bases import BaseRow
from tools.contracts.training import LoraConfig, TrainingImage, TrainProgress
from tools.errors import BadInput, TrainingFailed
from tools.training.lora.adapter import ADAPTER_FILE, read_adapter, write_adapter
from tools.training.lora.checkpoints import (
    forget_checkpoints,
    last_checkpoint,
    save_checkpoint,
)
from tools.training.lora.data import encode_items
from tools.training.lora.learner import Conditioning, Learner, Means, joined
from tools.training.lora.rates import rate_factor
from tools.training.lora.regions import training_sizes
from tools.training.lora.trainer import Material, Trainer

_READ_TOGETHER = 16
"""Captions that the text encoders take at once."""


def train_lora(
    learner: Learner,
    images: Sequence[TrainingImage],
    row: BaseRow,
    config: LoraConfig,
    folder: Path,
    means: Means,
) -> Generator[TrainProgress, None, None]:
    """Train an adapter; closing the iterator cancels and keeps a checkpoint of the last step.

    A folder with checkpoints of the same run is gone on with, bit for bit as if it had never
    stopped; one with the finished adapter answers at once.

    Args:
        learner: of a pipeline, prepared for `captions_of(images)`; texts are read and let go, then
            pictures are, and then the denoiser comes.
        images: pictures of the person, and regularisation pictures.
        row: the base that the learner's pipeline was loaded from.
        config: one run's settings.
        folder: gets checkpoints, then the adapter in diffusers format (`pytorch_lora_weights
            .safetensors`) and what else the architecture exports.
        means: numbers, memory and models of this run.

    Yields:
        One item a step; the last carries the adapter.

    Raises:
        BadInput: a folder with another run, or no picture of the person.
        TrainingFailed: the loss or a gradient is not finite; names the last good checkpoint.
        StorageFailed: the disk did not take a file; earlier files are whole.
    """
    run = run_digest(images, row, config, means.training_adapter)
    finished = _finished(learner, folder, run, config)
    if finished is not None:
        yield finished
        return
    folder.mkdir(parents=True, exist_ok=True)
    material = _encoded(learner, images, row, config, means)
    learning = (learner.denoiser, *(learner.texts if material.text is None else ()))
    with ExitStack() as stack:
        stack.enter_context(means.present(learning))
        stack.enter_context(learner.shaped(learning, means.compute))
        trainer = Trainer(learner, material, row, config, means)
        stack.callback(trainer.adapter.remove)
        yield from _run(trainer, learner, folder, run)


def _encoded(
    learner: Learner,
    images: Sequence[TrainingImage],
    row: BaseRow,
    config: LoraConfig,
    means: Means,
) -> Material:
    """Texts, then pictures; each with its own models on the device."""
    captions = captions_of(images)
    text = None
    if config.text_learning_rate is None:
        with means.present(learner.texts), learner.shaped(learner.texts, means.compute):
            text = _cached_text(learner, captions).to(means.compute.device)
    with means.present((learner.autoencoder,)):
        items = encode_items(
            images,
            learner.encode_pictures,
            config,
            means.plan.encode_together,
            training_sizes(row, config),
        )
    return Material(items, captions, text)


@torch.no_grad()
def _cached_text(learner: Learner, captions: tuple[str, ...]) -> Conditioning:
    groups = [captions[at : at + _READ_TOGETHER] for at in range(0, len(captions), _READ_TOGETHER)]
    return joined([learner.encode_text(group) for group in groups])


def captions_of(images: Sequence[TrainingImage]) -> tuple[str, ...]:
    """Every caption of a run once, and the empty one that caption dropout puts in their place."""
    return tuple(dict.fromkeys([*(image.caption for image in images), ""]))


def run_digest(
    images: Sequence[TrainingImage],
    row: BaseRow,
    config: LoraConfig,
    training_adapter: Path | None = None,
) -> str:
    """SHA-256 over everything that changes the result: pictures' bytes, captions, boxes, settings.

    The arguments are those of `train_lora`, and of its means.

    Raises:
        BadInput: a picture, mask or training adapter that cannot be read.
    """
    digest = hashlib.sha256(f"{row.name}\n{row.origin}\n{config.model_dump_json()}\n".encode())
    sizes = training_sizes(row, config)
    if len(sizes) > 1:
        digest.update(repr([(size.width, size.height) for size in sizes]).encode())
    for image in images:
        digest.update(image.model_dump_json(exclude={"path", "mask"}).encode())
        for path in (image.path, image.mask):
            if path is not None:
                digest.update(_file_digest(path))
    if training_adapter is not None:
        digest.update(_file_digest(training_adapter))
    return digest.hexdigest()


def _file_digest(path: Path) -> bytes:
    try:
        return hashlib.sha256(path.read_bytes()).digest()
    except OSError as error:
        raise BadInput(f"{path.name}: cannot be read ({error.strerror})") from error


def _finished(learner: Learner, folder: Path, run: str, config: LoraConfig) -> TrainProgress | None:
    path = folder / ADAPTER_FILE
    if not path.exists():
        return None
    header = read_adapter(path).header
    if header.get("samecast_run") != run:
        raise BadInput(
            f"{folder} holds the adapter of a run with other pictures or settings; "
            "train into a new folder"
        )
    return TrainProgress(
        step=config.steps,
        steps=config.steps,
        loss=float(header["samecast_loss"]),
        learning_rate=config.learning_rate * rate_factor(config, config.steps - 1),
        samples_per_s=0.0,
        adapter=path,
        exported=learner.exported(folder),
    )


def _run(
    trainer: Trainer, learner: Learner, folder: Path, run: str
) -> Generator[TrainProgress, None, None]:
    config = trainer.config
    found = last_checkpoint(folder, run)
    if found is not None:
        trainer.restore(found[1])
    trainer.settle()
    saved = found[0] if found else None
    begun, pictures, first = time.monotonic(), 0.0, trainer.step
    while trainer.step < config.steps:
        try:
            loss, seen = trainer.train_step()
        except FloatingPointError as error:
            raise TrainingFailed(_failure(error, trainer.step, saved)) from error
        pictures += seen
        elapsed = max(time.monotonic() - begun, 1e-9)
        progress = TrainProgress(
            step=trainer.step,
            steps=config.steps,
            loss=loss,
            learning_rate=trainer.learning_rate,
            samples_per_s=pictures / elapsed,
            left_s=elapsed / (trainer.step - first) * (config.steps - trainer.step),
        )
        if trainer.step == config.steps:
            path = _publish(trainer, learner, folder, run, loss)
            yield progress.model_copy(
                update={"adapter": path, "exported": learner.exported(folder)}
            )
            return
        if trainer.step % config.checkpoint_every == 0:
            saved = save_checkpoint(folder, trainer.checkpoint(run))
        try:
            yield progress
        except BaseException:
            save_checkpoint(folder, trainer.checkpoint(run))
            raise


def _failure(error: FloatingPointError, step: int, saved: Path | None) -> str:
    kept = f"the last good checkpoint is {saved}" if saved else "no checkpoint was written yet"
    return (
        f"training diverged in step {step + 1} ({error}); {kept}; "
        "lower the learning rate and train into a new folder"
    )


def _publish(trainer: Trainer, learner: Learner, folder: Path, run: str, loss: float) -> Path:
    """Write the finished adapter; the diffusers file comes last, because it says `finished`."""
    path = folder / ADAPTER_FILE
    partial = folder / f".finished.{ADAPTER_FILE}"
    header = {
        "samecast_run": run,
        "samecast_loss": repr(loss),
        "samecast_base": trainer.row.name,
        "samecast_steps": str(trainer.config.steps),
    }
    write_adapter(partial, trainer.result(), trainer.adapter.settings(), header)
    learner.export(partial, folder)
    partial.replace(path)
    forget_checkpoints(folder)
    return path
