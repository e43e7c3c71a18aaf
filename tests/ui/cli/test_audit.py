"""An audit of a folder, without a character."""

from __future__ import annotations

from pathlib import Path

from tests.support.micro_studio import run_cli, twenty_photos


def test_an_audit_names_the_gaps(tmp_path: Path) -> None:
    home, photos = tmp_path / "home", twenty_photos(tmp_path / "photos")
    run = run_cli("audit", photos, "--json", home=home)
    assert run.code == 3, "close-ups alone are no full set"
    assert run.json["count"] == 20
    unmet = [finding for finding in run.json["findings"] if finding["have"] < finding["need"]]
    assert unmet
    assert all(finding["advice"] for finding in unmet)
    told = run_cli("audit", photos, "--base", "sdxl", home=home)
    assert told.code == 3
    assert "00_a.png: smaller than 1024 pixels" in told.out
