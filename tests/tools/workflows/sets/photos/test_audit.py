from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.micro_studio import copy_frames
from tools.compose import Studio
from tools.contracts.outfits import Wardrobe
from tools.contracts.progress import Progress, ignore_progress
from tools.errors import BadInput, UnknownName
from tools.services import Services
from tools.workflows.sets.photos.audit import audit_folder


def test_labels_count_and_the_rest_is_measured(noise_studio: Studio, tmp_path: Path) -> None:
    services, told = noise_studio.services, list[Progress]()
    folder = copy_frames(tmp_path / "photos", 2, range(4))
    report = audit_folder(services, folder, "micro", told.append)
    assert (told[-1].done, told[-1].total) == (4, 4)
    assert (report.count, report.min_side) == (4, services.catalog.row("micro").min_photo_side)
    close_ups = sum("close-up" in each.title for each in report.findings)
    assert close_ups, "the framings are counted"
    frames = {path.name: "wide shot" for path in folder.iterdir()}
    rows = [json.dumps({"file_name": name, "shot": shot}) for name, shot in frames.items()]
    (folder / "metadata.jsonl").write_text("\n".join(rows))
    labelled = audit_folder(services, folder, "micro", ignore_progress)
    assert labelled.findings != report.findings, "a label wins over what is measured"


def test_the_audit_says_whether_a_garment_is_tied_to_the_person(
    services: Services, tmp_path: Path
) -> None:
    one = copy_frames(tmp_path / "one", 2, (10, 13, 16, 17))
    report = audit_folder(services, one, "maquette", ignore_progress)
    assert report.wardrobe is not None
    assert report.wardrobe.kind is Wardrobe.LOCKED
    several = copy_frames(tmp_path / "several", 4, (10, 13))
    for path in copy_frames(tmp_path / "more", 1, (10, 13)).glob("*.webp"):
        path.rename(several / f"other_{path.name}")
    mixed = audit_folder(services, several, "maquette", ignore_progress).wardrobe
    assert mixed is not None
    assert mixed.kind is Wardrobe.VARIED
    assert mixed.counts == {"red": 2, "black": 2}
    assert mixed.words == "wardrobe: varied (red 2, black 2): looks in other clothes can be drawn"


def test_an_unknown_base_is_said_before_anything_is_looked_at(
    noise_studio: Studio, tmp_path: Path
) -> None:
    told = list[Progress]()
    folder = copy_frames(tmp_path / "photos", 2, [0])
    with pytest.raises(UnknownName, match="no base named 'dalle'"):
        audit_folder(noise_studio.services, folder, "dalle", told.append)
    assert told == []
    with pytest.raises(BadInput, match="nowhere: no such folder"):
        audit_folder(noise_studio.services, tmp_path / "nowhere", "micro", ignore_progress)
