from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PIL import Image

from tests.support.micro_studio import WELL_READ, CliRun, copy_frames, frame, run_cli, twenty_photos

KEYS = {"verdict", "csfd_mean", "csfd_worst", "threshold", "images", "embedder"}
IMAGE_KEYS = {"file", "csfd", "verdict", "reason"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One studio for all, so that every face is looked for once."""
    return tmp_path_factory.mktemp("gate")


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A set that passes; not to be changed."""
    return twenty_photos(tmp_path_factory.mktemp("photos"))


@pytest.fixture
def changed(photos: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may change."""
    return Path(shutil.copytree(photos, tmp_path / "photos"))


def rejected(run: CliRun) -> set[str]:
    return {image["file"] for image in run.json["images"] if image["verdict"] == "reject"}


def test_a_set_of_one_person_passes_with_the_json_that_scripts_rely_on(
    home: Path, photos: Path
) -> None:
    run = run_cli("gate", photos, "--json", home=home)
    assert run.code == 0
    assert run.json.keys() == KEYS
    assert run.json["verdict"] == "pass"
    assert all(image.keys() == IMAGE_KEYS for image in run.json["images"])
    assert [image["file"] for image in run.json["images"]] == sorted(
        path.name for path in photos.iterdir()
    )
    assert run.json["csfd_mean"] <= run.json["threshold"]
    assert run.json["csfd_worst"] >= run.json["csfd_mean"]
    assert all(image["reason"] for image in run.json["images"])


def test_the_threshold_follows_the_calibration(home: Path, photos: Path) -> None:
    drawn = run_cli("gate", photos, "--calibration", "maquette", "--json", home=home)
    by_setting = run_cli("gate", photos, "--json", home=home, SAMECAST_CALIBRATION="photo")
    photo = run_cli("gate", photos, "--calibration", "photo", "--json", home=home)
    assert drawn.json["threshold"] != photo.json["threshold"] == by_setting.json["threshold"]
    unknown = run_cli("gate", photos, "--calibration", "mine", home=home)
    assert unknown.code == 2
    assert "no calibration named 'mine'" in unknown.error


def test_people_read_a_table_with_the_worst_first(home: Path, photos: Path) -> None:
    run = run_cli("gate", photos, home=home)
    assert run.code == 0
    assert "gate: pass" in run.out
    assert "refused" not in run.out


def test_a_set_of_two_people_is_refused_and_names_those_who_are_not_the_first(
    home: Path, changed: Path
) -> None:
    for number in (5, 6, 7, 8, 9):
        (changed / f"{number:02d}_b.png").unlink()
    copy_frames(changed, 6, (0, 5, 6, 8, 9))
    run = run_cli("gate", changed, "--json", home=home)
    assert run.code == 3
    assert run.json["verdict"] == "reject"
    strangers = {path.name for path in changed.glob("00006_*")}
    assert strangers <= rejected(run)
    own = [image["csfd"] for image in run.json["images"] if image["file"] not in strangers]
    other = [image["csfd"] for image in run.json["images"] if image["file"] in strangers]
    assert max(own) < min(other)


def test_three_images_are_too_few(home: Path, tmp_path: Path) -> None:
    folder = copy_frames(tmp_path / "three", 2, WELL_READ[:3])
    assert run_cli("gate", folder, "--json", home=home).code == 3
    run = run_cli("gate", folder, home=home)
    assert run.code == 3
    assert "refused: 3 images, at least 20 are needed" in run.out


def test_a_blank_picture_is_refused_by_name_without_a_made_up_number(
    home: Path, changed: Path
) -> None:
    Image.new("RGB", (256, 256), "grey").save(changed / "blank.png")
    run = run_cli("gate", changed, "--json", home=home)
    assert run.code == 3
    assert rejected(run) == {"blank.png"}
    (blank,) = [image for image in run.json["images"] if image["file"] == "blank.png"]
    assert blank["csfd"] is None
    assert "no face" in blank["reason"]


def test_two_faces_in_one_picture_are_refused_by_name(home: Path, changed: Path) -> None:
    two = Image.new("RGB", (512, 256))
    for at, person in enumerate((2, 6)):
        two.paste(Image.open(frame(person, 0)).convert("RGB"), (256 * at, 0))
    two.save(changed / "two.png")
    run = run_cli("gate", changed, "--json", home=home)
    assert run.code == 3
    assert rejected(run) == {"two.png"}


def test_a_picture_labelled_as_turned_away_needs_no_face(home: Path, changed: Path) -> None:
    Image.new("RGB", (256, 256), "grey").save(changed / "back.png")
    label = '{"file_name": "back.png", "text": "Daro from behind", "view": "left profile"}'
    (changed / "metadata.jsonl").write_text(label)
    run = run_cli("gate", changed, "--json", home=home)
    assert run.code == 0
    (back,) = [image for image in run.json["images"] if image["file"] == "back.png"]
    assert (back["csfd"], back["verdict"]) == (None, "review")


@pytest.mark.parametrize("name", ["cut.png", "text.png", "cut.webp"])
def test_a_file_that_cannot_be_read_is_bad_input(home: Path, changed: Path, name: str) -> None:
    whole = (changed / "00_a.png" if name == "cut.png" else frame(2, 0)).read_bytes()
    (changed / name).write_bytes(b"words" if name == "text.png" else whole[: len(whole) // 2])
    run = run_cli("gate", changed, "--json", home=home)
    assert run.code == 2
    assert f"{name}: not a readable PNG, JPEG, HEIC" in run.error
    assert run.out == ""


def test_files_that_are_no_pictures_are_named_beside_the_answer(home: Path, changed: Path) -> None:
    for name in ("raw.CR2", "notes.txt", ".DS_Store", "00_a.txt"):
        (changed / name).write_text("words")
    for verb in ("gate", "audit"):
        run = run_cli(verb, changed, "--json", home=home)
        assert len(run.json["images"]) == 20 if verb == "gate" else run.json["count"] == 20
        assert "not looked at, as no pictures: notes.txt, raw.CR2\n" in run.err


def test_a_folder_without_pictures_or_none_at_all_is_bad_input(home: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("words")
    run = run_cli("gate", tmp_path, "--json", home=home)
    assert run.code == 2
    assert "no PNG, JPEG, HEIC" in run.error
    nowhere = run_cli("gate", tmp_path / "nowhere", home=home)
    assert nowhere.code == 2
    assert "nowhere: no such folder" in nowhere.error


def test_a_broken_metadata_file_is_bad_input(home: Path, changed: Path) -> None:
    (changed / "metadata.jsonl").write_text('{"file_name": "00_a.png"}\n{')
    run = run_cli("gate", changed, home=home)
    assert run.code == 2
    assert "metadata.jsonl line 2: not a JSON object" in run.error


def test_a_name_that_nobody_has_is_bad_input(home: Path) -> None:
    run = run_cli("gate", "Nobody", home=home)
    assert run.code == 2
    assert "no character named 'Nobody'; there are: none yet" in run.error
