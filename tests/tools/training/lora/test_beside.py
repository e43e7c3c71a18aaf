"""The training adapter: on and frozen while another learns, in no file of the run, gone afterwards."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from tests.support.foreign_lora import weight_of, write_training_adapter
from tests.support.resident import resident_means
from tests.tools.training.lora.conftest import make_config, make_row
from tools.architectures.kohya import kohya_path
from tools.architectures.registry import load_architecture
from tools.contracts.training import TrainingImage, TrainProgress
from tools.training.lora import loop
from tools.training.lora.adapter import (
    ADAPTER_FILE,
    Adapter,
    lora_pairs,
    read_adapter,
    write_adapter,
)
from tools.training.lora.beside import BESIDE
from tools.training.lora.foreign import NamedLayers, component_shapes, own_form

ROW, CONFIG = make_row("flux"), make_config(steps=2, precision="fp32")


@pytest.fixture
def beside(flux: Any, tmp_path: Path) -> Path:
    """A training adapter of the tiny Flux, in this program's form."""
    theirs, own = tmp_path / "theirs.safetensors", tmp_path / "own.safetensors"
    weights = [(key, value.shape) for key, value in flux.transformer.state_dict().items()]
    shapes = component_shapes("transformer", weights)
    write_training_adapter(theirs, shapes)
    names = {layer: NamedLayers("diffusers", (layer,)) for layer in shapes}
    found = own_form(read_adapter(theirs), theirs.name, names, shapes)
    write_adapter(own, found.tensors, found.settings, {})
    return own


def train(
    pipeline: Any, images: list[TrainingImage], folder: Path, beside: Path | None
) -> Generator[TrainProgress]:
    learner = load_architecture("flux").learner(pipeline, ROW, CONFIG, loop.captions_of(images))
    means = replace(resident_means(pipeline, ROW, CONFIG), training_adapter=beside)
    yield from loop.train_lora(learner, images, ROW, CONFIG, folder, means)


def weights(pipeline: Any) -> dict[str, Tensor]:
    return {key: value.clone() for key, value in pipeline.transformer.state_dict().items()}


def test_the_first_loss_is_that_of_the_base_with_the_adapter_in_its_weights(
    flux: Any, images: list[TrainingImage], beside: Path, tmp_path: Path
) -> None:
    plain = next(train(flux, images, tmp_path / "plain", None)).loss
    with_it = next(train(flux, images, tmp_path / "with", beside)).loss
    adapter = read_adapter(beside)
    with torch.no_grad():
        for component, module, down, up in lora_pairs(adapter):
            change = adapter.scale(component) * up @ down
            weight_of(flux, f"{component}.{module}").add_(change)
    merged = next(train(flux, images, tmp_path / "merged", None)).loss
    assert with_it == pytest.approx(merged, rel=1e-4)
    assert abs(with_it - plain) > 100 * abs(with_it - merged)


def test_no_file_of_the_run_holds_it_and_the_models_are_left_as_they_were(
    flux: Any, images: list[TrainingImage], beside: Path, tmp_path: Path
) -> None:
    before, folder = weights(flux), tmp_path / "vera"
    list(train(flux, images, folder, beside))
    learned = load_file(folder / ADAPTER_FILE)
    layers = {key.partition(".lora_")[0] for key in learned}
    targets = tuple(ROW.lora_targets)
    assert all(layer.endswith(targets) for layer in layers)
    frozen = load_file(beside)
    assert "transformer.x_embedder.lora_A.weight" in frozen
    assert not any(layer.endswith(("x_embedder", "norm1.linear")) for layer in layers)
    shared = learned["transformer.transformer_blocks.0.attn.to_q.lora_A.weight"]
    assert not torch.equal(
        shared, frozen["transformer.transformer_blocks.0.attn.to_q.lora_A.weight"]
    )
    exported = load_file(kohya_path(folder))
    assert not any("img_in" in key or "img_mod" in key for key in exported)
    after = weights(flux)
    assert before.keys() == after.keys()
    assert all(torch.equal(before[key], after[key]) for key in before)


def test_it_stays_as_it_was_while_the_other_learns(
    flux: Any,
    images: list[TrainingImage],
    beside: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held: dict[str, Tensor] = {}
    wanted: set[str] = set()
    take_out = Adapter.remove

    def look_first(self: Adapter) -> None:
        for name, parameter in flux.transformer.named_parameters():
            if f".{BESIDE}." in name:
                held[name.replace(f".{BESIDE}.", ".")] = parameter.detach().clone()
            if parameter.requires_grad:
                wanted.add(name)
        take_out(self)

    monkeypatch.setattr(Adapter, "remove", look_first)
    list(train(flux, images, tmp_path / "vera", beside))
    frozen = {key.removeprefix("transformer."): value for key, value in load_file(beside).items()}
    assert held.keys() == frozen.keys()
    assert all(torch.equal(held[key], value) for key, value in frozen.items())
    assert wanted
    assert not any(BESIDE in name for name in wanted)


def test_it_is_part_of_the_runs_digest(
    images: list[TrainingImage], beside: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.safetensors"
    other.write_bytes(b"another file")
    digests = {loop.run_digest(images, ROW, CONFIG, path) for path in (None, beside, other)}
    assert len(digests) == 3


def test_a_stopped_run_goes_on_beside_it(
    flux: Any, images: list[TrainingImage], beside: Path, tmp_path: Path
) -> None:
    list(train(flux, images, tmp_path / "whole", beside))
    stopped = train(flux, images, tmp_path / "cut", beside)
    next(stopped)
    stopped.close()
    assert [item.step for item in train(flux, images, tmp_path / "cut", beside)] == [2]
    whole, cut = (load_file(tmp_path / name / ADAPTER_FILE) for name in ("whole", "cut"))
    assert all(torch.equal(whole[key], cut[key]) for key in whole)
