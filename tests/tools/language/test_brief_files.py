"""Briefs as files, and the demo's own briefs and shots."""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path

import pytest
import yaml

from tools.contracts.briefs import CharacterBrief, LookBrief
from tools.contracts.photography import Framing
from tools.contracts.shots import ShotRequest
from tools.errors import BadInput
from tools.language.brief_files import load_character_brief
from tools.language.prompt.identity import identity_block
from tools.language.prompt.prompt import PersonInFrame, compose_prompt
from tools.language.prompt.vocabulary import load_vocabulary

DEMO_BLOCKS = {
    "daro": ("young man", "tan skin, short black hair, green eyes, wearing a white sweater"),
    "lirien": ("young man", "pale skin, long black hair, amber eyes, wearing a red suit"),
    "oda": (
        "young woman",
        "olive skin, grey hair in a ponytail, green eyes, heavy build, wearing a black shirt",
    ),
}


def written(folder: Path, text: str) -> Path:
    path = folder / "brief.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def demo(name: str) -> Path:
    with as_file(files("prompts").joinpath("demo", name)) as path:
        return path


def test_a_brief_comes_back_as_it_was_written(tmp_path: Path) -> None:
    brief = CharacterBrief(
        name="Mara",
        person="woman",
        hair="red bob",
        looks=(LookBrief(name="war", injuries=("cut",)),),
    )
    plain = brief.model_dump(mode="json", exclude_defaults=True)
    assert load_character_brief(written(tmp_path, yaml.safe_dump(plain))) == brief


def test_slots_beside_the_words_stand_in_their_place(tmp_path: Path) -> None:
    path = written(tmp_path, "words: Mara, 40, red hair\nhair: black hair\n")
    brief = load_character_brief(path)
    assert (brief.name, brief.hair, brief.age) == ("Mara", "black hair", "40")
    assert load_character_brief(path, name="Oda").name == "Oda"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("hair: [", "brief.yaml: not YAML"),
        ("- a\n- b", "expected 'slot: words' lines"),
        ("", "expected 'slot: words' lines"),
        ("name: Mara\nhiar: red", "brief.yaml: hiar: Extra inputs"),
        ("name: 7 up\nhair: red", "brief.yaml: name: String should match"),
        ("words: a bald man with long red hair", "contradicts itself"),
        ("!!python/object/apply:os.system ['true']", "not YAML"),
    ],
)
def test_a_bad_file_is_refused_in_one_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(BadInput, match=message) as caught:
        load_character_brief(written(tmp_path, text))
    assert "\n" not in str(caught.value)


def test_a_missing_huge_or_binary_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        load_character_brief(tmp_path / "none.yaml")
    with pytest.raises(BadInput, match="larger than 200 kB"):
        load_character_brief(written(tmp_path, "a" * 200_001))
    path = tmp_path / "binary.yaml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadInput, match="not UTF-8"):
        load_character_brief(path)


@pytest.mark.parametrize("name", sorted(DEMO_BLOCKS))
def test_the_demo_characters_are_said_in_the_maquettes_words(name: str) -> None:
    block = identity_block(
        load_character_brief(demo(f"{name}.yaml")), "default", load_vocabulary("maquette")
    )
    assert (block.subject, block.text) == DEMO_BLOCKS[name]


def test_the_demo_shots_differ_and_need_no_replacement() -> None:
    rows = yaml.safe_load(demo("shots.yaml").read_text(encoding="utf-8"))["shots"]
    shots = [
        ShotRequest.model_validate(
            {**row, "cast": [{**row.get("cast", [{}])[0], "character": "Oda"}]}
        )
        for row in rows
    ]
    vocabulary = load_vocabulary("maquette")
    oda = load_character_brief(demo("oda.yaml"))
    person = PersonInFrame(
        name="Oda",
        block=identity_block(oda, "default", vocabulary),
        signature_light=oda.signature_light,
    )
    assert len({shot.framing for shot in shots} - {Framing.WIDE}) >= 6
    assert len({shot.light for shot in shots}) == len(shots) == 8
    for shot in shots:
        composed = compose_prompt(shot, [person], vocabulary)
        assert composed.replaced == person.block.replaced
        assert composed.left_out == person.block.left_out
