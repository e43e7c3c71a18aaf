from __future__ import annotations

from dataclasses import replace

import pytest

from tools.contracts.briefs import CharacterBrief
from tools.errors import BadInput, BaseUnavailable, UnknownName
from tools.imaging.pictures import write_json
from tools.qc.calibration import load_calibration
from tools.services import Services
from tools.settings import Settings
from tools.workflows.bases.calibrations import calibration_name, find_calibration, open_eyes


def test_the_studios_own_is_found_before_the_shipped_one(services: Services) -> None:
    assert find_calibration(services, "maquette") == load_calibration("maquette")
    mine = load_calibration("maquette").model_copy(update={"name": "mine", "threshold": 0.5})
    path = services.settings.home / "calibrations" / "mine.json"
    write_json(path, mine.model_dump(mode="json"))
    assert find_calibration(services, "mine") == mine


def test_an_unknown_name_lists_what_ships(services: Services) -> None:
    with pytest.raises(
        UnknownName, match="no calibration named 'mine'; shipped: drawn, maquette, photo"
    ):
        find_calibration(services, "mine")


@pytest.mark.parametrize("text", ["", "{}", "words"])
def test_a_damaged_file_says_how_to_mend_it(services: Services, text: str) -> None:
    path = services.settings.home / "calibrations" / "mine.json"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    with pytest.raises(BadInput, match=r"mine\.json is damaged; run `samecast calibrate` again"):
        find_calibration(services, "mine")


def with_settings(services: Services, **changes: str) -> Services:
    settings = Settings(home=services.settings.home, **changes)  # type: ignore[arg-type]
    return replace(services, settings=settings)


def test_the_bases_row_says_who_sees_its_people(services: Services) -> None:
    plain = with_settings(services)
    assert calibration_name(plain, "maquette") == "maquette"
    assert calibration_name(plain, "sdxl") == "photo"
    assert calibration_name(plain, "flux-schnell") == "photo"
    assert open_eyes(plain, "drawn").seer.embedder == "drawn"


def test_a_character_may_want_other_eyes_and_the_settings_go_before_both(
    services: Services,
) -> None:
    fox = CharacterBrief(name="Fox", embedder="drawn")
    assert calibration_name(with_settings(services), "sdxl", fox) == "drawn"
    assert calibration_name(with_settings(services, calibration="photo"), "sdxl", fox) == "photo"
    with pytest.raises(UnknownName, match="no face embedder named 'eyes'"):
        calibration_name(with_settings(services), "sdxl", CharacterBrief(name="A", embedder="eyes"))


def test_distances_of_one_embedder_are_never_held_to_anothers_threshold(services: Services) -> None:
    facenet = with_settings(services, embedder="Facenet")
    chosen = find_calibration(facenet, calibration_name(facenet, "sdxl"))
    assert chosen.embedder == "Facenet"
    assert chosen.origin.startswith("published")
    arcface = with_settings(services, embedder="ArcFace")
    with pytest.raises(BadInput, match="no threshold for embedder ArcFace: `samecast calibrate"):
        calibration_name(arcface, "sdxl")
    with pytest.raises(BaseUnavailable, match="weights of face embedder Facenet missing"):
        open_eyes(services, chosen.name)


def test_appearance_must_be_calibrated_first(services: Services) -> None:
    fox, plain = CharacterBrief(name="Fox", embedder="appearance"), with_settings(services)
    with pytest.raises(BadInput, match="calibrate DIR --embedder appearance --name appearance"):
        calibration_name(plain, "maquette", fox)
    mine = load_calibration("drawn").model_copy(
        update={"name": "appearance", "embedder": "appearance"}
    )
    path = services.settings.home / "calibrations" / "appearance.json"
    write_json(path, mine.model_dump(mode="json"))
    assert calibration_name(plain, "maquette", fox) == "appearance"
