from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from tests.support.filled_studio import trained
from tests.support.foreign_lora import ForeignLayer, write_foreign
from tests.support.micro_studio import WELL_READ, frame
from tests.support.paid_parts import PaidBackend
from tools.backends.bases import BaseCatalog
from tools.compose import Studio
from tools.contracts.bases import BaseRow
from tools.contracts.learning import AddLoraRequest
from tools.contracts.progress import ignore_progress
from tools.errors import BadInput, UnknownName
from tools.services import Services
from tools.store.lora_version import get_lora_version
from tools.workflows.lora.adapters import adapter_of
from tools.workflows.lora.add import ForeignLora, add_lora, ask_to_add
from tools.workflows.people.characters import load_character

MID = "unet.mid_block.attentions.0"
LAYERS = [
    ForeignLayer("lora_unet_middle_block_1_proj_in", (f"{MID}.proj_in",), rank=4, alpha=2.0),
    ForeignLayer("lora_unet_middle_block_1_proj_out", (f"{MID}.proj_out",), rank=4, alpha=2.0),
]


@pytest.fixture
def services(noise_studio: Studio) -> Services:
    """Daro has six photos and a version 1, trained here."""
    trained(noise_studio.services, frames=[frame(2, number) for number in WELL_READ])
    return noise_studio.services


@pytest.fixture
def theirs(tmp_path: Path, maquette: Any) -> Path:
    """A kohya file for the micro base."""
    path = tmp_path / "mara_v3.safetensors"
    write_foreign(path, maquette, LAYERS)
    return path


def foreign(path: Path, **changes: Any) -> ForeignLora:
    return ForeignLora(
        path, "studio", "Daro", **{"base": "micro", "calibration": "maquette", **changes}
    )


def with_header(path: Path, **header: str) -> Path:
    save_file(load_file(path), path, header)
    return path


def test_a_file_from_elsewhere_becomes_the_next_version_with_its_lineage_and_score(
    services: Services, theirs: Path, backend: PaidBackend
) -> None:
    asked = ask_to_add(services, foreign(theirs, trained_on="micro", licence="by Mara, for us"))
    asked = asked.model_copy(update={"score_seeds": (1, 2), "steps": 2})
    added = add_lora(services, asked, ignore_progress)
    assert (added.version, added.architecture, added.trained_on) == (2, "sdxl", "micro")
    assert added.identity_score is not None
    assert backend.drawn == 2
    assert {request.loras[0].digest for request in backend.asked} == {added.digest}
    assert added.delta_rms > 0
    owner = load_character(services, "studio", "Daro").id
    with services.database.reading() as session:
        row = get_lora_version(session=session, character_id=owner, version=2)
    assert (row.config, row.seed, row.steps, row.seconds) == (None, None, None, None)
    assert row.brought_in
    assert str(row.lineage).startswith("brought in from mara_v3.safetensors, sha256 ")
    assert str(row.lineage).endswith(", in the names of kohya")
    assert (row.licence, row.score) == ("by Mara, for us", added.identity_score)
    own = load_file(services.files.path(row.digest))
    assert sorted(own)[0] == f"{MID}.proj_in.lora_A.weight"
    assert adapter_of(services, "studio", "Daro", "micro").lora_version_id == row.id


def test_the_same_file_is_one_version(services: Services, theirs: Path) -> None:
    asked = ask_to_add(services, foreign(theirs)).model_copy(update={"score_seeds": ()})
    first = add_lora(services, asked, ignore_progress)
    again = add_lora(services, asked, ignore_progress)
    assert (first.version, again.lora_version_id) == (2, first.lora_version_id)
    assert (first.identity_score, first.trained_on, first.licence) == (None, None, None)


@pytest.mark.parametrize(
    ("header", "said", "trained_on"),
    [
        ({"samecast_base": "micro"}, None, "micro"),
        ({"ss_sd_model_name": "sd_xl_base_1.0.safetensors"}, None, "sd_xl_base_1.0.safetensors"),
        ({"ss_sd_model_name": "sd_xl_base_1.0.safetensors"}, "micro", "micro"),
        ({"ss_sd_model_name": "None", "ss_base_model_version": "sdxl"}, None, "sdxl"),
        ({}, None, None),
    ],
)
def test_what_it_was_trained_on_is_what_the_file_says_else_the_director(
    header: dict[str, str],
    said: str | None,
    trained_on: str | None,
    services: Services,
    theirs: Path,
) -> None:
    if "ss_base_model_version" in header:
        header["ss_base_model_version"] = trained_on = "sdxl_base_v1-0"
    asked = ask_to_add(services, foreign(with_header(theirs, **header), trained_on=said))
    assert asked.trained_on == trained_on
    for words in header.values():
        assert (f'"{words}"' in asked.lineage) is (words != "None")


def test_a_licence_in_the_file_is_kept(services: Services, theirs: Path) -> None:
    path = with_header(theirs, **{"modelspec.license": "CC BY 4.0"})
    assert ask_to_add(services, foreign(path)).licence == "CC BY 4.0"
    assert ask_to_add(services, foreign(path, licence="ours")).licence == "ours"


@pytest.mark.parametrize(
    ("header", "changes", "error", "said"),
    [
        ({"samecast_base": "sdxl"}, {}, BadInput, r"on sdxl; micro draws with adapters of micro"),
        ({}, {"trained_on": "sdxl"}, BadInput, r"on sdxl; micro draws with adapters of micro"),
        (
            {"samecast_base": "micro"},
            {"trained_on": "sdxl"},
            BadInput,
            "trained on micro, not sdxl",
        ),
        ({}, {"trained_on": "dalle"}, UnknownName, "no base named 'dalle'"),
        ({}, {"character": "Nobody"}, UnknownName, "no character named 'Nobody'"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_stored(
    header: dict[str, str],
    changes: dict[str, Any],
    error: type[Exception],
    said: str,
    services: Services,
    theirs: Path,
) -> None:
    before = list(services.files.digests())
    with pytest.raises(error, match=said):
        ask_to_add(services, replace(foreign(with_header(theirs, **header)), **changes))
    assert list(services.files.digests()) == before


def test_another_familys_file_is_refused(services: Services, tmp_path: Path) -> None:
    path = tmp_path / "flux.safetensors"
    save_file({"lora_unet_double_blocks_0_img_attn_qkv.lora_down.weight": torch.ones(2, 4)}, path)
    with pytest.raises(BadInput, match=r"flux\.safetensors was trained for FLUX\.1"):
        ask_to_add(services, foreign(path))


def test_a_base_draws_with_the_adapters_of_the_bases_that_its_row_names(
    services: Services, tmp_path: Path
) -> None:
    rows = [row for row in services.catalog.rows() if isinstance(row, BaseRow)]
    table = [
        row.model_copy(update={"adapters_from": ("micro",) if row.name == "sdxl" else ()})
        for row in rows
    ]
    related = replace(services, catalog=BaseCatalog(tmp_path, table))
    found = adapter_of(related, "studio", "Daro", "sdxl")
    assert found == adapter_of(services, "studio", "Daro", "micro")
    with pytest.raises(UnknownName, match="Daro has no LoRA for sdxl yet"):
        adapter_of(services, "studio", "Daro", "sdxl")


def test_a_request_names_no_path(services: Services, theirs: Path) -> None:
    asked = ask_to_add(services, foreign(theirs))
    assert str(theirs.parent) not in asked.model_dump_json()
    assert AddLoraRequest.model_validate_json(asked.model_dump_json()) == asked
