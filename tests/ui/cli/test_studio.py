"""The studio that the environment names, and what is said of a folder's other files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.errors import BadInput
from ui.cli.studio import MOST_NAMED, _checked_name, open_services, open_studio, warn_of_others


@pytest.mark.parametrize("name", ["Mara", "O'Brien", "李雷"])
def test_a_name_that_somebody_can_have(name: str) -> None:
    assert _checked_name(name) == name


@pytest.mark.parametrize("name", ["", "4ever", "a" * 41, "Mara\n", "../Mara"])
def test_a_name_that_nobody_can_have(name: str) -> None:
    with pytest.raises(BadInput, match="is no character's name; up to 40 letters"):
        _checked_name(name)


def test_a_variable_that_cannot_be_used_is_named_with_its_value(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SAMECAST_HOME", str(tmp_path))
    monkeypatch.setenv("SAMECAST_MAX_TRIES", "many")
    with pytest.raises(
        BadInput, match=r"^SAMECAST_MAX_TRIES=many: Input should be a valid integer"
    ):
        open_services()


def test_a_studio_of_its_own_lies_in_its_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SAMECAST_HOME", str(tmp_path / "home"))
    own = open_studio(tmp_path / "own")
    assert own.services.settings.home == tmp_path / "own"
    assert open_studio().services.settings.home == tmp_path / "home"
    assert (tmp_path / "own" / "samecast.db").is_file()


def test_what_is_no_picture_is_named_up_to_twenty(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "one.png").write_bytes(b"")
    warn_of_others(tmp_path)
    assert capsys.readouterr().err == ""
    for number in range(MOST_NAMED + 2):
        (tmp_path / f"{number:02d}.txt").write_text("words")
    warn_of_others(tmp_path)
    said = capsys.readouterr().err
    assert said.startswith("not looked at, as no pictures: 00.txt, ")
    assert said.endswith("19.txt and 2 more\n")
