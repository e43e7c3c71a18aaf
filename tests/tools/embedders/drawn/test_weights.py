from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from tools.embedders.drawn.networks import CROP_SIDE
from tools.embedders.drawn.weights import (
    CARD,
    fingerprint_of,
    load_networks,
    new_networks,
    save_networks,
    shipped_weights,
)
from tools.errors import BadInput, StorageFailed


def test_networks_come_back_as_they_were_but_for_fp16(tmp_path: Path) -> None:
    torch.manual_seed(0)
    fresh = new_networks()
    with torch.no_grad():
        fresh.embedder(torch.randn(4, 3, CROP_SIDE, CROP_SIDE))
    again = load_networks(save_networks(fresh, tmp_path / "some" / "weights.safetensors"))
    for part, network in fresh.named().items():
        for name, tensor in network.state_dict().items():
            mine = again.named()[part].state_dict()[name]
            if tensor.is_floating_point():
                torch.testing.assert_close(mine, tensor.half().float())
    assert list(tmp_path.rglob("*.part")) == []


def test_what_ships_is_small_whole_and_has_a_card() -> None:
    path = shipped_weights()
    assert path.stat().st_size < 6_000_000
    assert "CC0" in path.with_name(CARD).read_text()
    for network in load_networks(path).named().values():
        assert sum(each.numel() for each in network.parameters()) < 1_500_000
        assert all(bool(tensor.isfinite().all()) for tensor in network.state_dict().values())
        assert not any(parameter.requires_grad for parameter in network.parameters())


def test_other_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no weights of the drawn embedder"):
        load_networks(tmp_path / "nothing.safetensors")
    (tmp_path / "text.safetensors").write_text("no tensors")
    with pytest.raises(BadInput, match="no weights of the drawn embedder"):
        load_networks(tmp_path / "text.safetensors")
    tensors = load_file(shipped_weights())
    gone = dict(list(tensors.items())[1:])
    save_file(gone, tmp_path / "gone.safetensors")
    with pytest.raises(BadInput, match="weights of other networks"):
        load_networks(tmp_path / "gone.safetensors")
    name = next(iter(tensors))
    save_file(tensors | {name: torch.zeros(1, 2, 3)}, tmp_path / "shape.safetensors")
    with pytest.raises(BadInput, match="weights of other networks"):
        load_networks(tmp_path / "shape.safetensors")


def test_other_weights_have_another_fingerprint(tmp_path: Path) -> None:
    one = save_networks(new_networks(), tmp_path / "one.safetensors")
    other = save_networks(new_networks(), tmp_path / "other.safetensors")
    assert fingerprint_of(one) == fingerprint_of(one) != fingerprint_of(other)


def test_a_disk_that_takes_nothing_is_said(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where a folder should be")
    with pytest.raises(StorageFailed, match="cannot write"):
        save_networks(new_networks(), tmp_path / "taken" / "weights.safetensors")
