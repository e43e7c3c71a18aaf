from __future__ import annotations

import pytest
import torch

from tools.training.pretrain.muon import Muon, orthogonalise

EXACT = torch.float32


@pytest.mark.parametrize("arithmetic", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("shape", [(48, 32), (32, 48), (40, 40)])
def test_orthogonalised_matrix_is_close_to_the_svd_one(
    shape: tuple[int, int], arithmetic: torch.dtype
) -> None:
    generator = torch.Generator().manual_seed(0)
    matrices = torch.randn(3, *shape, generator=generator) * 7
    left, _, right = torch.linalg.svd(matrices, full_matrices=False)
    result = orthogonalise(matrices, arithmetic)
    cosine = torch.nn.functional.cosine_similarity(result.flatten(1), (left @ right).flatten(1))
    assert cosine.min() > 0.95
    values = torch.linalg.svdvals(result)
    assert values.median() == pytest.approx(0.9, abs=0.25)
    assert values.max() < 1.3


def test_step_size_does_not_depend_on_the_gradient_scale() -> None:
    gradient = torch.randn(64, 32, generator=torch.Generator().manual_seed(1))
    moved = []
    for scale in (1e-4, 1e3):
        parameter = torch.nn.Parameter(torch.zeros(64, 32))
        parameter.grad = gradient * scale
        Muon([parameter], 0.01, EXACT).step()
        moved.append(parameter.detach())
    assert torch.cosine_similarity(moved[0].flatten(), moved[1].flatten(), dim=0) > 0.995
    assert moved[0].square().mean().sqrt() == pytest.approx(0.01 * 0.2, rel=0.2)


def test_kernels_and_matrices_of_one_shape_are_updated_as_if_alone() -> None:
    generator = torch.Generator().manual_seed(2)
    shapes = [(32, 4, 3, 3), (32, 36), (48, 32)]
    gradients = [torch.randn(shape, generator=generator) for shape in shapes]

    def trained(chosen: list[int]) -> dict[int, torch.Tensor]:
        parameters = {i: torch.nn.Parameter(torch.ones(shapes[i])) for i in chosen}
        for index, parameter in parameters.items():
            parameter.grad = gradients[index].clone()
        Muon(parameters.values(), 0.02, EXACT).step()
        return {index: parameter.detach() for index, parameter in parameters.items()}

    together = trained([0, 1, 2])
    for index in range(3):
        assert torch.allclose(together[index], trained([index])[index], atol=1e-4)


def test_weight_decay_shrinks_a_weight_without_direction() -> None:
    parameter = torch.nn.Parameter(torch.ones(32, 32))
    parameter.grad = torch.zeros(32, 32)
    Muon([parameter], 0.1, EXACT, weight_decay=0.5).step()
    assert torch.allclose(parameter, torch.full((32, 32), 0.95))


def test_a_least_squares_problem_is_solved() -> None:
    generator = torch.Generator().manual_seed(4)
    inputs, wanted = (
        torch.randn(256, 32, generator=generator),
        torch.randn(32, 32, generator=generator),
    )
    parameter = torch.nn.Parameter(torch.zeros(32, 32))
    optimizer = Muon([parameter], 0.1, EXACT, weight_decay=0.0)
    losses = []
    for _ in range(80):
        loss = (inputs @ parameter - inputs @ wanted).square().mean()
        parameter.grad = torch.autograd.grad(loss, parameter)[0]
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.05 * losses[0]
