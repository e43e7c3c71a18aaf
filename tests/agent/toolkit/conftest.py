"""A studio on SQLite with the base `micro`, one conversation in it, and a worker for its jobs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from agent.context import ChatContext
from agent.toolkit.show_takes import ShowTakes, show_takes
from tests.support.filled_studio import PASSED, REJECTED, plan, shot, takes
from tools.compose import Studio, build_studio
from tools.contracts.briefs import CharacterBrief
from tools.contracts.casting import CastingRequest
from tools.contracts.digest import Shown
from tools.contracts.learning import LearnRequest
from tools.contracts.progress import ProgressSink, ignore_progress
from tools.contracts.sets import GateRequest
from tools.contracts.training import LoraConfig
from tools.contracts.verdicts import Outcome
from tools.services import Services
from tools.settings import Settings
from tools.store.conversation import get_shown, start_conversation
from tools.store.job import Job
from tools.workflows.digest import production_row
from tools.workflows.kinds import Kind
from tools.workflows.people.characters import ensure_production
from tools.workflows.people.create import CreateRequest, create

PRODUCTION = "studio"
BRIEF = CharacterBrief(
    name="Daro",
    person="man",
    age="young",
    skin="tan skin",
    hair="short black hair",
    eyes="green eyes",
    wardrobe=("white coat",),
    headwear="red scarf",
)


@dataclass
class Linked:
    """The jobs that were linked to the conversation, in order."""

    ids: list[str] = field(default_factory=list)

    def __call__(self, job_id: str) -> None:
        if job_id not in self.ids:
            self.ids.append(job_id)


@pytest.fixture
def studio(tmp_path: Path, micro_home: Path) -> Studio:
    """A fresh studio that draws with `micro` and trains on it."""
    settings = Settings(home=tmp_path / "studio", device="cpu", threads=1, base="micro")
    return build_studio(settings, bases_home=micro_home)


@pytest.fixture
def services(studio: Studio) -> Services:
    return studio.services


@pytest.fixture
def linked() -> Linked:
    return Linked()


@pytest.fixture
def conversation_id(services: Services) -> str:
    with services.database.session() as session:
        production = ensure_production(session, PRODUCTION)
        return start_conversation(session=session, production_id=production.id).id


@pytest.fixture
def context(studio: Studio, linked: Linked, conversation_id: str) -> ChatContext:
    """What a tool may use; short jobs are run in this process, long ones wait in the queue."""

    def settle(job_id: str, watch: ProgressSink) -> Job:
        return studio.worker.run_until_done([job_id], watch=watch)[0]

    return ChatContext(
        services=studio.services,
        jobs=studio.worker.store,
        production=PRODUCTION,
        conversation_id=conversation_id,
        speaker="director",
        settle=settle,
        started=linked,
    )


@pytest.fixture
def finish(studio: Studio) -> Callable[[str], Job]:
    """Run a job that a tool started, and return it done; raises what its handler raised."""

    def run(job_id: str) -> Job:
        return studio.worker.run_until_done([job_id], watch=ignore_progress)[0]

    return run


@pytest.fixture
def shown(services: Services, conversation_id: str) -> Callable[[], Shown]:
    """What the conversation showed last."""

    def read() -> Shown:
        with services.database.reading() as session:
            return Shown.model_validate_json(
                get_shown(session=session, conversation_id=conversation_id)
            )

    return read


@pytest.fixture
def daro(services: Services) -> str:
    """Daro is in the cast; returns his name."""
    create(services, CreateRequest(brief=BRIEF, production=PRODUCTION, base="micro"))
    return BRIEF.name


REVIEW = PASSED.model_copy(
    update={
        "outcome": Outcome.REVIEW,
        "csfd_own": 0.052,
        "reasons": (
            "distance 0.052 to the character, threshold 0.049",
            "nearly equals the training picture reference 3",
        ),
    }
)


@pytest.fixture
def filmed(services: Services, daro: str) -> str:
    """12A has three takes, 12B one that is for review, 12C none."""
    plan(services, shot("12A"), shot("12B"), shot("12C"))
    takes(services, shot("12A"), [PASSED, REJECTED, PASSED])
    takes(services, shot("12B"), [REVIEW])
    return daro


def show_all(context: ChatContext, *slates: str, which: str = "all") -> str:
    arguments = ShowTakes.model_validate({"slates": slates, "which": which})
    return show_takes(arguments, context, ignore_progress).text


def started(context: ChatContext, *kinds: Kind) -> list[str]:
    """Ask for a piece of work of each kind; return the jobs' ids."""
    learn = LearnRequest(
        production="studio",
        character="Daro",
        base="micro",
        reference_set_id="a",
        config=LoraConfig(steps=3),
    )
    cast = CastingRequest(production="studio", character="Daro", base="micro", seed=1)
    payloads = {Kind.CAST: cast, Kind.TRAIN: learn, Kind.GATE: GateRequest(reference_set_id="a")}
    owner = production_row(context.services, context.production).id
    return [
        context.jobs.enqueue(kind=kind, payload=payloads[kind], production_id=owner)
        for kind in kinds
    ]
