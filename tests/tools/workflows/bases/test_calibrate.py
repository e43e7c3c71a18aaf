from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.micro_studio import WELL_READ, copy_frames
from tools.contracts.progress import Progress, ignore_progress
from tools.errors import BadInput
from tools.services import Services
from tools.workflows.bases.calibrate import calibrate_folder
from tools.workflows.bases.calibrations import find_calibration


def test_labelled_people_give_a_threshold_that_is_kept_by_its_name(
    services: Services, tmp_path: Path
) -> None:
    people = tmp_path / "people"
    copy_frames(people / "daro", 2, WELL_READ[:5])
    copy_frames(people / "oda", 6, (0, 5, 6, 8, 9))
    told = list[Progress]()
    made = calibrate_folder(services, people, "mine", told.append, false_accept_rate=0.1)
    assert [(each.done, each.total, each.note) for each in told] == [(1, 2, "daro"), (2, 2, "oda")]
    assert (made.name, made.people, made.embedder) == ("mine", 2, "Dlib")
    assert made.origin.endswith("of 2 people")
    assert find_calibration(services, "mine") == made


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("My Own", "'My Own' cannot name a calibration; use small letters"),
        ("../mine", "cannot name a calibration"),
        ("mine", "expected one sub-folder of pictures for each of several people"),
    ],
)
def test_a_bad_name_or_no_people_is_refused_and_keeps_nothing(
    services: Services, tmp_path: Path, name: str, said: str
) -> None:
    copy_frames(tmp_path / "people" / "daro", 2, [0])
    with pytest.raises(BadInput, match=said):
        calibrate_folder(services, tmp_path / "people", name, ignore_progress)
    with pytest.raises(BadInput, match="nowhere: expected one sub-folder"):
        calibrate_folder(services, tmp_path / "nowhere", "mine", ignore_progress)
    assert not (services.settings.home / "calibrations").exists()
