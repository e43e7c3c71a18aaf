"""The gate judges the same pictures alike, as a folder and as a stored set."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from PIL import Image

from tests.support.micro_studio import ROOT, WELL_READ, copy_frames, frame
from tools.contracts.progress import ignore_progress
from tools.contracts.sets import GateRequest, PhotoSetRequest
from tools.contracts.verdicts import GateReport, Outcome
from tools.errors import Refused
from tools.services import Services
from tools.store.reference_set import get_set
from tools.workflows.people.characters import LoadedCharacter
from tools.workflows.sets.gate import gate_folder, gate_set, require_pass
from tools.workflows.sets.photos.take_photos import store_photos, take_photos

DEMO = ROOT / "prompts" / "demo" / "photos"
FACELESS = ("05.webp", "16.webp", "18.webp")
"""Photos of the demo in which no face is read: two profiles and a small figure."""
READ = ("06.webp", "07.webp", "08.webp", "10.webp")


def demo_photos(folder: Path, *, labelled: bool) -> Path:
    folder.mkdir()
    for name in (*FACELESS, *READ):
        shutil.copy(DEMO / name, folder)
    if labelled:
        lines = (DEMO / "metadata.jsonl").read_text().splitlines()
        ours = [line for line in lines if json.loads(line)["file_name"] in (*FACELESS, *READ)]
        assert len(ours) == 7
        (folder / "metadata.jsonl").write_text("\n".join(ours))
    return folder


def stored(services: Services, folder: Path) -> GateReport:
    """Take a folder in as a set and ask the gate."""
    photos = store_photos(services, folder).photos
    request = PhotoSetRequest(
        production="studio",
        character="Daro",
        base="maquette",
        photos=photos,
        least_images=len(photos),
    )
    made = take_photos(services, request, ignore_progress)
    asked = GateRequest(reference_set_id=made.reference_set_id, minimum=len(photos))
    report = gate_set(services, asked, ignore_progress)
    with services.database.reading() as session:
        assert get_set(session=session, set_id=made.reference_set_id).verdict is report.verdict
    return report


@pytest.mark.parametrize("labelled", [False, True])
def test_a_set_fares_the_same_as_a_folder_and_stored_with_labels_and_without(
    services: Services, daro: LoadedCharacter, tmp_path: Path, labelled: bool
) -> None:
    folder = demo_photos(tmp_path / "photos", labelled=labelled)
    as_folder = gate_folder(services, folder, "maquette", ignore_progress, minimum=7)
    as_stored = stored(services, folder)
    assert as_folder.verdict is as_stored.verdict is Outcome.PASS
    assert [image.verdict for image in as_folder.images] == [
        image.verdict for image in as_stored.images
    ]
    unread = [image for image in as_stored.images if image.csfd is None]
    assert len(unread) == len(FACELESS)
    assert {image.verdict for image in unread} == {Outcome.REVIEW}


def test_one_photo_many_times_is_refused_as_a_folder_and_stored(
    services: Services, daro: LoadedCharacter, tmp_path: Path
) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in range(5):
        shutil.copy(frame(2, 0), folder / f"{number}.webp")
    for report in (
        gate_folder(services, folder, "maquette", ignore_progress, minimum=5),
        stored(services, folder),
    ):
        assert report.verdict is Outcome.REJECT
        assert report.reasons[0].startswith("1 different of 5 images, at least 5 are needed: ")


def test_two_people_are_refused_with_their_images(services: Services, tmp_path: Path) -> None:
    folder = copy_frames(tmp_path / "photos", 2, WELL_READ)
    copy_frames(folder, 0, (0, 6, 7, 8))
    report = gate_folder(services, folder, "maquette", ignore_progress, minimum=10)
    first, second = report.groups
    assert {name[:5] for name in first} == {"00002"}
    assert {name[:5] for name in second} == {"00000"}
    with pytest.raises(Refused, match=r"more than one person: 00000_00\.webp, 00000_06\.webp"):
        require_pass(report)


def test_a_wall_among_unlabelled_photos_is_refused_by_name(
    services: Services, tmp_path: Path
) -> None:
    folder = copy_frames(tmp_path / "photos", 2, WELL_READ)
    Image.new("RGB", (256, 256), "grey").save(folder / "wall.png")
    report = gate_folder(services, folder, "maquette", ignore_progress, minimum=7)
    assert [image.file for image in report.images if image.verdict is Outcome.REJECT] == [
        "wall.png"
    ]
