from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.support.filled_studio import PASSED, REJECTED, plan, shot, takes, trained
from tests.support.micro_studio import WELL_READ, frame
from tools.contracts.briefs import AspectRatio
from tools.contracts.bundle import Manifest
from tools.contracts.delivery import DeliverRequest, DeliveryMade, DeliveryReport, DeliveryTake
from tools.contracts.progress import Progress, ignore_progress
from tools.contracts.verdicts import Outcome
from tools.errors import Cancelled, Refused, StorageFailed
from tools.imaging.provenance import SOURCE_TYPE, XMP_KEY
from tools.services import Services
from tools.store.delivery import list_deliveries
from tools.store.production import set_aspect_ratio
from tools.store.take import Take, pick_take
from tools.workflows.delivery.deliver import deliver
from tools.workflows.delivery.delivery_page import delivery_page
from tools.workflows.delivery.delivery_plan import plan_delivery
from tools.workflows.people.characters import LoadedCharacter

TODAY = date(2026, 11, 21)


def picked(services: Services, *rows: Take, note: str = "") -> None:
    with services.database.session() as session:
        for row in rows:
            pick_take(session=session, take_id=row.id, note=note)


def made(services: Services, *slates: str) -> DeliveryMade:
    return deliver(services, plan_delivery(services, "studio", slates, TODAY), ignore_progress)


@pytest.fixture
def filmed(services: Services, daro: LoadedCharacter) -> LoadedCharacter:
    """Two shots with a pick each and one without."""
    plan(services, shot("12A"), shot("2B"), shot("12C"))
    _, second = takes(services, shot("12A"), [REJECTED, PASSED])
    (only,) = takes(services, shot("2B"), [REJECTED])
    takes(services, shot("12C"), [PASSED])
    picked(services, second, only, note="for <the> eyes")
    return daro


def test_a_sketch_that_was_asked_for_is_refused(
    services: Services, filmed: LoadedCharacter
) -> None:
    (sketch,) = takes(services, shot("12C"), [PASSED], sketch=True)
    request = plan_delivery(services, "studio", ["12A"], TODAY)
    forged = DeliveryTake(take=sketch.slate, digest=str(sketch.digest))
    with pytest.raises(Refused, match="12C T2 is a sketch, and a sketch is not delivered"):
        deliver(services, request.model_copy(update={"takes": (forged,)}), ignore_progress)


def test_a_delivery_holds_checked_files_and_its_zip_the_same(
    services: Services, filmed: LoadedCharacter
) -> None:
    with services.database.session() as session:
        set_aspect_ratio(
            session=session, production_id=filmed.production_id, aspect_ratio=AspectRatio.SCOPE
        )
    found = made(services)
    folder = Path(found.folder)
    assert folder == services.settings.home / "deliveries" / "studio" / "2026-11-21_001"
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*"))
    assert names == [
        "contact_sheet.png",
        "manifest.json",
        "report.html",
        "report.json",
        "takes/STUDIO_002B_T01.png",
        "takes/STUDIO_012A_T02.png",
    ]
    manifest = Manifest.model_validate_json((folder / "manifest.json").read_text())
    assert sorted(each.path for each in manifest.files) == [n for n in names if "manifest" not in n]
    with zipfile.ZipFile(found.zip) as archive:
        assert archive.namelist()[0] == "manifest.json"
        assert sorted(archive.namelist()) == names
        for each in manifest.files:
            data = archive.read(each.path)
            assert hashlib.sha256(data).hexdigest() == each.sha256
            assert data == (folder / each.path).read_bytes()
    assert hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest() == found.manifest
    assert not [path for path in folder.parent.iterdir() if path.name.startswith(".")]


def test_pictures_are_matted_and_say_that_they_are_generated(
    services: Services, filmed: LoadedCharacter
) -> None:
    with services.database.session() as session:
        set_aspect_ratio(
            session=session, production_id=filmed.production_id, aspect_ratio=AspectRatio.WIDE
        )
    folder = Path(made(services, "12A").folder)
    file = Image.open(io.BytesIO((folder / "takes" / "STUDIO_012A_T02.png").read_bytes()))
    file.load()
    assert file.size == (28, 16)
    pixels = np.asarray(file)
    assert not pixels[:, :6].any()
    assert not pixels[:, 22:].any()
    assert (pixels[:, 6:22] == pixels[0, 6]).all()
    assert pixels[0, 6].any()
    assert SOURCE_TYPE in str(file.info[XMP_KEY])
    assert str(file.info["Description"]).startswith("AI-generated. Daro: Daro, close-up")


def test_the_report_says_what_qc_and_the_director_said(
    services: Services, filmed: LoadedCharacter
) -> None:
    found = made(services)
    assert (found.not_passed, found.changed) == (("2B T1",), ())
    folder = Path(found.folder)
    report = DeliveryReport.model_validate_json((folder / "report.json").read_text())
    low, high = report.takes
    assert (low.take, low.verdict.outcome, low.picked) == ("2B T1", Outcome.REJECT, True)
    assert (high.note, high.verdict.csfd_own, high.judged_again) == ("for <the> eyes", 0.031, False)
    assert (high.picture_size, high.frame_size) == ((16, 16), (16, 16))
    page = (folder / "report.html").read_text()
    assert "for &lt;the&gt; eyes" in page
    assert "<the>" not in page
    assert 'src="takes/STUDIO_012A_T02.png"' in page
    assert page == delivery_page(report)


def test_takes_are_judged_again_from_their_pictures(
    services: Services, daro: LoadedCharacter
) -> None:
    lora = trained(services, frames=[frame(2, number) for number in WELL_READ])
    plan(services, shot("1A"))
    rows = takes(services, shot("1A"), [REJECTED], files=[frame(2, 10)], lora=lora)
    picked(services, *rows)
    found = made(services)
    (line,) = DeliveryReport.model_validate_json(
        (Path(found.folder) / "report.json").read_text()
    ).takes
    assert line.judged_again
    assert (line.base, line.lora_version) == ("micro", 1)
    assert line.verdict.csfd_own is not None
    assert line.verdict.nearest == "own"
    assert line.verdict_before is Outcome.REJECT
    assert found.changed == (() if line.verdict.outcome is Outcome.REJECT else ("1A T1",))


def test_a_damaged_picture_stops_the_delivery_and_leaves_nothing(
    services: Services, filmed: LoadedCharacter
) -> None:
    request = plan_delivery(services, "studio", (), TODAY)
    services.files.path(request.takes[1].digest).write_bytes(b"not the picture")
    with pytest.raises(StorageFailed, match="is damaged; store it again"):
        deliver(services, request, ignore_progress)
    home = services.settings.home / "deliveries"
    assert not [path for path in home.rglob("*") if path.is_file()]
    with services.database.reading() as session:
        assert not list_deliveries(session=session, production_id=filmed.production_id)


def test_a_cancelled_delivery_leaves_nothing(services: Services, filmed: LoadedCharacter) -> None:
    def stop(progress: Progress) -> None:
        if progress.done:
            raise Cancelled("cancelled")

    with pytest.raises(Cancelled):
        deliver(services, plan_delivery(services, "studio", (), TODAY), stop)
    assert not [p for p in (services.settings.home / "deliveries").rglob("*") if p.is_file()]


def test_a_delivery_begun_again_is_one_delivery_with_the_same_bytes(
    services: Services, filmed: LoadedCharacter
) -> None:
    request = plan_delivery(services, "studio", (), TODAY)
    first = deliver(services, request, ignore_progress)
    zipped = Path(first.zip).read_bytes()
    left = Path(first.folder).with_name(f".{request.stamp}.part")
    left.mkdir()
    (left / "half.png").write_bytes(b"x")
    assert deliver(services, request, ignore_progress) == first
    assert Path(first.zip).read_bytes() == zipped
    assert not left.exists()
    with services.database.reading() as session:
        assert len(list_deliveries(session=session, production_id=filmed.production_id)) == 1
    assert plan_delivery(services, "studio", (), TODAY).stamp == "2026-11-21_002"


def test_a_delivery_asked_for_at_the_same_time_does_not_replace_another(
    services: Services, filmed: LoadedCharacter
) -> None:
    one, two = (plan_delivery(services, "studio", slates, TODAY) for slates in (["12A"], ()))
    assert one.stamp == two.stamp
    first = deliver(services, one, ignore_progress)
    zipped = Path(first.zip).read_bytes()
    wide = one.model_copy(update={"aspect_ratio": "16:9"})
    for other in (two, wide):
        with pytest.raises(Refused, match="was made meanwhile; deliver again"):
            deliver(services, other, ignore_progress)
    assert Path(first.zip).read_bytes() == zipped
    assert made(services).takes == ("2B T1", "12A T2")


def test_a_take_that_was_drawn_anew_is_not_delivered_as_the_old_one(
    services: Services, filmed: LoadedCharacter
) -> None:
    request = plan_delivery(services, "studio", ["12A"], TODAY)
    (asked,) = request.takes
    other = request.model_copy(update={"takes": (asked.model_copy(update={"digest": "0" * 64}),)})
    with pytest.raises(Refused, match="12A T2 is another picture than when it was picked"):
        deliver(services, other, ignore_progress)


def test_a_request_is_json_and_back(services: Services, filmed: LoadedCharacter) -> None:
    request = plan_delivery(services, "studio", (), TODAY)
    assert (
        DeliverRequest.model_validate_json(json.dumps(request.model_dump(mode="json"))) == request
    )
