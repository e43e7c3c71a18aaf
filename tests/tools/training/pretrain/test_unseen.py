from __future__ import annotations

from pathlib import Path

import pytest
import torch

from tools.errors import BadInput
from tools.training.pretrain.parts import Base
from tools.training.pretrain.unseen import load_unseen, measure_unseen, unseen_loss


def test_every_third_whole_picture_is_measured_the_same_way_each_time(
    base: Base, micro: Path, pictures: Path, tmp_path: Path
) -> None:
    held_out = load_unseen(base, pictures, tmp_path)
    first = unseen_loss(base, base.parts, held_out)
    assert first.pictures == len(held_out) == 4
    assert (
        first == unseen_loss(base, base.parts, held_out) == measure_unseen(micro, pictures, "cpu")
    )
    assert first.mean == pytest.approx((first.low + first.high) / 2)


def test_a_base_that_answers_nothing_has_the_loss_of_its_target(
    base: Base, pictures: Path, tmp_path: Path
) -> None:
    """Of a v target: signal · noise² + (1 - signal) · latents² on average."""
    held_out, silent = load_unseen(base, pictures, tmp_path), base.parts.averaged_copy()
    torch.nn.init.zeros_(silent.unet.conv_out.weight)
    torch.nn.init.zeros_(silent.unet.conv_out.bias)
    steps = ((torch.arange(4) * 997 % 4 + 0.5) / 4 * 1000).long()
    power = held_out.latents.float().square().mean(dim=(1, 2, 3))
    expected = base.signal[steps] + (1 - base.signal[steps]) * power
    assert unseen_loss(base, silent, held_out).mean == pytest.approx(
        expected.mean().item(), rel=0.1
    )


def test_a_folder_of_sheets_cannot_be_measured_with(
    base: Base, pictures: Path, tmp_path: Path
) -> None:
    line = '{"file_name": "sheet_0.png", "text": "sheet", "kind": "sheet"}'
    (tmp_path / "metadata.jsonl").write_text(line)
    (tmp_path / "sheet_0.png").write_bytes((pictures / "sheet_0.png").read_bytes())
    with pytest.raises(BadInput, match="no whole pictures to measure with"):
        load_unseen(base, tmp_path, tmp_path)
