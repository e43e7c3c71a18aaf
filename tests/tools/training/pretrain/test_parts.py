from __future__ import annotations

from pathlib import Path

import pytest
import torch
from diffusers.models.upsampling import Upsample2D

from tools.errors import BadInput
from tools.training.pretrain.parts import Base, SafeUpsample, load_base


def test_safe_upsampling_has_the_output_and_gradient_of_diffusers_own() -> None:
    torch.manual_seed(0)
    plain = Upsample2D(8, use_conv=True)
    safe = SafeUpsample(plain.conv)
    hidden = torch.randn(2, 8, 5, 7, requires_grad=True)
    weights = torch.randn(2, 8, 10, 14)
    gradients = []
    for layer in (plain, safe):
        output = layer(hidden)
        gradients.append(torch.autograd.grad((output * weights).sum(), [hidden, plain.conv.weight]))
    assert torch.equal(plain(hidden), safe(hidden))
    for expected, got in zip(*gradients, strict=True):
        assert torch.allclose(expected, got, atol=1e-5)


def test_every_upsampling_of_a_loaded_base_is_safe_and_keeps_its_weights_names(base: Base) -> None:
    modules = list(base.parts.unet.modules())
    assert sum(isinstance(module, SafeUpsample) for module in modules) == 3
    assert not any(isinstance(module, Upsample2D) for module in modules)
    assert "up_blocks.0.upsamplers.0.conv.weight" in base.parts.unet.state_dict()


def test_muon_and_adam_share_all_parameters_between_them(base: Base) -> None:
    matrices, other = base.parts.muon_and_other()
    assert len(matrices) + len(other) == len(list(base.parts.parameters()))
    assert matrices
    assert all(min(parameter.flatten(1).shape) >= 32 for parameter in matrices)
    text = {id(parameter) for parameter in base.parts.text_encoder.parameters()}
    assert text <= {id(parameter) for parameter in other}


def test_averaged_copy_is_frozen_and_shares_nothing(base: Base) -> None:
    twin = base.parts.averaged_copy()
    assert not any(parameter.requires_grad for parameter in twin.parameters())
    assert twin.state_dict().keys() == base.parts.state_dict().keys()
    own = {parameter.data_ptr() for parameter in base.parts.parameters()}
    assert own.isdisjoint(parameter.data_ptr() for parameter in twin.parameters())


def test_parts_predict_what_the_pipeline_predicts(base: Base) -> None:
    """Both encoders' second last states, joined, and the second's pooled one."""
    caption = "photo of a young man, tan skin"
    words, _, pooled, _ = base.pipeline.encode_prompt(
        caption, device="cpu", do_classifier_free_guidance=False
    )
    noisy, steps = torch.randn(1, 4, 64, 64), torch.tensor([500])
    size = torch.tensor([[256, 256, 0, 0, 256, 256]]).float()
    with torch.no_grad(), base.compute.autocast():
        expected = base.pipeline.unet(
            noisy, steps, words, added_cond_kwargs={"text_embeds": pooled, "time_ids": size}
        ).sample
    with torch.no_grad():
        got = base.parts(noisy, steps, base.tokens([caption]).long(), size)
    assert torch.allclose(expected.float(), got, atol=0.03, rtol=0.03)


def test_side_and_factor_come_from_the_folder(base: Base) -> None:
    assert (base.side, base.factor) == (64, 4)


def test_a_folder_that_is_no_base_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="not a StableDiffusionXLPipeline folder"):
        load_base(tmp_path, "cpu")
