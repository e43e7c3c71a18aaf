from __future__ import annotations

from pathlib import Path

import pytest
from huggingface_hub import constants

from tools.embedders.appearance.source import CONFIG, local_folder
from tools.errors import BaseUnavailable

HUB_ID, COMMIT = "facebook/dinov2-small", "a" * 40


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The hub's cache with a commit of one model, of which no file was fetched."""
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    model = tmp_path / "models--facebook--dinov2-small"
    (model / "refs").mkdir(parents=True)
    (model / "refs" / "main").write_text(COMMIT)
    return model


def fetch(model: Path, folder: str, name: str = CONFIG) -> Path:
    file = model / folder / COMMIT / name
    file.parent.mkdir(parents=True)
    file.write_text("{}")
    return file.parent


def test_a_folder_with_its_settings_is_taken_as_it_is(tmp_path: Path) -> None:
    (tmp_path / CONFIG).write_text("{}")
    assert local_folder(str(tmp_path)) == tmp_path


def test_a_hub_id_is_the_folder_that_was_fetched_before(hub: Path) -> None:
    folder = fetch(hub, "snapshots")
    assert local_folder(HUB_ID) == folder


@pytest.mark.parametrize("source", ["facebook/dinov2-small", "nowhere", "no such / id"])
def test_without_weights_it_says_how_to_get_them(hub: Path, source: str) -> None:
    with pytest.raises(BaseUnavailable, match="the appearance embedder is not installed: "):
        local_folder(source)


def test_the_error_names_the_source_the_command_and_the_setting(tmp_path: Path) -> None:
    with pytest.raises(BaseUnavailable) as caught:
        local_folder(str(tmp_path))
    said = str(caught.value)
    for part in (repr(str(tmp_path)), f"`hf download {HUB_ID}`", "SAMECAST_APPEARANCE"):
        assert part in said


def test_other_files_of_the_model_are_not_enough(hub: Path) -> None:
    fetch(hub, "snapshots", "README.md")
    with pytest.raises(BaseUnavailable, match=f"no DINOv2 weights under '{HUB_ID}'"):
        local_folder(HUB_ID)


def test_a_model_known_to_have_no_settings_is_no_folder(hub: Path) -> None:
    fetch(hub, ".no_exist")
    with pytest.raises(BaseUnavailable, match=f"no DINOv2 weights under '{HUB_ID}'"):
        local_folder(HUB_ID)
