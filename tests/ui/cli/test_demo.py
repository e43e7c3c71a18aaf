from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlmodel import select

from tests.conftest import FinishedDemo
from tests.support.json_schema import violations
from tests.support.micro_studio import ROOT, WELL_READ, run_cli
from tools.contracts.bundle import BundleTake, Manifest
from tools.contracts.report import Report
from tools.contracts.verdicts import Outcome
from tools.store.database import open_database
from tools.store.job import Execution
from tools.workflows.shots.shoot.remedies import take_seed

SCHEMA = ROOT / "docs" / "report.schema.json"
REFRESH = (
    "samecast's report changed; refresh its schema: python -c \"import json, pathlib; "
    "from tools.contracts.report import Report; pathlib.Path('docs/report.schema.json').write_text("
    'json.dumps(Report.model_json_schema(), indent=2, sort_keys=True) + chr(10))"'
)


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def report(finished_demo: FinishedDemo) -> Report:
    return Report.model_validate(read(finished_demo.out / "report.json"))


@pytest.fixture(scope="module")
def takes(finished_demo: FinishedDemo) -> list[BundleTake]:
    return [read_take(path) for path in sorted((finished_demo.out / "takes").glob("*.json"))]


@pytest.fixture(scope="module")
def base_takes(finished_demo: FinishedDemo) -> list[BundleTake]:
    return [read_take(path) for path in sorted((finished_demo.out / "base").glob("*.json"))]


def read_take(path: Path) -> BundleTake:
    return BundleTake.model_validate(read(path))


def test_the_published_schema_is_up_to_date() -> None:
    due = json.dumps(Report.model_json_schema(), indent=2, sort_keys=True) + "\n"
    assert SCHEMA.read_text() == due, REFRESH


def test_everything_that_a_run_promises_is_there(finished_demo: FinishedDemo) -> None:
    out = finished_demo.out
    for name in ("contact_sheet.png", "distances.png", "report.json", "character.json"):
        assert (out / name).stat().st_size > 500, name
    assert len(list((out / "references").glob("*.png"))) == len(WELL_READ)
    assert sorted(path.name for path in (out / "lora").iterdir()) == [
        "daro_v1.safetensors",
        "daro_v1_kohya.safetensors",
        "training.png",
    ]
    assert sorted(path.name for path in (out / "takes").iterdir()) == [
        "1A_T1.json",
        "1A_T1.png",
        "1A_T2.json",
        "1A_T2.png",
        "2A_T1.json",
        "2A_T1.png",
    ]
    assert finished_demo.bundle.is_file()
    assert list(out.rglob("*.part")) == []


def test_the_report_follows_its_published_schema(finished_demo: FinishedDemo) -> None:
    assert violations(read(finished_demo.out / "report.json"), read(SCHEMA)) == []


def test_the_schema_refuses_what_is_no_report(finished_demo: FinishedDemo) -> None:
    broken = read(finished_demo.out / "report.json")
    broken["version"] = 2
    broken["takes"][0]["verdict"] = "maybe"
    broken["takes"][1]["seed"] = -1
    broken["lora"]["sha256"] = "none"
    del broken["summary"]["own_mean"]
    broken["mood"] = "good"
    wrong = violations(broken, read(SCHEMA))
    for place in ("$.version", "$.takes[0].verdict", "$.takes[1].seed", "$.lora.sha256"):
        assert any(line.startswith(place) for line in wrong), place
    assert "$.summary: own_mean is missing" in wrong
    assert "$: mood is not known" in wrong


def test_the_report_names_each_stage_with_its_seconds(report: Report) -> None:
    assert [stage.name for stage in report.stages] == [
        "photos",
        "gate",
        "train",
        "shoot",
        "compare",
    ]
    assert all(stage.seconds >= 0 for stage in report.stages)
    assert {stage.name for stage in report.stages if stage.seconds > 0} >= {"train", "shoot"}


def test_a_table_of_seconds_is_printed(finished_demo: FinishedDemo, report: Report) -> None:
    printed = finished_demo.run.out
    for stage in report.stages:
        assert f"│ {stage.name} " in printed
    assert f"{sum(stage.seconds for stage in report.stages):.1f}" in printed
    assert f"the reference set is made from the photos in {finished_demo.inputs.photos}" in printed
    steps = ["1. the photos 1/1", "2. the LoRA 1/1", "3. the shots 1/1", "4. the same without"]
    told = finished_demo.run.err
    assert [step for step in steps if step in told] == steps


def test_references_are_those_that_were_given(finished_demo: FinishedDemo, report: Report) -> None:
    assert report.references.way == "photos"
    assert report.references.count == len(report.references.images) == len(WELL_READ)
    for line in report.references.images:
        with Image.open(finished_demo.out / line.file) as picture:
            assert picture.size == (256, 256)
        assert line.verdict is not Outcome.REJECT
        assert line.csfd is not None
    distances = [line.csfd for line in report.references.images if line.csfd is not None]
    assert report.references.csfd_worst == max(distances)
    assert report.references.csfd_mean == pytest.approx(sum(distances) / len(distances))


def test_captions_open_with_the_trigger_and_say_what_was_measured(
    finished_demo: FinishedDemo, report: Report
) -> None:
    lines = (finished_demo.out / "references" / "metadata.jsonl").read_text().splitlines()
    rows = [json.loads(line) for line in lines]
    assert [row["text"] for row in rows] == [line.caption for line in report.references.images]
    for row in rows:
        assert row["text"].startswith("Daro")
        assert "close-up" in row["text"]
        assert row["light"] in row["text"]


def test_the_adapter_is_the_file_that_the_report_names(
    finished_demo: FinishedDemo, report: Report
) -> None:
    data = (finished_demo.out / report.lora.path).read_bytes()
    assert hashlib.sha256(data).hexdigest() == report.lora.sha256
    assert report.lora.base == "micro"
    assert report.lora.steps == 3


def test_every_take_has_its_picture_and_its_line(
    finished_demo: FinishedDemo, report: Report, takes: list[BundleTake]
) -> None:
    assert [line.slate for line in report.takes] == [take.taken.take for take in takes]
    for line, take in zip(report.takes, takes, strict=True):
        data = (finished_demo.out / line.file).read_bytes()
        assert hashlib.sha256(data).hexdigest() == take.taken.digest
        assert (line.seed, line.prompt, line.tries) == (
            take.taken.seed,
            take.taken.prompt,
            take.taken.tries,
        )
        assert line.verdict is take.taken.verdict.outcome


def test_every_prompt_closes_with_the_same_anchor(takes: list[BundleTake]) -> None:
    blocks = {take.taken.prompt.split("SAME Daro: ")[1].split("; lit by")[0] for take in takes}
    assert len(blocks) == 1
    for take in takes:
        assert str(take.shot.light) in take.taken.prompt.split(", SAME ")[0]
        assert take.taken.prompt.endswith("; lit by soft window light"), "Daro's signature light"


def test_a_rejected_shot_is_drawn_again_with_a_new_seed_up_to_the_cap(
    report: Report, takes: list[BundleTake]
) -> None:
    of_close_up = [take.taken for take in takes if take.shot.slate == "1A"]
    assert [taken.tries for taken in of_close_up] == [1, 2]
    assert {taken.verdict.outcome for taken in of_close_up} == {Outcome.REJECT}
    assert [taken.seed for taken in of_close_up] == [take_seed(1, "1A", 1), take_seed(1, "1A", 2)]
    assert len({taken.digest for taken in of_close_up}) == 2
    for line in report.takes:
        assert line.reasons
        assert "no readable face" in line.reasons[0]


def test_a_shot_that_may_hide_its_face_is_left_to_a_person(takes: list[BundleTake]) -> None:
    of_full_body = [take.taken for take in takes if take.shot.slate == "2A"]
    assert [taken.verdict.outcome for taken in of_full_body] == [Outcome.REVIEW]


def test_the_summary_counts_what_the_takes_say(report: Report) -> None:
    summary, lines = report.summary, report.takes
    assert summary.rejected == sum(line.verdict is Outcome.REJECT for line in lines)
    assert summary.passed == sum(line.verdict is Outcome.PASS for line in lines)
    assert summary.detected == sum(line.csfd_own is not None for line in lines) == 0
    assert summary.own_mean is None
    assert summary.own_first_mean is None
    assert summary.nearest_own_rate is None
    assert summary.end_drift is None
    assert summary.first_detected == summary.base_first_detected == 0
    assert summary.peak_memory_mb > 100


def test_the_base_row_has_the_prompts_and_seeds_of_the_first_takes(
    takes: list[BundleTake], base_takes: list[BundleTake]
) -> None:
    first = [take.taken for take in takes if take.taken.tries == 1]
    base = [take.taken for take in base_takes]
    assert [(t.slate, t.seed, t.prompt) for t in first] == [
        (t.slate, t.seed, t.prompt) for t in base
    ]
    assert not {t.digest for t in first} & {t.digest for t in base}


def test_the_bundle_holds_every_file_as_its_manifest_says(finished_demo: FinishedDemo) -> None:
    with zipfile.ZipFile(finished_demo.bundle) as archive:
        manifest = Manifest.model_validate_json(archive.read("manifest.json"))
        assert set(archive.namelist()) == {file.path for file in manifest.files} | {"manifest.json"}
        for file in manifest.files:
            data = archive.read(file.path)
            assert len(data) == file.bytes
            assert hashlib.sha256(data).hexdigest() == file.sha256
            assert data == (finished_demo.out / file.path).read_bytes()
    names = {file.path for file in manifest.files}
    assert {"character.json", "report.json", "contact_sheet.png"} <= names
    assert {"references/metadata.jsonl", "lora/daro_v1.safetensors", "takes/1A_T2.json"} <= names


def test_a_finished_demo_asked_for_again_runs_nothing(
    finished_demo: FinishedDemo, report: Report
) -> None:
    before = executions(finished_demo)
    again = run_cli(
        *finished_demo.inputs.demo(finished_demo.out), "--json", home=finished_demo.home
    )
    assert again.code == 0
    assert executions(finished_demo) == before
    assert comparable(again.json) == comparable(report.model_dump(mode="json"))
    assert read(finished_demo.out / "report.json") == again.json


def executions(demo: FinishedDemo) -> list[str]:
    database = open_database(f"sqlite:///{demo.out / 'studio' / 'samecast.db'}")
    with database.reading() as session:
        return sorted(session.exec(select(Execution.id)))


def comparable(report: dict[str, Any]) -> dict[str, Any]:
    """A report without what the machine adds."""
    report["summary"].pop("peak_memory_mb")
    return report
