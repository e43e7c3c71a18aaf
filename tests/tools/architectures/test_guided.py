from __future__ import annotations

import torch
from torch import Tensor, nn

from tools.architectures.guided import GuidedDenoiser


class Scaled(nn.Module):
    """Multiplies latents by a number and adds the conditions; remembers the rows that it saw."""

    def __init__(self, factor: float) -> None:
        super().__init__()
        self.factor = nn.Parameter(torch.tensor(factor))
        self.rows: list[int] = []

    @property
    def dtype(self) -> torch.dtype:
        return self.factor.dtype

    def forward(
        self,
        sample: Tensor,
        timestep: Tensor,  # noqa: ARG002
        encoder_hidden_states: Tensor,
        added_cond_kwargs: dict[str, Tensor],
        timestep_cond: None,  # noqa: ARG002
        return_dict: bool,  # noqa: ARG002
    ) -> tuple[Tensor]:
        self.rows.append(len(sample))
        added = encoder_hidden_states.sum(-1) + added_cond_kwargs["time_ids"].sum(-1)
        return (sample * self.factor + added[:, None],)


def predicted(whole: GuidedDenoiser, step: int) -> Tensor:
    latents = torch.randn(2, 3, generator=torch.Generator().manual_seed(1))
    answer: Tensor = whole(
        torch.cat([latents, latents]),
        torch.tensor(step),
        encoder_hidden_states=torch.tensor([[0.0], [1.0], [10.0], [11.0]]),
        added_cond_kwargs={"time_ids": torch.tensor([[0.0], [0.0], [100.0], [100.0]])},
        timestep_cond=None,
        return_dict=False,
    )[0]
    return answer


def test_each_half_is_predicted_by_its_own_network() -> None:
    denoiser, guide = Scaled(2.0), Scaled(3.0)
    latents = torch.randn(2, 3, generator=torch.Generator().manual_seed(1))
    unwanted, wanted = predicted(GuidedDenoiser(denoiser, guide, 950), 950).chunk(2)
    assert unwanted.equal(latents * 3 + torch.tensor([[0.0], [1.0]]))
    assert wanted.equal(latents * 2 + torch.tensor([[110.0], [111.0]]))
    assert denoiser.rows == guide.rows == [2]


def test_above_its_highest_noise_the_guide_is_not_asked_and_guidance_changes_nothing() -> None:
    denoiser, guide = Scaled(2.0), Scaled(3.0)
    unwanted, wanted = predicted(GuidedDenoiser(denoiser, guide, 950), 951).chunk(2)
    assert guide.rows == []
    guided = unwanted + 3.5 * (wanted - unwanted)
    assert guided.equal(wanted)
    assert (guided * (wanted.std() / guided.std())).equal(wanted)


def test_what_else_a_pipeline_asks_is_the_denoisers() -> None:
    denoiser = Scaled(2.0)
    whole = GuidedDenoiser(denoiser, Scaled(3.0), 950)
    assert whole.dtype is torch.float32
    assert whole.factor is denoiser.factor
    assert not hasattr(whole, "text_model")
