from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.filled_studio import trained
from tests.support.micro_studio import WELL_READ, copy_frames, frame
from tools.compose import Studio
from tools.contracts.progress import Progress, ignore_progress
from tools.contracts.verdicts import Outcome
from tools.errors import BadInput
from tools.workflows.shots.judge.qc import check_folder


def test_every_picture_of_a_folder_gets_its_verdict(noise_studio: Studio, tmp_path: Path) -> None:
    services, told = noise_studio.services, list[Progress]()
    version = trained(services, frames=[frame(2, number) for number in WELL_READ])
    folder = copy_frames(tmp_path / "rushes", 2, range(10))
    checked = check_folder(services, folder, version.reference_set_id, "maquette", told.append)
    assert [each.file for each in checked.pictures] == sorted(p.name for p in folder.iterdir())
    assert [(each.done, each.total) for each in told] == [(8, 10), (10, 10)]
    copies = {each.file for each in checked.pictures if each.verdict.copy_of}
    assert copies >= {frame(2, number).name for number in WELL_READ if number < 10}
    assert checked.rejected == sum(
        each.verdict.outcome is Outcome.REJECT for each in checked.pictures
    )


def test_no_such_folder_is_one_line(noise_studio: Studio, tmp_path: Path) -> None:
    version = trained(noise_studio.services)
    with pytest.raises(BadInput, match="nowhere: no such folder"):
        check_folder(
            noise_studio.services,
            tmp_path / "nowhere",
            version.reference_set_id,
            "maquette",
            ignore_progress,
        )
