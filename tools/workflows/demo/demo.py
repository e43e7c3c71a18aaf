"""The main job from end to end: brief, reference set, gate, LoRA, shots with QC, report, bundle.

Every stage that costs time is a job: killed anywhere and started again, it goes on without doing a
finished stage twice. Knows the order of stages; the work itself is in their own workflows.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tools.contracts.briefs import CharacterBrief
from tools.contracts.learning import LearnRequest, LoraMade
from tools.contracts.progress import Progress, ProgressSink
from tools.contracts.report import Report
from tools.contracts.sets import GateRequest, ReferenceSetMade
from tools.contracts.shooting import CharacterAdapter, ShootRequest, ShootResult
from tools.contracts.shots import ShotRequest
from tools.contracts.training import LoraConfig
from tools.contracts.verdicts import GateReport
from tools.errors import Refused
from tools.jobs.local_worker import LocalWorker
from tools.services import Services
from tools.workflows.delivery.bundle_zip import pack
from tools.workflows.demo.finished_run import FinishedRun, file_stem
from tools.workflows.demo.run_folder import write_run
from tools.workflows.kinds import Kind
from tools.workflows.people.characters import load_character
from tools.workflows.people.create import CreateRequest, create
from tools.workflows.people.face_choice import ranked_faces
from tools.workflows.sets.build.set_building import SetBuilder, SetOptions
from tools.workflows.sets.gate import require_pass
from tools.workflows.stages import StageRunner

PRODUCTION = "demo"
MOST_FACES = 2
"""Faces of which a set is built, one after the other, where the gate refuses the best one's."""


@dataclass(frozen=True)
class DemoPlan:
    """What the main job is run on, and how thoroughly."""

    brief: CharacterBrief
    shots: tuple[ShotRequest, ...]
    base: str
    photos: Path | None
    """The director's photos; None makes the set by the layers."""
    config: LoraConfig
    regularisation_images: int
    least_images: int
    seed: int
    max_tries: int
    calibration: str
    steps: int | None = None
    score_seeds: tuple[int, ...] = (101, 102, 103, 104)
    candidates: int = 4
    """Faces that casting draws when the set is made by the layers."""

    @property
    def way(self) -> Literal["layers", "photos"]:
        """How the reference set comes."""
        return "layers" if self.photos is None else "photos"


@dataclass
class _DemoSteps:
    """Says which part of the job is under way; the stages inside it report by themselves."""

    watch: ProgressSink
    count: int = 0

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Report that a part begins and, if it comes to its end, that it is done."""
        self.count += 1
        said = Progress(stage=f"{self.count}. {name}", done=0, total=1)
        self.watch(said)
        yield
        self.watch(said.model_copy(update={"done": 1}))


def demo(
    services: Services, worker: LocalWorker, plan: DemoPlan, out: Path, watch: ProgressSink
) -> Report:
    """Run the main job into a folder and return its report.

    Args:
        services: the studio; its home keeps what a later call goes on from.
        worker: does the stages.
        plan: what to run.
        out: gets contact sheet, report, references, LoRA, takes and the bundle.
        watch: progress of all stages.

    Raises:
        Refused: the gate refuses the set.
        SamecastError: what a stage raised; asking again goes on from that stage.
    """
    stages = StageRunner(worker, watch)
    steps = _DemoSteps(watch)
    create(services, CreateRequest(brief=plan.brief, production=PRODUCTION, base=plan.base))
    made, gate = _gated_set(services, stages, plan, steps)
    with steps.step("the LoRA"):
        lora = stages.call(Kind.TRAIN, _learn_request(plan, made), LoraMade)
    shoot = _shoot_request(plan, made, lora)
    with steps.step("the shots"):
        takes = stages.call(Kind.SHOOT, shoot, ShootResult)
    with steps.step("the same without the LoRA"):
        base_takes = stages.call(Kind.COMPARE, shoot, ShootResult)
    finished = FinishedRun(
        character=load_character(services, PRODUCTION, plan.brief.name),
        way=plan.way,
        reference_set_id=made.reference_set_id,
        gate=gate,
        lora=lora,
        shoot=shoot,
        takes=takes,
        base_takes=base_takes,
        stages=stages.times(services.database),
    )
    report = write_run(services, finished, out)
    pack(out, out / bundle_name(plan.brief.name))
    return report


def bundle_name(character: str) -> str:
    """Return the bundle's file name."""
    return f"{file_stem(character)}.samecast.zip"


def _gated_set(
    services: Services, stages: StageRunner, plan: DemoPlan, steps: _DemoSteps
) -> tuple[ReferenceSetMade, GateReport]:
    """Make the set and ask the gate; where it refuses a face's set, the next best face has its turn.

    Raises:
        Refused: the gate refuses the set of photos, or that of every face that may be tried.
    """
    builder = _builder(services, stages, plan)
    if plan.photos is not None:
        with steps.step("the photos"):
            made = builder.from_photos(plan.photos)
        return made, _passed(stages, plan, made)
    with steps.step("the faces"):
        found = builder.cast()

    def of_face(number: int | None) -> tuple[ReferenceSetMade, GateReport]:
        with steps.step("the references"):
            finished = builder.layers(found, number).finished
        assert finished is not None
        return finished, _passed(stages, plan, finished)

    faces: list[int | None] = [*ranked_faces(found)[:MOST_FACES]]
    *before, last = faces or [None]
    for number in before:
        with suppress(Refused):
            return of_face(number)
    return of_face(last)


def _passed(stages: StageRunner, plan: DemoPlan, made: ReferenceSetMade) -> GateReport:
    report = stages.call(
        Kind.GATE,
        GateRequest(
            reference_set_id=made.reference_set_id,
            calibration=plan.calibration,
            minimum=plan.least_images,
        ),
        GateReport,
    )
    require_pass(report)
    return report


def _builder(services: Services, stages: StageRunner, plan: DemoPlan) -> SetBuilder:
    options = SetOptions(
        production=PRODUCTION,
        character=plan.brief.name,
        base=plan.base,
        size=plan.least_images,
        seed=plan.seed,
        candidates=plan.candidates,
        calibration=plan.calibration,
        steps=plan.steps,
    )
    return SetBuilder(services, stages, options)


def _learn_request(plan: DemoPlan, made: ReferenceSetMade) -> LearnRequest:
    return LearnRequest(
        production=PRODUCTION,
        character=plan.brief.name,
        base=plan.base,
        reference_set_id=made.reference_set_id,
        config=plan.config,
        regularisation_images=plan.regularisation_images,
        score_seeds=plan.score_seeds,
        steps=plan.steps,
        calibration=plan.calibration,
    )


def _shoot_request(plan: DemoPlan, made: ReferenceSetMade, lora: LoraMade) -> ShootRequest:
    return ShootRequest(
        production=PRODUCTION,
        base=plan.base,
        adapter=CharacterAdapter(
            character=plan.brief.name,
            reference_set_id=made.reference_set_id,
            lora_version_id=lora.lora_version_id,
        ),
        shots=plan.shots,
        seed=plan.seed,
        max_tries=plan.max_tries,
        steps=plan.steps,
        calibration=plan.calibration,
    )
