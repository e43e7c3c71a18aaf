from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.hub import COMMIT, OLDER, Hub, served
from tools.backends.hub import HUB_ID, download, download_file, wanted_files
from tools.contracts.progress import Progress
from tools.errors import BaseUnavailable, Cancelled, StorageFailed

REPOSITORY = [
    "model_index.json",
    "README.md",
    "LICENSE.md",
    "DreamShaperXL.safetensors",
    "preview.png",
    "scheduler/scheduler_config.json",
    "tokenizer/merges.txt",
    "unet/config.json",
    "unet/diffusion_pytorch_model.safetensors",
    "unet/diffusion_pytorch_model.fp16.safetensors",
    "unet/diffusion_pytorch_model.bin",
    "vae/config.json",
    "vae/diffusion_pytorch_model.safetensors",
    "vae_1_0/sub/weights.safetensors",
]


def test_one_set_of_safetensors_is_wanted_and_no_pickles() -> None:
    half = wanted_files(REPOSITORY, half=True)
    assert "unet/diffusion_pytorch_model.fp16.safetensors" in half
    assert "unet/diffusion_pytorch_model.safetensors" not in half
    assert "vae/diffusion_pytorch_model.safetensors" in half
    assert not any(name.endswith((".bin", ".png")) for name in half)
    assert "DreamShaperXL.safetensors" not in half
    assert {"model_index.json", "README.md", "LICENSE.md", "tokenizer/merges.txt"} <= set(half)


def test_full_precision_leaves_the_half_files() -> None:
    full = wanted_files(REPOSITORY, half=False)
    assert "unet/diffusion_pytorch_model.safetensors" in full
    assert not any(".fp16" in name for name in full)


def test_shards_come_with_their_own_index_and_a_tokenizer_with_its_chat_frame() -> None:
    stem = "unet/diffusion_pytorch_model"
    half = [f"{stem}.fp16-0000{n}-of-00002.safetensors" for n in (1, 2)]
    full = [f"{stem}-0000{n}-of-00002.safetensors" for n in (1, 2)]
    half.append(f"{stem}.safetensors.index.fp16.json")
    full.append(f"{stem}.safetensors.index.json")
    frame = "tokenizer/chat_template.jinja"

    assert wanted_files([*half, *full, frame], half=True) == sorted([*half, frame])
    assert wanted_files([*half, *full, frame], half=False) == sorted([*full, frame])


@pytest.mark.parametrize("text", ["owner", "owner/", "a/b/c", "/abs/path", "own er/x", "../x/y"])
def test_what_is_no_hub_id(text: str) -> None:
    assert not HUB_ID.fullmatch(text)


MODEL = {
    "model_index.json": b"{}",
    "unet/config.json": b'{"a": 1}',
    "unet/diffusion_pytorch_model.safetensors": bytes(range(256)) * 4,
    "unet/diffusion_pytorch_model.fp16.safetensors": bytes(range(256)),
    "unet/diffusion_pytorch_model.bin": b"pickle",
    "whole.safetensors": b"everything",
}
WANTED = ["model_index.json", "unet/config.json", "unet/diffusion_pytorch_model.fp16.safetensors"]


@pytest.fixture
def hub() -> Iterator[Hub]:
    with served(Hub(dict(MODEL), older={**MODEL, "unet/config.json": b'{"a": 0}'})) as hub:
        yield hub


def found_in(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )


def test_what_is_wanted_arrives_and_the_commit_is_told(hub: Hub, tmp_path: Path) -> None:
    told: list[Progress] = []

    commit = download(
        "owner/name", tmp_path / "base", half=True, endpoint=hub.address, progress=told.append
    )

    assert commit == COMMIT
    assert found_in(tmp_path) == [f"base/{name}" for name in WANTED]
    assert all((tmp_path / "base" / name).read_bytes() == MODEL[name] for name in WANTED)
    assert [name for name, _ in hub.asked] == WANTED
    assert {each.stage for each in told} == {"download"}
    assert {each.note for each in told} == set(WANTED)


@pytest.mark.parametrize("revision", ["v1", OLDER])
def test_a_revision_is_resolved_to_its_commit(hub: Hub, tmp_path: Path, revision: str) -> None:
    source = f"owner/name@{revision}"

    assert download(source, tmp_path / "base", half=True, endpoint=hub.address) == OLDER
    assert (tmp_path / "base" / "unet" / "config.json").read_bytes() == b'{"a": 0}'


def test_another_revision_fetches_only_what_differs(hub: Hub, tmp_path: Path) -> None:
    download("owner/name@v1", tmp_path / "base", half=True, endpoint=hub.address)
    hub.asked.clear()

    download("owner/name", tmp_path / "base", half=True, endpoint=hub.address)

    assert hub.asked == [("unet/config.json", "")]
    assert (tmp_path / "base" / "unet" / "config.json").read_bytes() == b'{"a": 1}'


def test_full_precision_after_half_leaves_one_set_of_weights(hub: Hub, tmp_path: Path) -> None:
    for half in (True, False):
        download("owner/name", tmp_path / "base", half=half, endpoint=hub.address)

    assert [path.name for path in (tmp_path / "base").glob("*/*.safetensors")] == [
        "diffusion_pytorch_model.safetensors"
    ]


def test_a_cancelled_download_goes_on_where_it_stopped(hub: Hub, tmp_path: Path) -> None:
    weights = "unet/diffusion_pytorch_model.fp16.safetensors"
    hub.files[weights] = random.Random(1).randbytes(12 * 1024 * 1024)

    def stop(progress: Progress) -> None:
        if progress.done > 11:
            raise Cancelled("stopped by a person")

    with pytest.raises(Cancelled):
        download("owner/name", tmp_path / "base", half=True, endpoint=hub.address, progress=stop)
    assert not (tmp_path / "base").exists()
    told: list[Progress] = []
    download("owner/name", tmp_path / "base", half=True, endpoint=hub.address, progress=told.append)

    assert hub.asked[-1] == (weights, f"bytes={10 * 1024 * 1024}-")
    assert (tmp_path / "base" / weights).read_bytes() == hub.files[weights]
    assert [each.done for each in told] == [10, 12]
    assert told[-1].total == 13
    assert found_in(tmp_path) == [f"base/{name}" for name in WANTED]


def test_a_damaged_file_is_not_kept(hub: Hub, tmp_path: Path) -> None:
    hub.damaged.add(WANTED[2])

    with pytest.raises(BaseUnavailable, match=r"fp16\.safetensors arrived damaged; ask again"):
        download("owner/name", tmp_path / "base", half=True, endpoint=hub.address)

    assert not (tmp_path / "base").exists()
    assert not list(tmp_path.rglob("*fp16*"))


def test_the_disk_is_asked_before_a_byte_is_fetched(hub: Hub, tmp_path: Path) -> None:
    hub.sizes[WANTED[2]] = 3 * 10**15

    with pytest.raises(StorageFailed, match=r"downloading owner/name needs 3000001\.0 GB and the"):
        download("owner/name", tmp_path / "base", half=True, endpoint=hub.address)

    assert hub.asked == []


def test_a_gated_repository_says_where_to_accept_its_terms(hub: Hub, tmp_path: Path) -> None:
    hub.gated = True

    with pytest.raises(BaseUnavailable, match=r"log in .* and accept its terms at .*/owner/name"):
        download("owner/name", tmp_path / "base", half=True, endpoint=hub.address)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("owner/other", r"owner/other could not be downloaded .* check the id"),
        ("owner/name@v9", "owner/name has no revision v9"),
    ],
)
def test_what_the_hub_does_not_have(hub: Hub, tmp_path: Path, source: str, said: str) -> None:
    with pytest.raises(BaseUnavailable, match=said):
        download(source, tmp_path / "base", half=True, endpoint=hub.address)


def test_a_repository_without_a_diffusers_folder(hub: Hub, tmp_path: Path) -> None:
    del hub.files["model_index.json"]

    with pytest.raises(BaseUnavailable, match="owner/name holds no diffusers folder"):
        download("owner/name", tmp_path / "base", half=True, endpoint=hub.address)


def test_no_network_says_what_to_check(tmp_path: Path) -> None:
    with pytest.raises(
        BaseUnavailable, match=r"owner/name could not be downloaded .* check the id"
    ):
        download("owner/name", tmp_path / "base", half=True, endpoint="http://127.0.0.1:9")


def test_one_file_of_an_abbreviated_commit(hub: Hub, tmp_path: Path) -> None:
    hub.files["adapter.safetensors"], hub.older["adapter.safetensors"] = b"new", b"old"
    place = tmp_path / "kept.safetensors"
    for revision, commit, content in ((OLDER[:7], OLDER, b"old"), ("main", COMMIT, b"new")):
        told = download_file(
            f"owner/name@{revision}", "adapter.safetensors", place, endpoint=hub.address
        )
        assert (told, place.read_bytes()) == (commit, content)
    assert [path.name for path in tmp_path.iterdir()] == ["kept.safetensors"]


@pytest.mark.parametrize(
    ("source", "name", "said"),
    [
        (
            "owner/name",
            "none.safetensors",
            r"holds no none\.safetensors; give the path of the file",
        ),
        ("owner/name@1234567", "README.md", "owner/name has no revision 1234567"),
        (
            "owner/other",
            "README.md",
            r"owner/other could not be downloaded .* the path of the file",
        ),
    ],
)
def test_a_file_that_the_hub_does_not_have(
    hub: Hub, tmp_path: Path, source: str, name: str, said: str
) -> None:
    with pytest.raises(BaseUnavailable, match=said):
        download_file(source, name, tmp_path / "kept", endpoint=hub.address)
