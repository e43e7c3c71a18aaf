"""How SDXL learns: its model is shaped for a run only, and its errors hang on the seed alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers.models.attention_processor import AttnProcessor, AttnProcessor2_0

from tests.tools.training.lora.conftest import make_config, make_row
from tools.architectures.sdxl.learn import SdxlLearner
from tools.compute import Compute
from tools.training.lora.data import Batch
from tools.training.lora.learner import draw_noise

CPU = torch.device("cpu")
PLAIN = Compute(CPU, torch.float32, torch.bfloat16, "bf16 arithmetic")
FUSED = Compute(CPU, torch.float32, torch.float32, "fp32")


@pytest.fixture
def learner(maquette: Any) -> SdxlLearner:
    return SdxlLearner(maquette, make_row("maquette"), make_config(), ["Vera", ""])


@pytest.mark.parametrize(("compute", "kind"), [(PLAIN, AttnProcessor), (FUSED, AttnProcessor2_0)])
def test_the_model_is_shaped_for_the_run_and_as_it_was_after_it(
    learner: SdxlLearner, compute: Compute, kind: type
) -> None:
    unet = learner.pipeline.unet
    before = dict(unet.attn_processors)
    attention = learner.pipeline.text_encoder.config._attn_implementation

    def cut_in_the_middle() -> None:
        with learner.shaped(("unet", "text_encoder"), compute):
            assert {type(each) for each in unet.attn_processors.values()} == {kind}
            assert unet.conv_in.weight.is_contiguous(memory_format=torch.channels_last)
            assert learner.pipeline.text_encoder.config._attn_implementation == "eager"
            raise RuntimeError("cut")

    with pytest.raises(RuntimeError, match="cut"):
        cut_in_the_middle()
    assert {name: type(each) for name, each in unet.attn_processors.items()} == {
        name: type(each) for name, each in before.items()
    }
    assert unet.conv_in.weight.is_contiguous()
    assert learner.pipeline.text_encoder.config._attn_implementation == attention


def errors(learner: SdxlLearner, seed: int, *, crop: bool = False) -> torch.Tensor:
    latents = torch.randn(2, 4, 16, 16, generator=torch.Generator().manual_seed(9))
    batch = Batch(
        latents=latents,
        weights=torch.ones(2, 1, 16, 16),
        captions=("Vera", ""),
        sizes=torch.tensor([[64, 64, 0, 0, 64, 64]] * 2, dtype=torch.float32),
        sample_weights=torch.ones(2),
        is_crop=crop,
        pictures=2.0,
    )
    with torch.no_grad():
        text = learner.encode_text(batch.captions)
        noise = draw_noise(latents, torch.Generator().manual_seed(seed))
        return learner.errors(batch, text, noise)


def test_errors_are_one_for_each_picture_and_hang_on_the_seed(learner: SdxlLearner) -> None:
    first = errors(learner, 1)
    assert first.shape == (2,)
    assert (first > 0).all()
    assert torch.equal(first, errors(learner, 1))
    assert not torch.equal(first, errors(learner, 2))
    assert not torch.equal(first, errors(learner, 1, crop=True))


def test_its_file_for_other_programs_lies_beside_the_adapter(learner: SdxlLearner) -> None:
    assert learner.exported(Path("runs/vera")) == Path("runs/vera/vera_kohya.safetensors")
