from __future__ import annotations

import pytest

from tools.errors import BadInput, UnknownName
from tools.imaging.pictures import write_json
from tools.qc.calibration import load_calibration
from tools.services import Services
from tools.workflows.bases.calibrations import find_calibration


def test_the_studios_own_is_found_before_the_shipped_one(services: Services) -> None:
    assert find_calibration(services, "maquette") == load_calibration("maquette")
    mine = load_calibration("maquette").model_copy(update={"name": "mine", "threshold": 0.5})
    path = services.settings.home / "calibrations" / "mine.json"
    write_json(path, mine.model_dump(mode="json"))
    assert find_calibration(services, "mine") == mine


def test_an_unknown_name_lists_what_ships(services: Services) -> None:
    with pytest.raises(UnknownName, match="no calibration named 'mine'; shipped: maquette, photo"):
        find_calibration(services, "mine")


@pytest.mark.parametrize("text", ["", "{}", "words"])
def test_a_damaged_file_says_how_to_mend_it(services: Services, text: str) -> None:
    path = services.settings.home / "calibrations" / "mine.json"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    with pytest.raises(BadInput, match=r"mine\.json is damaged; run `samecast calibrate` again"):
        find_calibration(services, "mine")
