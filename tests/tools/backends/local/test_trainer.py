from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.foreign_lora import write_training_adapter
from tests.support.image_requests import image_request, noise_picture
from tools.backends.bases import BaseCatalog
from tools.backends.brought_in import layer_shapes
from tools.backends.local.draw import LocalBackend
from tools.backends.local.trainer import LocalTrainer
from tools.backends.training_adapters import install_training_adapter, training_adapter
from tools.contracts.images import LoraUse
from tools.contracts.training import LoraConfig, TrainingImage
from tools.errors import BadInput, BaseUnavailable, UnknownName
from tools.store.files import FileStore
from tools.training.lora.adapter import ADAPTER_FILE, read_adapter


def two_steps(base: str) -> LoraConfig:
    return LoraConfig(
        steps=2,
        rank=4,
        alpha=4,
        learning_rate=0.05,
        warmup_steps=0,
        batch_size=2,
        crop_share=0,
        resolution=64,
        text_learning_rate=0.05 if base == "sdxl" else None,
        convolutions=base == "micro",
    )


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> list[TrainingImage]:
    folder = tmp_path_factory.mktemp("set")
    return [
        TrainingImage(path=noise_picture(folder / f"{seed}.png", seed), caption="photo of Mara")
        for seed in (1, 2)
    ]


@pytest.fixture(scope="module")
def catalog(catalog: BaseCatalog, tmp_path_factory: pytest.TempPathFactory) -> BaseCatalog:
    """With the adapter that `flux-schnell` is trained beside."""
    path = tmp_path_factory.mktemp("adapter") / "theirs.safetensors"
    row, folder = catalog.row("flux-schnell"), catalog.folder("flux-schnell")
    write_training_adapter(path, layer_shapes(row, folder))
    install_training_adapter(catalog, "flux-schnell", path)
    return catalog


@pytest.mark.parametrize("base", ["sdxl", "flux-schnell", "micro", "flux-dev", "flux2-klein-4b"])
def test_a_base_trains_exports_reloads_and_draws_otherwise(
    base: str, catalog: BaseCatalog, pictures: list[TrainingImage], tmp_path: Path
) -> None:
    trainer = LocalTrainer(catalog, device="cpu", threads=1)
    progress = list(trainer.train(base, pictures, two_steps(base), tmp_path / "run"))
    assert [item.step for item in progress] == [1, 2]
    files = sorted((tmp_path / "run").glob("*.safetensors"))
    assert progress[-1].adapter in files
    assert len(files) == (1 if base.startswith("flux2") else 2)
    store = FileStore(tmp_path)
    backend = LocalBackend(catalog, store.path, device="cpu", batch_size=1)
    plain = next(backend.draw([image_request(base)])).image.tobytes()
    # diffusers reads kohya's Flux files in the real widths alone
    for file in [progress[-1].adapter] if base.startswith("flux") else files:
        assert file is not None
        adapted = image_request(base, loras=(LoraUse(digest=store.put_file(file).digest),))
        assert next(backend.draw([adapted])).image.tobytes() != plain
        assert next(backend.draw([image_request(base)])).image.tobytes() == plain


def test_a_stopped_run_keeps_a_checkpoint_and_goes_on(
    catalog: BaseCatalog, pictures: list[TrainingImage], tmp_path: Path
) -> None:
    trainer = LocalTrainer(catalog, device="cpu")
    stopped = trainer.train("sdxl", pictures, two_steps("sdxl"), tmp_path / "run")
    assert next(stopped).step == 1
    stopped.close()
    going_on = list(trainer.train("sdxl", pictures, two_steps("sdxl"), tmp_path / "run"))
    assert [item.step for item in going_on] == [2]


def test_an_unknown_base_cannot_be_trained(catalog: BaseCatalog, tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="no base named 'dalle'"):
        next(LocalTrainer(catalog, device="cpu").train("dalle", [], two_steps("sdxl"), tmp_path))


def test_an_unreadable_picture_is_bad_input(catalog: BaseCatalog, tmp_path: Path) -> None:
    missing = [TrainingImage(path=tmp_path / "none.png", caption="photo of Mara")]
    with pytest.raises(BadInput, match=r"none\.png"):
        next(
            LocalTrainer(catalog, device="cpu").train("sdxl", missing, two_steps("sdxl"), tmp_path)
        )


def test_an_adapter_of_a_distilled_base_learns_on_the_whole_one(
    catalog: BaseCatalog,
    tiny_folders: dict[str, Path],
    pictures: list[TrainingImage],
    tmp_path: Path,
) -> None:
    config = two_steps("flux2-klein-4b")
    trainer = LocalTrainer(catalog, device="cpu")
    for base in ("flux2-klein-4b", "flux2-klein-base-4b"):
        list(trainer.train(base, pictures, config, tmp_path / base))
    learned = [
        read_adapter(tmp_path / base / ADAPTER_FILE)
        for base in ("flux2-klein-4b", "flux2-klein-base-4b")
    ]
    assert learned[0].header["samecast_base"] == "flux2-klein-base-4b"
    assert learned[0].header["samecast_run"] == learned[1].header["samecast_run"]

    alone = BaseCatalog(tmp_path / "home")
    alone.add("flux2-klein-4b", str(tiny_folders["flux2-klein-4b"]))
    with pytest.raises(
        BaseUnavailable,
        match=r"base add flux2-klein-base-4b black-forest-labs/FLUX\.2-klein-base-4B",
    ):
        next(LocalTrainer(alone, device="cpu").train("flux2-klein-4b", pictures, config, tmp_path))


def test_a_distilled_base_is_not_trained_without_its_training_adapter(
    tiny_folders: dict[str, Path], pictures: list[TrainingImage], tmp_path: Path
) -> None:
    alone = BaseCatalog(tmp_path / "home")
    alone.add("flux-schnell", str(tiny_folders["flux-schnell"]))
    trainer = LocalTrainer(alone, device="cpu")
    with pytest.raises(BaseUnavailable, match="run `samecast base adapter flux-schnell`"):
        next(trainer.train("flux-schnell", pictures, two_steps("flux-schnell"), tmp_path / "run"))


def test_drawing_is_without_the_training_adapter(
    catalog: BaseCatalog, tiny_folders: dict[str, Path], tmp_path: Path
) -> None:
    assert training_adapter(catalog, "flux-schnell") is not None
    alone = BaseCatalog(tmp_path / "home")
    alone.add("flux-schnell", str(tiny_folders["flux-schnell"]))
    drawn = {
        next(backend.draw([image_request("flux-schnell")])).image.tobytes()
        for each in (catalog, alone)
        for backend in [LocalBackend(each, FileStore(tmp_path).path, device="cpu")]
    }
    assert len(drawn) == 1
