from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest

from tests.conftest import FinishedDemo
from tools.errors import BadInput
from tools.workflows.delivery.bundle_zip import pack, read_members


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
