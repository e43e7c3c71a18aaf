from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tools.backends.bases import read_table
from tools.backends.fitting import architecture_of, check_fits, embeds_guidance, likeness
from tools.backends.shipped import shipped_folder
from tools.contracts.bases import BaseRow, OwnSettings, Sampler
from tools.errors import BadInput


@pytest.fixture
def table() -> dict[str, BaseRow]:
    return {row.name: row for row in read_table() if isinstance(row, BaseRow)}


@pytest.fixture
def dev(tmp_path: Path, tiny_folders: dict[str, Path]) -> Path:
    """A copy of Flux that takes guidance as an input."""
    return Path(shutil.copytree(tiny_folders["flux-dev"], tmp_path / "dev"))


def test_weights_with_embedded_guidance_are_refused_as_schnell(
    dev: Path, table: dict[str, BaseRow]
) -> None:
    with pytest.raises(
        BadInput, match="x has embedded guidance, but flux-schnell draws without it; choose another"
    ):
        check_fits("x", dev, table["flux-schnell"], OwnSettings())


def test_schnell_is_refused_where_guidance_is_embedded(
    tiny_folders: dict[str, Path], table: dict[str, BaseRow]
) -> None:
    with pytest.raises(BadInput, match="x has no embedded guidance, but flux-dev draws with it"):
        check_fits("x", tiny_folders["flux-schnell"], table["flux-dev"], OwnSettings())


@pytest.mark.parametrize(
    ("name", "like", "said"),
    [
        ("flux2-klein-base-4b", "flux2-klein-4b", "x is not distilled .* but flux2-klein-4b is;"),
        ("flux2-klein-4b", "flux2-klein-base-4b", "x is distilled .* flux2-klein-base-4b is not;"),
    ],
)
def test_the_two_kleins_are_told_apart(
    tiny_folders: dict[str, Path], table: dict[str, BaseRow], name: str, like: str, said: str
) -> None:
    check_fits("x", tiny_folders[name], table[name], OwnSettings())
    with pytest.raises(BadInput, match=said):
        check_fits("x", tiny_folders[name], table[like], OwnSettings())


@pytest.mark.parametrize(
    ("name", "sampler"),
    [("sdxl", Sampler.FLOW_MATCH_EULER), ("flux-schnell", Sampler.DPM_SOLVER_SDE)],
)
def test_a_sampler_of_another_kind_of_model_is_refused(
    tiny_folders: dict[str, Path], table: dict[str, BaseRow], name: str, sampler: Sampler
) -> None:
    with pytest.raises(BadInput, match=f"sampler {sampler.value!r}".replace("+", r"\+")):
        check_fits("x", tiny_folders[name], table[name], OwnSettings(sampler=sampler))


def test_another_architecture_is_refused(
    tiny_folders: dict[str, Path], table: dict[str, BaseRow]
) -> None:
    with pytest.raises(BadInput, match="x is of the flux architecture, but sdxl is sdxl"):
        check_fits("x", tiny_folders["flux-schnell"], table["sdxl"], OwnSettings())


def test_new_weights_take_the_settings_of_their_kind(
    tiny_folders: dict[str, Path], table: dict[str, BaseRow], dev: Path
) -> None:
    assert likeness(shipped_folder(), table) == "maquette"
    kinds = {"sdxl": "sdxl-base", "flux-schnell": "flux-schnell", "flux-dev": "flux-dev"}
    kinds |= {name: name for name in ("flux2-klein-4b", "flux2-klein-base-4b")}
    for name, like in kinds.items():
        assert likeness(tiny_folders[name], table) == like
    assert embeds_guidance(dev)
    assert not embeds_guidance(tiny_folders["sdxl"])
    assert architecture_of(dev).name == "flux"


def test_a_configuration_that_is_no_json_is_said(dev: Path) -> None:
    (dev / "transformer" / "config.json").write_text("{")

    with pytest.raises(
        BadInput, match=r"config\.json: not readable as JSON; copy the folder again"
    ):
        embeds_guidance(dev)
