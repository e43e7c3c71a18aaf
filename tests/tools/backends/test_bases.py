from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.support.endpoint_table import LOCAL, write_table
from tests.support.single_file import build_pipeline, save_configuration, save_single_file
from tests.support.tiny_models import add_guide
from tools.backends.bases import BaseCatalog, read_table
from tools.backends.shipped import shipped_folder
from tools.backends.single_file import content_digest
from tools.backends.sources import BaseSources
from tools.contracts.bases import BaseRow, OwnSettings, Sampler
from tools.errors import BadInput, BaseUnavailable, UnknownName


def test_the_table_holds_the_bases() -> None:
    rows = {row.name: row for row in read_table()}
    assert tuple(rows) == LOCAL
    sdxl, flux = rows["sdxl"], rows["flux-schnell"]
    assert isinstance(sdxl, BaseRow)
    assert isinstance(flux, BaseRow)
    assert (sdxl.steps, sdxl.guidance, sdxl.sampler) == (6, 2.0, Sampler.DPM_SOLVER_SDE)
    assert (flux.steps, flux.guidance) == (4, 0.0)
    assert flux.architecture == "flux"


def test_every_row_has_its_prompt_rules() -> None:
    rules = Path(__file__).parents[3] / "prompts" / "bases"
    for row in read_table():
        assert (rules / f"{row.vocabulary}.yaml").is_file()


def test_the_maquette_is_usable_from_the_start(tmp_path: Path) -> None:
    catalog = BaseCatalog(tmp_path)
    assert catalog.folder("maquette") == shipped_folder()
    assert catalog.status("maquette").usable


def test_an_unknown_name_lists_the_known_ones(catalog: BaseCatalog) -> None:
    with pytest.raises(UnknownName, match=f"'dalle'; known: {', '.join(LOCAL)}, micro"):
        catalog.row("dalle")


@pytest.mark.parametrize("name", ["../sdxl", "a/b"])
def test_a_name_is_never_a_path(catalog: BaseCatalog, name: str) -> None:
    with pytest.raises(UnknownName):
        catalog.row(name)


def test_a_base_that_is_not_installed_says_how(tmp_path: Path) -> None:
    catalog = BaseCatalog(tmp_path)
    with pytest.raises(
        BaseUnavailable, match="samecast base add sdxl Lykon/dreamshaper-xl-v2-turbo"
    ):
        catalog.folder("sdxl")
    status = catalog.status("sdxl")
    assert not status.usable
    assert "samecast base add sdxl" in status.how_to


def test_a_folder_is_referenced_and_remembered(
    tmp_path: Path, tiny_folders: dict[str, Path]
) -> None:
    BaseCatalog(tmp_path).add("sdxl", str(tiny_folders["sdxl"]))
    again = BaseCatalog(tmp_path)
    assert again.folder("sdxl") == tiny_folders["sdxl"].resolve()
    assert [path.name for path in (tmp_path / "bases").iterdir()] == ["sdxl.json"]


def test_a_new_name_takes_a_rows_settings(tmp_path: Path, tiny_folders: dict[str, Path]) -> None:
    catalog = BaseCatalog(tmp_path)
    row = catalog.add("micro", str(tiny_folders["micro"]), like="maquette")
    assert (row.name, row.steps, row.crop_side) == ("micro", 12, 128)
    assert row.licence.startswith("not known")
    assert [row.name for row in catalog.rows()] == [*LOCAL, "micro"]


def test_a_folder_with_a_guide_is_drawn_with_it_and_one_without_plainly(
    tmp_path: Path, tiny_folders: dict[str, Path]
) -> None:
    catalog = BaseCatalog(tmp_path / "home")
    guided = add_guide(Path(shutil.copytree(tiny_folders["micro"], tmp_path / "guided")))
    row = catalog.add("guided", str(guided), like="maquette")
    assert row.guide == catalog.row("maquette").guide is not None
    assert (row.steps, row.guidance) == (10, 3.5)
    plain = catalog.add("plain", str(tiny_folders["micro"]), like="maquette")
    assert (plain.guide, plain.steps, plain.guidance) == (None, 12, 4.0)
    catalog.add("maquette", str(tiny_folders["micro"]))
    assert catalog.row("maquette").guide is None


def test_a_guide_that_went_missing_is_reported(
    tmp_path: Path, tiny_folders: dict[str, Path]
) -> None:
    folder = add_guide(Path(shutil.copytree(tiny_folders["micro"], tmp_path / "base")))
    catalog = BaseCatalog(tmp_path / "home")
    catalog.add("mine", str(folder), like="maquette")
    next((folder / "guide").glob("*.safetensors")).unlink()
    assert "guide: no weight file" in catalog.status("mine").reason
    with pytest.raises(BaseUnavailable, match="base mine cannot be used: guide: no weight file"):
        catalog.folder("mine")


def test_the_settings_follow_from_the_architecture(
    tmp_path: Path, tiny_folders: dict[str, Path]
) -> None:
    catalog = BaseCatalog(tmp_path)
    assert catalog.add("mine", str(tiny_folders["flux-schnell"])).architecture == "flux"
    plain = catalog.add("yours", str(tiny_folders["sdxl"]))
    assert (plain.vocabulary, plain.steps, plain.guidance) == ("sdxl", 30, 6.0)
    assert catalog.add("dev", str(tiny_folders["flux-dev"])).embedded_guidance
    klein = catalog.add("klein", str(tiny_folders["flux2-klein-4b"]))
    assert (klein.guidance_free, klein.references, klein.steps) == (True, 4, 4)
    whole = catalog.add("klein-base", str(tiny_folders["flux2-klein-base-4b"]))
    assert (whole.guidance_free, whole.trained_on, whole.steps) == (False, None, 50)
    assert catalog.add("ours", str(shipped_folder())).vocabulary == "maquette"


def test_a_folder_that_nobody_draws_with_is_refused(
    tmp_path: Path, tiny_folders: dict[str, Path]
) -> None:
    folder = Path(shutil.copytree(tiny_folders["sdxl"], tmp_path / "base"))
    index = folder / "model_index.json"
    index.write_text(index.read_text().replace("StableDiffusionXLPipeline", "WanPipeline"))
    with pytest.raises(BadInput, match="a WanPipeline; Samecast draws with"):
        BaseCatalog(tmp_path / "home").add("wan", str(folder))


@pytest.mark.parametrize(
    ("name", "source", "said"),
    [
        ("Big Name", "owner/name", "small letters, digits and hyphens"),
        ("mine", "nowhere", "neither a folder nor a .safetensors file"),
        ("mine", "/no/such/folder", "neither a folder nor a .safetensors file"),
    ],
)
def test_a_bad_name_or_source_says_what_is_expected(
    tmp_path: Path, name: str, source: str, said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        BaseCatalog(tmp_path).add(name, source)
    assert not (tmp_path / "bases").exists()


def test_a_pickle_is_no_base(tmp_path: Path) -> None:
    file = tmp_path / "model.ckpt"
    file.write_bytes(b"x")
    with pytest.raises(BadInput, match=r"model\.ckpt: pickled weights can run code"):
        BaseCatalog(tmp_path).add("mine", str(file))
    assert not (tmp_path / "bases" / "mine.json").exists()


def test_a_checkpoint_is_unpacked_once_and_its_bytes_are_its_revision(tmp_path: Path) -> None:
    pipeline = build_pipeline()
    save_configuration(pipeline, tmp_path / "configurations" / "sdxl")
    file = save_single_file(pipeline, tmp_path / "dream.safetensors")
    catalog = BaseCatalog(tmp_path / "home", sources=BaseSources(tmp_path / "configurations"))

    row = catalog.add("sdxl", str(file))

    assert catalog.folder("sdxl") == tmp_path / "home" / "bases" / "sdxl"
    assert (row.source, row.revision) == (str(file), content_digest(file))
    assert row.origin == f"{file}@{row.revision}"
    assert row.licence == BaseCatalog(tmp_path / "none").row("sdxl").licence
    assert "revision" not in BaseCatalog(tmp_path / "none").row("sdxl").model_dump()


def test_a_likeness_of_another_architecture_is_refused(
    tmp_path: Path, tiny_folders: dict[str, Path]
) -> None:
    with pytest.raises(BadInput, match="sdxl architecture, but flux-schnell is flux"):
        BaseCatalog(tmp_path).add("mine", str(tiny_folders["sdxl"]), like="flux-schnell")
    with pytest.raises(UnknownName, match="no row named 'nothing'"):
        BaseCatalog(tmp_path).add("mine", str(tiny_folders["sdxl"]), like="nothing")


def test_weights_that_went_missing_are_reported(
    tmp_path: Path, tiny_folders: dict[str, Path]
) -> None:
    folder = Path(shutil.copytree(tiny_folders["sdxl"], tmp_path / "base"))
    catalog = BaseCatalog(tmp_path / "home")
    catalog.add("sdxl", str(folder))
    next((folder / "unet").glob("*.safetensors")).unlink()
    assert "unet: no weight file" in catalog.status("sdxl").reason
    with pytest.raises(BaseUnavailable, match="base sdxl cannot be used: unet: no weight file"):
        catalog.folder("sdxl")


def test_a_damaged_record_says_what_to_do(tmp_path: Path, tiny_folders: dict[str, Path]) -> None:
    catalog = BaseCatalog(tmp_path)
    catalog.add("sdxl", str(tiny_folders["sdxl"]))
    (tmp_path / "bases" / "sdxl.json").write_text(json.dumps({"name": "sdxl"}))
    with pytest.raises(BaseUnavailable, match="delete it and run `samecast base add sdxl"):
        catalog.folder("sdxl")


@pytest.fixture
def with_endpoint(tmp_path: Path) -> BaseCatalog:
    return BaseCatalog(tmp_path / "home", read_table(write_table(tmp_path)))


def test_an_endpoint_is_listed_and_says_that_nothing_here_asks_it(
    with_endpoint: BaseCatalog,
) -> None:
    rows = with_endpoint.rows()
    assert [row.name for row in rows] == [*LOCAL, "nano-banana-2"]
    status = with_endpoint.status("nano-banana-2")
    assert not status.usable
    assert status.reason == "an endpoint (fal-ai/nano-banana-2); this studio asks none"
    with pytest.raises(UnknownName, match=f"known: {', '.join(LOCAL)}, nano-banana-2"):
        with_endpoint.row("dalle")


def test_where_a_base_on_this_machine_is_needed_an_endpoint_is_refused(
    with_endpoint: BaseCatalog, tiny_folders: dict[str, Path]
) -> None:
    folder = str(tiny_folders["sdxl"])
    for ask in (
        lambda: with_endpoint.row("nano-banana-2"),
        lambda: with_endpoint.folder("nano-banana-2"),
        lambda: with_endpoint.add("nano-banana-2", folder),
        lambda: with_endpoint.add("mine", folder, like="nano-banana-2"),
    ):
        with pytest.raises(BadInput) as refusal:
            ask()
        assert str(refusal.value) == (
            "base nano-banana-2 is an endpoint (fal-ai/nano-banana-2); what is asked needs a base on "
            f"this machine: {', '.join(LOCAL)}"
        )


def test_a_base_draws_with_its_own_adapters_and_those_of_the_bases_that_its_row_names(
    tmp_path: Path,
) -> None:
    catalog = BaseCatalog(
        tmp_path, [related(("base", "sdxl", ()), ("turbo", "sdxl", ("base",)))[1]]
    )
    assert catalog.adapter_bases("turbo") == ("turbo", "base")
    assert catalog.adapter_bases("cloud or gone") == ("cloud or gone",)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            [("turbo", "sdxl", ("bass",))],
            "turbo takes the adapters of 'bass', which the table does",
        ),
        ([("flow", "flux", ()), ("turbo", "sdxl", ("flow",))], "turbo is of sdxl and flow of flux"),
    ],
)
def test_a_table_whose_rows_take_adapters_that_do_not_fit_is_refused(
    rows: list[tuple[str, str, tuple[str, ...]]], said: str, tmp_path: Path
) -> None:
    table = tmp_path / "bases.yaml"
    table.write_text(json.dumps([row.model_dump(mode="json") for row in related(*rows)]))
    with pytest.raises((BadInput, UnknownName), match=said):
        read_table(table)


def related(*rows: tuple[str, str, tuple[str, ...]]) -> list[BaseRow]:
    """Rows of these names, architectures and bases whose adapters they take."""
    table = {row.name: row for row in read_table() if isinstance(row, BaseRow)}
    return [
        table["sdxl"].model_copy(
            update={"name": name, "architecture": architecture, "adapters_from": adapters}
        )
        for name, architecture, adapters in rows
    ]


def test_what_is_set_otherwise_is_kept_with_the_base(
    tmp_path: Path, tiny_folders: dict[str, Path]
) -> None:
    own = OwnSettings(steps=12, guidance=5.5, sampler=Sampler.DPM_SOLVER_MULTISTEP)
    catalog = BaseCatalog(tmp_path)

    catalog.add("mine", str(tiny_folders["sdxl"]), like="sdxl", own=own)

    row = BaseCatalog(tmp_path).row("mine")
    assert (row.steps, row.guidance, row.sampler) == (12, 5.5, Sampler.DPM_SOLVER_MULTISTEP)
    catalog.add("mine", str(tiny_folders["sdxl"]), like="sdxl", own=OwnSettings(steps=3))
    assert (catalog.row("mine").steps, catalog.row("mine").guidance) == (3, 2.0)


def test_a_record_of_an_older_studio_is_read(tmp_path: Path, tiny_folders: dict[str, Path]) -> None:
    (tmp_path / "bases").mkdir()
    record = {"name": "mine", "source": "x", "folder": str(tiny_folders["sdxl"]), "like": "sdxl"}
    (tmp_path / "bases" / "mine.json").write_text(json.dumps(record))

    assert BaseCatalog(tmp_path).status("mine").usable
    assert BaseCatalog(tmp_path).row("mine").origin == "x"
