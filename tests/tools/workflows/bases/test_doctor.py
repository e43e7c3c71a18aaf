from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.support.endpoint_table import LOCAL
from tools.compose import build_services
from tools.services import Services
from tools.settings import Settings
from tools.workflows.bases.doctor import diagnose


def test_a_fresh_studio_works_and_says_what_the_other_bases_need(services: Services) -> None:
    found = diagnose(services)
    assert found.healthy, found.required
    assert tuple(each.what for each in found.bases) == LOCAL
    maquette, sdxl, *_ = found.bases
    dev = found.bases[LOCAL.index("flux-dev")]
    assert "FLUX.1 [dev] Non-Commercial License; no commercial use; neither its" in dev.detail
    assert maquette.ok
    assert not sdxl.ok
    assert "samecast base add sdxl" in sdxl.how_to


def test_a_calibration_that_is_not_there_is_said_with_what_helps(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, device="cpu", threads=1, calibration="mine")
    services = build_services(settings)
    found = diagnose(services)
    assert not found.healthy
    [calibration] = [each for each in found.required if each.what == "calibration"]
    assert not calibration.ok
    assert "unset SAMECAST_CALIBRATION, or run `samecast calibrate`" in calibration.how_to


def test_an_embedder_that_nobody_has_is_said(services: Services) -> None:
    settings = services.settings.model_copy(update={"embedder": "Nobody"})
    found = diagnose(replace(services, settings=settings))
    assert not found.healthy
    [faces] = [each for each in found.required if each.what == "face embedder Nobody"]
    assert (faces.ok, faces.detail) == (False, "not usable")
    assert faces.how_to
