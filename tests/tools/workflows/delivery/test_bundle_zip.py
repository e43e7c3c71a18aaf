from __future__ import annotations

import shutil
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.conftest import FinishedDemo
from tools.errors import BadInput
from tools.workflows.delivery.bundle_zip import PARTS, pack, read_members


def require_refused(bundle: Path, said: str) -> None:
    with pytest.raises(BadInput, match=said) as caught:
        read_members(bundle)
    assert "\n" not in str(caught.value)


def test_what_is_no_bundle_at_all_is_refused(finished_demo: FinishedDemo, tmp_path: Path) -> None:
    text = tmp_path / "text.zip"
    text.write_text("words")
    require_refused(text, r"text\.zip: not a readable bundle")
    require_refused(tmp_path / "missing.zip", r"missing\.zip: not a readable bundle")
    require_refused(tmp_path, "not a readable bundle")

    cut = tmp_path / "cut.zip"
    cut.write_bytes(finished_demo.bundle.read_bytes()[:-400])
    require_refused(cut, r"cut\.zip: not a readable bundle")

    plain = tmp_path / "plain.zip"
    with zipfile.ZipFile(plain, "w") as archive:
        archive.writestr("character.json", b"{}")
    require_refused(plain, r"plain\.zip: not a readable bundle .*manifest\.json")


def test_a_zip_of_foreign_methods_or_of_endless_size_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreign = tmp_path / "foreign.zip"
    with zipfile.ZipFile(foreign, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("manifest.json", b"{}")
    require_refused(foreign, r"foreign\.zip: manifest\.json is packed in a way")

    monkeypatch.setattr("tools.workflows.delivery.bundle_zip.MAX_BYTES", 10**6)
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", b"0" * 10**7)
    assert bomb.stat().st_size < 20_000
    require_refused(bomb, r"bomb\.zip: more than .* GB unpacked")


def test_the_same_folder_gives_the_same_bundle(finished_demo: FinishedDemo, tmp_path: Path) -> None:
    pack(finished_demo.out, tmp_path / "again.zip")
    copied = shutil.copytree(
        finished_demo.out, tmp_path / "copied", ignore=shutil.ignore_patterns("studio")
    )
    pack(copied, tmp_path / "copy.zip")
    first, second = (tmp_path / "again.zip").read_bytes(), (tmp_path / "copy.zip").read_bytes()
    assert first == second


LITTER = (
    "__MACOSX/",
    "__MACOSX/._character.json",
    "__MACOSX/references/._01.png",
    ".DS_Store",
    "takes/.DS_Store",
    "references/Thumbs.db",
    "lora/desktop.ini",
    "takes/._1A_T1.png",
)
FOLDERS = ("references/", "lora/", "takes/")


def run_folder(folder: Path) -> Path:
    """A folder of the files that a bundle is made of; what is in them does not matter here."""
    for name in (*PARTS, "references/01.png", "lora/a.safetensors", "takes/1A_T1.png"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"bytes of {name}")
    return folder


def zipped_again(
    bundle: Path, added: Sequence[str], top: str = "", renamed: Mapping[str, str] = {}
) -> Path:
    """A bundle as somebody's computer packs it again: under a folder, with files of its own."""
    target = bundle.with_name("again.zip")
    with zipfile.ZipFile(bundle) as source, zipfile.ZipFile(target, "w") as archive:
        for name in added:
            archive.writestr(name if name.startswith("__MACOSX") else top + name, b"")
        for name in source.namelist():
            archive.writestr(top + renamed.get(name, name), source.read(name))
    return target


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    pack(run_folder(tmp_path / "run"), tmp_path / "whole.zip")
    return tmp_path / "whole.zip"


@pytest.mark.parametrize("top", ["", "lirien.samecast/"])
def test_what_a_computer_puts_into_a_bundle_is_passed_over(bundle: Path, top: str) -> None:
    folders = [*FOLDERS, *([""] if top else [])]
    again = zipped_again(bundle, [*LITTER, *folders], top)
    assert read_members(again) == read_members(bundle)


@pytest.mark.parametrize(
    ("added", "top"),
    [
        ("notes.txt", ""),
        ("references/02.png", ""),
        ("takes/.hidden", ""),
        ("other/", ""),
        ("MACOSX/01.png", ""),
        ("../.evil", ""),
        ("notes.txt", "lirien/"),
    ],
)
def test_whatever_else_the_manifest_does_not_name_is_refused(
    bundle: Path, added: str, top: str
) -> None:
    require_refused(zipped_again(bundle, [added], top), "files that the manifest does not name")


def test_a_file_beside_the_bundles_folder_is_refused(bundle: Path) -> None:
    again = zipped_again(bundle, [], "lirien/")
    with zipfile.ZipFile(again, "a") as archive:
        archive.writestr("notes.txt", b"")
    require_refused(again, r"not a readable bundle .*manifest\.json")


def test_litter_in_a_run_folder_is_not_packed(bundle: Path, tmp_path: Path) -> None:
    for name in (".DS_Store", "Thumbs.db", "._01.png"):
        (tmp_path / "run" / "references" / name).write_bytes(b"")
    pack(tmp_path / "run", tmp_path / "littered.zip")
    assert (tmp_path / "littered.zip").read_bytes() == bundle.read_bytes()
