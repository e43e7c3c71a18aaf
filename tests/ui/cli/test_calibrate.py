from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.micro_studio import WELL_READ, copy_frames, run_cli


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One studio for all, so that every face is looked for once."""
    return tmp_path_factory.mktemp("calibrate")


def test_a_calibration_of_ones_own_judges_by_its_name(home: Path, tmp_path: Path) -> None:
    people = tmp_path / "people"
    copy_frames(people / "daro", 2, WELL_READ)
    copy_frames(people / "other", 6, (0, 5, 6, 8, 9))
    made = run_cli("calibrate", people, "--name", "mine", "--json", home=home)
    assert made.code == 0
    assert made.json["name"] == "mine"
    assert made.json["people"] == 2
    assert made.json["origin"].startswith("calibrated on ")
    gated = run_cli("gate", people / "daro", "--calibration", "mine", "--json", home=home)
    assert gated.json["threshold"] == made.json["threshold"]
    told = run_cli("calibrate", people, "--name", "mine", "--false-accepts", "0.2", home=home)
    assert told.out.startswith("mine: threshold ")
    assert "20.0% false accepts" in told.out


@pytest.mark.parametrize(
    ("numbers", "name", "said"),
    [
        ((0, 5), "mine", "at least two people with 4 readable faces each, found 0"),
        ((), "mine", "at least two people with 4 readable faces each, found 0"),
        ((0, 5), "My Own", "'My Own' cannot name a calibration"),
    ],
)
def test_a_calibration_without_enough_people_is_bad_input(
    home: Path, tmp_path: Path, numbers: tuple[int, ...], name: str, said: str
) -> None:
    for person in (2, 6):
        copy_frames(tmp_path / str(person), person, numbers)
    run = run_cli("calibrate", tmp_path, "--name", name, home=home)
    assert run.code == 2
    assert said in run.error


def test_one_folder_is_no_calibration(home: Path, tmp_path: Path) -> None:
    copy_frames(tmp_path / "daro", 2, WELL_READ)
    for folder in (tmp_path, tmp_path / "nowhere"):
        run = run_cli("calibrate", folder, home=home)
        assert run.code == 2
        assert "expected one sub-folder of pictures for each of several people" in run.error
