from __future__ import annotations

from pathlib import Path

import pytest

from tools.contracts.photography import Framing
from tools.contracts.shots import CharacterInShot
from tools.errors import BadInput
from tools.workflows.shots.plan.shot_list import load_shots


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "shots.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_who_is_in_frame_is_filled_in_where_a_shot_names_nobody(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "- {slate: 1A, framing: close-up}\n"
        "- {slate: 1B, framing: wide shot, cast: [{character: Mara, light: moonlight}]}\n"
        "- {slate: 1C, framing: wide shot, cast: [{light: moonlight}]}\n",
    )
    first, second, third = load_shots(path, "Daro")
    assert first.cast == (CharacterInShot(character="Daro"),)
    assert first.framing is Framing.CLOSE_UP
    assert second.cast == (CharacterInShot(character="Mara", light="moonlight"),)
    assert third.cast == (CharacterInShot(character="Daro", light="moonlight"),)


def test_a_list_may_stand_under_shots(tmp_path: Path) -> None:
    shots = load_shots(written(tmp_path, "- {slate: 1A, framing: close-up}\n"), "Daro")
    path = written(tmp_path, "shots:\n  - {slate: 1A, framing: close-up}\n")
    assert load_shots(path, "Daro") == shots


def test_a_scene_number_alone_is_a_slate(tmp_path: Path) -> None:
    (shot,) = load_shots(written(tmp_path, "- {slate: 12, framing: close-up}\n"), "Daro")
    assert shot.slate == "12"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "expected a list of shots"),
        ("shots: 3", "expected a list of shots"),
        ("just words", "expected a list of shots"),
        ("- one\n- two", "expected a list of shots"),
        ("[]", "no shots"),
        ("- {slate: 1A}", r"shot 0.framing: Field required"),
        ("- {slate: 1I, framing: close-up}", r"shot 0.slate"),
        ("- {slate: 1A, framing: closeup}", r"shot 0.framing"),
        ("- {slate: 1A, framing: close-up, camera: big}", r"shot 0.camera: Extra inputs"),
        ("- {slate: 1A, framing: close-up, 3: x}", "shot 0"),
        ("- {slate: 1A, framing: close-up, cast: Daro}", r"shot 0.cast"),
        (
            "- {slate: 1A, framing: close-up}\n- {slate: 1A, framing: wide shot}",
            "slate 1A is used twice",
        ),
        ("- {slate: 1A", "not a readable YAML file"),
    ],
)
def test_a_list_that_cannot_be_used_is_refused_with_the_place(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(BadInput, match=said) as caught:
        load_shots(written(tmp_path, text), "Daro")
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("shots.yaml")


def test_a_file_that_is_not_there_or_not_text_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"nothing\.yaml: cannot be read"):
        load_shots(tmp_path / "nothing.yaml", "Daro")
    (tmp_path / "picture.yaml").write_bytes(b"\xff\xd8\xff\xe0")
    with pytest.raises(BadInput, match=r"picture\.yaml, line 1: not UTF-8 text"):
        load_shots(tmp_path / "picture.yaml", "Daro")


@pytest.mark.parametrize(
    ("written", "slate"), [("012", "12"), ("012A", "12A"), ("12a", "12A"), ("019", "19")]
)
def test_a_slate_is_text(tmp_path: Path, written: str, slate: str) -> None:
    path = tmp_path / "shots.yaml"
    path.write_text(f"shots:\n  - {{slate: {written}, framing: close-up}}\n", encoding="utf-8")
    assert [shot.slate for shot in load_shots(path, "Mara")] == [slate]
