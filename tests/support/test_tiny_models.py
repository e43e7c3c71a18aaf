from __future__ import annotations

from pathlib import Path

import pytest
from safetensors.torch import load_file

from tests.support import tiny_models


@pytest.mark.parametrize("name", ["build_tiny_sdxl", "build_tiny_flux", "build_micro_maquette"])
def test_a_builder_makes_the_same_weights_twice(name: str, tmp_path: Path) -> None:
    build = getattr(tiny_models, name)
    first, second = build(tmp_path / "first"), build(tmp_path / "second")
    files = sorted(path.relative_to(first) for path in first.rglob("*.safetensors"))
    assert len(files) == 4
    for file in files:
        left, right = load_file(first / file), load_file(second / file)
        assert all(left[key].equal(right[key]) for key in left)
