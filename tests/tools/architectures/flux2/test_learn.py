"""How FLUX.2 klein learns: on the latents that its own pipeline draws in."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from tests.tools.training.lora.conftest import make_config, make_row
from tools.architectures.flux2.learn import Flux2Learner
from tools.errors import BadInput
from tools.training.lora.data import Batch
from tools.training.lora.learner import draw_noise


@pytest.fixture
def learner(flux2: Any) -> Flux2Learner:
    return Flux2Learner(flux2, make_row("flux2"), make_config(), ["Vera", ""])


def batch_of(latents: torch.Tensor) -> Batch:
    count, _, height, width = latents.shape
    return Batch(
        latents=latents,
        weights=torch.ones(count, 1, height, width),
        captions=("Vera", "")[:count],
        sizes=torch.zeros(count, 6),
        sample_weights=torch.ones(count),
        is_crop=False,
        pictures=float(count),
    )


def test_latents_are_those_of_the_pipeline(learner: Flux2Learner) -> None:
    pixels = torch.rand(2, 3, 64, 96, generator=torch.Generator().manual_seed(3)) * 2 - 1
    with torch.no_grad():
        wanted = learner.pipeline._encode_vae_image(pixels, generator=None)
    found = learner.encode_pictures(pixels)
    assert found.shape == (2, 16, 4, 6)
    torch.testing.assert_close(found, wanted)


def test_the_velocity_is_what_the_pipeline_asks_the_model_for(learner: Flux2Learner) -> None:
    """A rectangle, so that rows and columns cannot be mistaken for each other."""
    pipeline = learner.pipeline
    noisy = torch.randn(1, 16, 4, 6, generator=torch.Generator().manual_seed(4))
    text = learner.encode_text(["Vera"])
    sigma = torch.tensor([0.4])
    ids = pipeline._prepare_latent_ids(noisy)
    with torch.no_grad():
        tokens = pipeline.transformer(
            hidden_states=pipeline._pack_latents(noisy),
            timestep=sigma,
            guidance=None,
            encoder_hidden_states=text.sequence,
            txt_ids=pipeline._prepare_text_ids(text.sequence),
            img_ids=ids,
            return_dict=False,
        )[0]
        wanted = pipeline._unpack_latents_with_ids(tokens, ids)
        found = learner._predict(noisy, sigma, text)
    torch.testing.assert_close(found, wanted)


def test_errors_are_one_for_each_picture_and_hang_on_the_seed(learner: Flux2Learner) -> None:
    latents = torch.randn(2, 16, 4, 4, generator=torch.Generator().manual_seed(9))
    text = learner.encode_text(["Vera", ""])
    with torch.no_grad():
        first, again, other = (
            learner.errors(
                batch_of(latents), text, draw_noise(latents, torch.Generator().manual_seed(seed))
            )
            for seed in (1, 1, 2)
        )
    assert first.shape == (2,)
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"crop_side": 32}, "FLUX.2 has no crop conditioning; leave crop_side unset"),
        ({"text_learning_rate": 1e-4}, "language model does not learn; leave text_learning_rate"),
    ],
)
def test_what_it_cannot_do_is_refused(flux2: Any, change: dict[str, object], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        Flux2Learner(flux2, make_row("flux2"), make_config(**change), ["Vera"])
