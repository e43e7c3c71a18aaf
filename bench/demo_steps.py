"""What each step brought to a demo's first takes: `python -m bench.demo_steps DEMO [DEMO ...]`.

DEMO is the folder of a finished `samecast demo`. Its eight shots are drawn again with its adapter and seeds:
without the guide as the base once drew, with the guide, and guided less as adapters of drawn references are
now. Then the last pictures are judged with the check for malformed heads and clothes, and by the drawn
embedder. One person a demo, eight pictures a way: differences of one take are noise.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from sqlmodel import select

from tools.backends.bases import BaseCatalog
from tools.backends.local.draw import LocalBackend
from tools.compose import build_services
from tools.contracts.bases import BaseRow
from tools.contracts.shooting import ShootRequest
from tools.contracts.verdicts import Outcome, Verdict
from tools.services import Services
from tools.settings import Settings
from tools.store.job import Job
from tools.store.lora_version import LoraVersion
from tools.workflows.kinds import Kind
from tools.workflows.people.characters import load_character
from tools.workflows.shots.judge.judging import asked_of
from tools.workflows.shots.judge.shoot_judge import judge_of_shoot
from tools.workflows.shots.shoot.remedies import remedy_for, take_seed
from tools.workflows.shots.shoot.requests import (
    compose_take,
    frame_of,
    row_with_adapter,
    take_request,
)

BASE, DRAWN = "maquette", "drawn"


@dataclass(frozen=True)
class Step:
    """How the takes fared in one way of drawing and judging."""

    name: str
    verdicts: tuple[Verdict, ...]

    @property
    def line(self) -> str:
        """One row of the table."""
        read = [each for each in self.verdicts if each.csfd_own is not None and not each.small_face]
        own = _mean([each.csfd_own for each in read])
        other = _mean([each.csfd_other for each in read])
        nearest = sum(each.nearest == "own" for each in read)
        counts = [
            sum(each.outcome is outcome for each in self.verdicts)
            for outcome in (Outcome.PASS, Outcome.REVIEW, Outcome.REJECT)
        ]
        ratio = own / other if other else float("nan")
        passed, review, rejected = counts
        return (
            f"| {self.name} | {len(read)} | {own:.3f} | {other:.3f} | {ratio:.2f} | "
            f"{nearest} of {len(read)} | {passed}, {review}, {rejected} |"
        )


def _mean(values: Sequence[float | None]) -> float:
    return float(np.mean([each for each in values if each is not None] or [0.0]))


def steps_of(services: Services) -> Iterator[Step]:
    """Draw and judge a demo's shots in every way."""
    with services.database.reading() as session:
        job = session.exec(select(Job).where(Job.kind == Kind.SHOOT.value)).one()
    request = ShootRequest.model_validate_json(job.payload)
    row = services.catalog.row(request.base)
    unlooked = row.model_copy(update={"form": None})
    less = row_with_adapter(services, row, str(request.adapter.reference_set_id))
    plain, guided = row.without_guide(), row
    for name, drawing in (("as it was", plain), ("guide", guided), ("guided less", less)):
        pictures = _drawn(services, request, drawing)
        yield Step(name, _judged(services, request, pictures, unlooked, request.calibration))
    looked = _judged(services, request, pictures, row, request.calibration)
    yield Step("malformed and clothes looked at", looked)
    yield Step("judged by the drawn embedder", _judged(services, request, pictures, row, DRAWN))


def _drawn(services: Services, request: ShootRequest, row: BaseRow) -> list[Image.Image]:
    character = load_character(services, request.production, request.adapter.character)
    with services.database.reading() as session:
        lora = session.get_one(LoraVersion, request.adapter.lora_version_id)
    asked = [
        take_request(
            compose_take(services, character, shot, row),
            row,
            seed=take_seed(request.seed, shot.slate, 1),
            steps=None,
            lora=lora.digest,
            weight=request.adapter.weight,
            remedy=remedy_for(row, 1),
            size=frame_of(row, character.style),
        )
        for shot in request.shots
    ]
    # A catalog of this row alone: a backend asks its catalog whether a base has a guide.
    catalog = BaseCatalog(services.settings.home, [row])
    backend = LocalBackend(catalog, services.files.path, batch_size=services.settings.batch_size)
    return [result.image for result in backend.draw(asked)]


def _judged(
    services: Services,
    request: ShootRequest,
    pictures: Sequence[Image.Image],
    row: BaseRow,
    calibration: str,
) -> tuple[Verdict, ...]:
    judge = judge_of_shoot(services, request.adapter, calibration, row)
    looked = judge.look(pictures, [asked_of(shot) for shot in request.shots])
    return tuple(verdict for verdict, _ in looked)


def main() -> None:
    """Print a table a demo."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("demos", nargs="+", type=Path)
    for demo in parser.parse_args().demos:
        settings = Settings(home=demo / "studio", database_url=None, base=BASE)
        print(f"\n{demo.name}\n")
        print(
            "| step | faces read of 8 | own | other | own / other | nearest own | passed, review, rejected |"
        )
        print("| --- | --- | --- | --- | --- | --- | --- |")
        for step in steps_of(build_services(settings)):
            print(step.line, flush=True)


if __name__ == "__main__":
    main()
