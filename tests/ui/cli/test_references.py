"""A character's way through the verbs: photos, audit, gate, LoRA, takes, QC; on a random base."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from tests.support.micro_studio import (
    WELL_READ,
    CliRun,
    copy_frames,
    frame,
    huge_png,
    run_cli,
    twenty_photos,
)

BRIEF = "Daro is a young man with tan skin, short black hair and green eyes. He wears a white coat."
MICRO = ("--base", "micro")


@dataclass(frozen=True)
class Daro:
    """A studio in which Daro has a set of twenty photos, not judged yet."""

    home: Path
    photos: Path
    made: CliRun

    def run(self, *words: str | Path) -> CliRun:
        """Call a verb in this studio."""
        return run_cli(*words, home=self.home)


@pytest.fixture(scope="module")
def daro(tmp_path_factory: pytest.TempPathFactory, micro_folder: Path) -> Daro:
    home, photos = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("photos")
    run_cli("base", "add", "micro", micro_folder, "--like", "maquette", home=home)
    run_cli("create", BRIEF, home=home)
    twenty_photos(photos)
    made = run_cli("references", "Daro", "--photos", photos, *MICRO, "--json", home=home)
    return Daro(home, photos, made)


@pytest.fixture(scope="module")
def judged(daro: Daro) -> CliRun:
    return daro.run("gate", "Daro", "--json")


@pytest.fixture(scope="module")
def trained(daro: Daro, judged: CliRun, one_thread: None) -> CliRun:
    assert judged.code == 0
    return daro.run("train", "Daro", *MICRO, "--steps", "1", "--regularisation", "2", "--seed", "3")


def test_photos_become_a_set(daro: Daro) -> None:
    assert daro.made.code == 0
    assert daro.made.json.keys() == {"reference_set_id", "version", "count", "flagged"}
    assert (daro.made.json["version"], daro.made.json["count"]) == (1, 20)
    assert {each["file"] for each in daro.made.json["flagged"]} <= {
        path.name for path in daro.photos.iterdir()
    }


def test_the_same_photos_again_are_the_same_set(daro: Daro) -> None:
    again = daro.run("references", "Daro", "--photos", daro.photos, *MICRO)
    assert again.code == 0
    assert again.out.splitlines()[-1] == ("reference set v1: 20 images. Next: samecast gate 'Daro'")


def test_training_waits_for_the_gate(daro: Daro, micro_folder: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    run_cli("base", "add", "micro", micro_folder, "--like", "maquette", home=home)
    run_cli("create", BRIEF, home=home)
    nothing = run_cli("train", "Daro", *MICRO, home=home)
    assert nothing.code == 2
    assert "Daro has no reference set yet; run `samecast references Daro`" in nothing.error
    twelve = twenty_photos(tmp_path / "photos")
    for number in (1, 2, 10, 13):
        for letter in "ab":
            (twelve / f"{number:02d}_{letter}.png").unlink()
    run_cli("references", "Daro", "--photos", twelve, "--size", "12", *MICRO, home=home)
    run = run_cli("train", "Daro", *MICRO, home=home)
    assert run.code == 3
    assert "the gate has not passed this reference set; run `samecast gate` first" in run.error


def test_the_gate_judges_a_character_by_name(judged: CliRun) -> None:
    assert judged.code == 0
    assert judged.json["verdict"] == "pass"
    assert [image["file"] for image in judged.json["images"]] == [
        f"{number:02d}.png" for number in range(1, 21)
    ]


def test_one_step_is_trained_and_called_weak(daro: Daro, trained: CliRun) -> None:
    assert trained.code == 0
    lines = trained.out.splitlines()
    assert lines[0].startswith("LoRA v1 of Daro: 1 steps in ")
    assert lines[1].startswith("Warning: the adapter is weak: ")
    assert Path(lines[2].removeprefix("File: ")).is_file()


def test_training_asked_for_again_trains_nothing(daro: Daro, trained: CliRun) -> None:
    words = ("train", "Daro", *MICRO, "--steps", "1", "--regularisation", "2", "--seed", "3")
    again = daro.run(*words, "--json")
    assert again.code == 0
    assert again.json["version"] == 1
    assert again.json["weak"]
    assert again.err == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--preset", "slow"], "no training preset 'slow'; there are fast and paper"),
        (["--base", "sdxxl"], "no base named 'sdxxl'"),
        (["--production", "other"], "no character named 'Daro'; there are: none yet"),
    ],
)
def test_training_that_cannot_be_is_bad_input(daro: Daro, words: list[str], said: str) -> None:
    run = daro.run("train", "Daro", *words)
    assert run.code == 2
    assert said in run.error


@pytest.mark.slow
def test_a_shot_that_stays_rejected_is_said_by_the_exit_code(
    daro: Daro, trained: CliRun, tmp_path: Path
) -> None:
    shots = tmp_path / "shots.yaml"
    shots.write_text("- {slate: 5A, framing: close-up, light: golden hour}\n")
    words = ("shoot", "Daro", shots, *MICRO, "--tries", "2", "--out", tmp_path / "takes")
    run = daro.run(*words)
    assert run.code == 3
    assert "5A T1" in run.out
    assert "2 takes kept" in run.out
    assert sorted(path.name for path in (tmp_path / "takes").glob("*.png")) == [
        "5A_T1.png",
        "5A_T2.png",
    ]
    again = daro.run(*words, "--json")
    assert again.code == 3
    assert again.err == ""
    assert [take["verdict"]["outcome"] for take in again.json["takes"]] == ["reject", "reject"]
    other = tmp_path / "other.yaml"
    other.write_text("- {slate: 5A, framing: wide shot}\n")
    taken = daro.run("shoot", "Daro", other, *MICRO)
    assert taken.code == 2
    assert "shot 5A exists, and slates are never reused" in taken.error


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--version", "9"], "no LoRA v9 of this character; there are: v1"),
        (["--base", "maquette"], "Daro has no LoRA for maquette yet; run `samecast train Daro`"),
        (["--base", "maquette", "--version", "1"], "Daro has no LoRA for maquette yet"),
    ],
)
def test_a_shoot_without_its_adapter_is_bad_input(
    daro: Daro, trained: CliRun, tmp_path: Path, words: list[str], said: str
) -> None:
    shots = tmp_path / "shots.yaml"
    shots.write_text("- {slate: 5A, framing: close-up}\n")
    run = daro.run("shoot", "Daro", shots, *(words if "--base" in words else [*words, *MICRO]))
    assert run.code == 2
    assert said in run.error


def test_pictures_of_the_character_pass_qc(daro: Daro, tmp_path: Path) -> None:
    folder = copy_frames(tmp_path / "own", 2, (0, 10))
    run = daro.run("qc", folder, "--against", "Daro", "--json")
    assert run.code == 0
    for picture in run.json["pictures"]:
        assert picture.keys() == {"file", "verdict"}
        assert picture["verdict"]["nearest"] == "own"
        assert picture["verdict"]["outcome"] in {"pass", "review"}


def test_pictures_of_somebody_else_are_rejected(daro: Daro, tmp_path: Path) -> None:
    folder = copy_frames(copy_frames(tmp_path / "both", 2, (10,)), 6, (0,))
    run = daro.run("qc", folder, "--against", "Daro", "--json")
    assert run.code == 3
    verdicts = {each["file"]: each["verdict"] for each in run.json["pictures"]}
    assert verdicts["00002_10.webp"]["nearest"] == "own"
    assert verdicts["00006_00.webp"]["outcome"] == "reject"
    assert verdicts["00006_00.webp"]["nearest"] == "cast-6"
    told = daro.run("qc", folder, "--against", "Daro")
    assert "2 pictures, 1 rejected" in told.out


def test_qc_of_a_file_that_cannot_be_read_is_bad_input(daro: Daro, tmp_path: Path) -> None:
    folder = copy_frames(tmp_path / "own", 2, (0,))
    (folder / "huge.png").write_bytes(huge_png(10_000, 6_000))
    run = daro.run("qc", folder, "--against", "Daro")
    assert run.code == 2
    assert "huge.png: 10000×6000 is over 50 megapixels" in run.error
    nothing = daro.run("qc", tmp_path / "nowhere", "--against", "Daro")
    assert nothing.code == 2
    assert "nowhere: no such folder" in nothing.error


def test_an_audit_names_the_gaps(daro: Daro) -> None:
    run = daro.run("audit", daro.photos, "--json")
    assert run.code == 3, "close-ups alone are no full set"
    assert run.json["count"] == 20
    unmet = [finding for finding in run.json["findings"] if finding["have"] < finding["need"]]
    assert unmet
    assert all(finding["advice"] for finding in unmet)
    told = daro.run("audit", daro.photos, "--base", "sdxl")
    assert told.code == 3
    assert "00_a.png: smaller than 1024 pixels" in told.out


@pytest.mark.parametrize("faces", [0, 2])
def test_a_photo_without_exactly_one_face_is_refused_and_no_set_is_made(
    daro: Daro, tmp_path: Path, faces: int
) -> None:
    folder = twenty_photos(tmp_path / "photos")
    picture = Image.new("RGB", (512, 256), "grey")
    for at, person in enumerate((2, 6)[:faces]):
        picture.paste(Image.open(frame(person, 0)).convert("RGB"), (256 * at, 0))
    picture.save(folder / "wrong.png")
    run = daro.run("references", "Daro", "--photos", folder, *MICRO)
    assert run.code == 3
    found = f"{faces} faces" if faces else "no face"
    assert run.error == f"each photo must show exactly one readable face: wrong.png ({found})"


def test_too_few_photos_are_refused_and_unreadable_ones_named(daro: Daro, tmp_path: Path) -> None:
    few = copy_frames(tmp_path / "few", 2, WELL_READ)
    run = daro.run("references", "Daro", "--photos", few, *MICRO)
    assert run.code == 3
    assert "a set needs at least 20 photos, got 6" in run.error
    broken = twenty_photos(tmp_path / "broken")
    (broken / "text.png").write_text("words")
    (broken / "raw.CR2").write_text("words")
    Image.open(broken / "00_a.png").save(broken / "00_b.png")
    Image.open(broken / "00_a.png").transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(
        broken / "09_z.png"
    )
    run = daro.run("references", "Daro", "--photos", broken, *MICRO)
    assert run.code == 0
    assert "left out: raw.CR2 (no picture that can be read), text.png (not a readable" in run.out
    assert "00_b.png: nearly equals 00_a.png" in run.out
    assert "09_z.png: mirrors 00_a.png" in run.out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["Daro", "--photos", "a", "--sheet", "b.png"], 2, "either --photos or --sheet, not both"),
        (["Daro", "--photos", "nowhere"], 2, "nowhere: no such folder"),
        (["Daro", "--sheet", "nowhere.png"], 2, "nowhere.png: cannot be read"),
        (["Nobody", "--photos", "{photos}"], 2, "no character named 'Nobody'; there are: Daro"),
        (["4ever", "--photos", "{photos}"], 2, "'4ever' is no character's name"),
        (["Daro", "--photos", "{photos}", "--base", "sdxl"], 3, "at least 1024 pixels on each"),
    ],
)
def test_references_that_cannot_be_say_why(
    daro: Daro, words: list[str], code: int, said: str
) -> None:
    run = daro.run("references", *(word.format(photos=daro.photos) for word in words))
    assert run.code == code
    assert said in run.error
