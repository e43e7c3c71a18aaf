"""The demo's plan from the files that ship in `prompts/demo/`, or from others of the same kind."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from pydantic import Field

from tools.architectures.registry import preset
from tools.contracts.model import Contract, Seed
from tools.language.brief_files import load_character_brief
from tools.services import Services
from tools.workflows.demo.demo import DemoPlan
from tools.workflows.shots.plan.shot_list import load_shots

PERSON = "zuri.yaml"
"""Whom the demo is about: a brief of `prompts/demo/`."""
REGULARISATION_IMAGES = 8


class DemoOptions(Contract):
    """What may differ from the shipped demo; None keeps what ships."""

    brief: Path | None = None
    shots: Path | None = None
    photos: Path | None = None
    """A folder of photos of the person; None makes the set from the brief alone."""
    base: str = "maquette"
    train_steps: int | None = Field(default=None, ge=1)
    steps: int | None = Field(default=None, ge=1)
    images: int = Field(default=20, ge=2, le=60)
    tries: int = Field(default=3, ge=1, le=10)
    seed: Seed = 1
    score_seeds: tuple[Seed, ...] = (101, 102, 103, 104)
    calibration: str = "maquette"


def shipped(name: str) -> Path:
    """Return a file or folder of `prompts/demo/`."""
    return Path(str(files("prompts").joinpath("demo", name)))


def make_plan_of_demo(services: Services, options: DemoOptions) -> DemoPlan:
    """Read brief and shots and choose the training preset of the base.

    Raises:
        BadInput: a file that cannot be read.
        UnknownName: no such base.
    """
    row = services.catalog.row(options.base)
    config = preset("fast", row, options.images).model_copy(update={"seed": options.seed})
    if options.train_steps is not None:
        config = config.model_copy(update={"steps": options.train_steps})
    brief = load_character_brief(options.brief or shipped(PERSON))
    return DemoPlan(
        brief=brief,
        shots=load_shots(options.shots or shipped("shots.yaml"), brief.name),
        base=options.base,
        photos=options.photos,
        config=config,
        regularisation_images=min(REGULARISATION_IMAGES, options.images),
        least_images=options.images,
        seed=options.seed,
        max_tries=options.tries,
        calibration=options.calibration,
        steps=options.steps,
        score_seeds=options.score_seeds,
    )
