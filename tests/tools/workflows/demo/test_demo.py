"""The demo from a brief alone, in micro size: real jobs on a random base; eyes that see a face in noise."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.filled_studio import shot
from tests.support.readable_faces import quick_studio
from tests.tools.workflows.conftest import BRIEF
from tools.architectures.registry import preset
from tools.compose import Studio, build_studio
from tools.contracts.progress import Progress, ProgressSink, ignore_progress
from tools.contracts.sets import GateRequest
from tools.contracts.verdicts import GateReport, Outcome
from tools.errors import Refused
from tools.jobs.handler import Handler
from tools.jobs.local_worker import LocalWorker
from tools.settings import Settings
from tools.workflows.demo.demo import MOST_FACES, DemoPlan, demo
from tools.workflows.job_kinds import build_handlers
from tools.workflows.kinds import Kind
from tools.workflows.sets.gate import gate_set

IMAGES = 12


@pytest.fixture
def studio(tmp_path: Path, micro_home: Path, one_thread: None) -> Studio:
    settings = Settings(home=tmp_path / "studio", device="cpu", threads=1, base="micro")
    return quick_studio(build_studio(settings, bases_home=micro_home))


@pytest.fixture
def plan(studio: Studio) -> DemoPlan:
    config = preset("fast", studio.services.catalog.row("micro"), IMAGES)
    return DemoPlan(
        brief=BRIEF,
        shots=(shot("1A", "Daro"),),
        base="micro",
        photos=None,
        config=config.model_copy(update={"steps": 2, "warmup_steps": 1}),
        regularisation_images=2,
        least_images=IMAGES,
        seed=1,
        max_tries=1,
        calibration="maquette",
        score_seeds=(),
        candidates=2,
    )


class StrictGate:
    """Refuses as many sets as it is told to, then judges as the gate does."""

    def __init__(self, studio: Studio, refusals: int) -> None:
        self._services, self._left = studio.services, refusals
        self.asked = 0

    def judge(self, request: GateRequest, progress: ProgressSink) -> GateReport:
        self.asked += 1
        report = gate_set(self._services, request, progress)
        if self.asked > self._left:
            return report
        refusal = {"verdict": Outcome.REJECT, "reasons": ("too far apart",)}
        return report.model_copy(update=refusal)

    def worker(self) -> LocalWorker:
        handler = Handler(payload=GateRequest, result=GateReport, work=self.judge)
        handlers = {**build_handlers(self._services), Kind.GATE: handler}
        return LocalWorker(self._services.database, handlers)


@pytest.mark.slow
def test_a_brief_alone_becomes_a_set_an_adapter_and_takes(
    studio: Studio, plan: DemoPlan, tmp_path: Path
) -> None:
    told: list[Progress] = []
    report = demo(studio.services, studio.worker, plan, tmp_path / "out", told.append)
    assert report.references.way == "layers"
    assert report.references.count == IMAGES
    assert {line.layer for line in report.references.images} >= {"close-up", "full body"}
    assert [line.slate for line in report.takes] == ["1A T1"]
    steps = [each.stage for each in told if each.stage[0].isdigit() and each.done == 1]
    assert steps == [
        "1. the faces",
        "2. the references",
        "3. the LoRA",
        "4. the shots",
        "5. the same without the LoRA",
    ]
    assert (tmp_path / "out" / "contact_sheet.png").is_file()
    assert (tmp_path / "out" / "daro.samecast.zip").is_file()


@pytest.mark.slow
def test_where_the_gate_refuses_the_best_face_the_next_has_its_turn(
    studio: Studio, plan: DemoPlan, tmp_path: Path
) -> None:
    strict = StrictGate(studio, refusals=1)
    report = demo(studio.services, strict.worker(), plan, tmp_path / "out", ignore_progress)
    assert report.references.count == IMAGES
    assert strict.asked == 2


@pytest.mark.slow
def test_where_every_face_is_refused_the_last_refusal_is_raised(
    studio: Studio, plan: DemoPlan, tmp_path: Path
) -> None:
    strict = StrictGate(studio, refusals=9)
    with pytest.raises(Refused, match="the gate refuses this set: too far apart"):
        demo(studio.services, strict.worker(), plan, tmp_path / "out", ignore_progress)
    assert strict.asked == MOST_FACES == plan.candidates
