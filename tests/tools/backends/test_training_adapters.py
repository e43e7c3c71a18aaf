from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from tests.support.foreign_lora import write_training_adapter
from tests.support.hub import COMMIT, Hub, served
from tools.backends.bases import BaseCatalog, read_table
from tools.backends.brought_in import layer_shapes
from tools.backends.sources import BaseSources
from tools.backends.training_adapters import (
    install_training_adapter,
    millions_beside,
    training_adapter,
)
from tools.contracts.bases import BaseRow
from tools.errors import BadInput, BaseUnavailable, UnknownName
from tools.training.lora.adapter import read_adapter

SCHNELL = "flux-schnell"


@pytest.fixture
def catalog(tmp_path: Path, tiny_folders: dict[str, Path]) -> BaseCatalog:
    """A home of its own, with a tiny schnell and a tiny SDXL."""
    catalog = BaseCatalog(tmp_path / "home")
    for name in (SCHNELL, "sdxl"):
        catalog.add(name, str(tiny_folders[name]))
    return catalog


@pytest.fixture
def theirs(catalog: BaseCatalog, tmp_path: Path) -> Path:
    path = tmp_path / "theirs.safetensors"
    write_training_adapter(path, layer_shapes(catalog.row(SCHNELL), catalog.folder(SCHNELL)))
    return path


def test_schnell_alone_is_trained_beside_another_adapter() -> None:
    rows = {row.name: row for row in read_table() if isinstance(row, BaseRow)}
    beside = {name: row.training_adapter for name, row in rows.items() if row.training_adapter}
    assert set(beside) == {SCHNELL}
    assert beside[SCHNELL].source == "ostris/FLUX.1-schnell-training-adapter"
    assert beside[SCHNELL].licence == "Apache-2.0"


def test_one_that_is_missing_says_how_to_get_it(catalog: BaseCatalog) -> None:
    with pytest.raises(
        BaseUnavailable,
        match=r"beside ostris/FLUX\.1-schnell-training-adapter \(Apache-2\.0\), .*"
        r"run `samecast base adapter flux-schnell`",
    ):
        training_adapter(catalog, SCHNELL)
    assert training_adapter(catalog, "sdxl") is None
    assert millions_beside(catalog, SCHNELL) == 0.0


def test_a_file_that_is_here_is_kept_in_this_programs_form(
    catalog: BaseCatalog, theirs: Path
) -> None:
    place = install_training_adapter(catalog, SCHNELL, theirs)
    assert training_adapter(catalog, SCHNELL) == place
    found = read_adapter(place)
    assert found.header["samecast_from"] == "theirs.safetensors"
    assert found.tensors.keys() == load_file(theirs).keys()
    assert [row.name for row in catalog.rows()].count(SCHNELL) == 1
    counted = sum(value.numel() for value in load_file(theirs).values()) / 1e6
    assert millions_beside(catalog, SCHNELL) == pytest.approx(counted)
    assert millions_beside(catalog, "sdxl") == 0.0


def test_it_is_downloaded_at_the_rows_revision(
    catalog: BaseCatalog, theirs: Path, tiny_folders: dict[str, Path], tmp_path: Path
) -> None:
    table = [row for row in read_table() if isinstance(row, BaseRow)]
    wanted = next(row for row in table if row.name == SCHNELL).training_adapter
    assert wanted is not None
    here = wanted.model_copy(update={"source": "owner/name", "revision": COMMIT[:7]})
    rows = [
        row.model_copy(update={"training_adapter": here}) if row.name == SCHNELL else row
        for row in table
    ]
    with served(Hub({wanted.file: theirs.read_bytes()})) as hub:
        sources = BaseSources(endpoint=hub.address)
        home = BaseCatalog(tmp_path / "other", rows, sources)
        home.add(SCHNELL, str(tiny_folders[SCHNELL]))
        place = install_training_adapter(home, SCHNELL)
    header = read_adapter(place).header
    assert header["samecast_from"] == f"owner/name@{COMMIT}"
    assert header["samecast_licence"] == "Apache-2.0"
    assert sorted(path.name for path in place.parent.iterdir()) == sorted(
        [f"{SCHNELL}.json", place.name]
    )


def test_what_is_no_training_adapter_is_refused(
    catalog: BaseCatalog, theirs: Path, tmp_path: Path
) -> None:
    text = "lora_te1_text_model_encoder_layers_0_self_attn_q_proj"
    pair = {
        f"{text}.lora_down.weight": torch.ones(2, 32),
        f"{text}.lora_up.weight": torch.ones(32, 2),
    }
    path = tmp_path / "text.safetensors"
    save_file(pair, path)
    with pytest.raises(BadInput, match=r"text\.safetensors: .* changes the transformer alone"):
        install_training_adapter(catalog, SCHNELL, path)
    with pytest.raises(BadInput, match="sdxl is trained without another adapter"):
        install_training_adapter(catalog, "sdxl", theirs)
    with pytest.raises(UnknownName, match="no base named 'dalle'"):
        install_training_adapter(catalog, "dalle", theirs)
    with pytest.raises(BaseUnavailable, match="base flux-schnell is not installed"):
        install_training_adapter(BaseCatalog(tmp_path / "empty"), SCHNELL, theirs)
