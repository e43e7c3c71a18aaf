"""How surely an adapter draws its character: close-ups on fixed seeds, held against the reference set.

Knows prompts and the judge; must not know how the adapter came to be.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tools.contracts.bases import BaseRow
from tools.contracts.model import Digest, Seed
from tools.contracts.photography import Framing
from tools.contracts.progress import Progress, ProgressSink
from tools.contracts.shots import CharacterInShot, ShotRequest
from tools.services import Services
from tools.workflows.drawing import Bill, draw, told_by_steps
from tools.workflows.people.characters import LoadedCharacter
from tools.workflows.shots.judge.judging import asked_of, build_judge
from tools.workflows.shots.shoot.remedies import remedy_for
from tools.workflows.shots.shoot.requests import compose_take, frame_of, take_request

SCORE_LIGHT = "soft window light"


@dataclass(frozen=True)
class Scoring:
    """Who is drawn, on which base, and what the pictures are held against."""

    services: Services
    bill: Bill
    character: LoadedCharacter
    row: BaseRow
    """As it draws with the adapter."""
    reference_set_id: str
    calibration: str
    seeds: tuple[Seed, ...]
    """None gives no score."""
    steps: int | None
    """Sampling steps; None takes the base's own number."""
    progress: ProgressSink


def identity_score(scoring: Scoring, lora: Digest) -> float | None:
    """Mean CSFD of close-ups drawn with an adapter on fixed seeds; unreadable ones are left out.

    Raises:
        Refused: the reference set has no readable face.
    """
    if not scoring.seeds:
        return None
    shot = ShotRequest(
        slate="1",
        framing=Framing.CLOSE_UP,
        light=SCORE_LIGHT,
        cast=(CharacterInShot(character=scoring.character.name),),
    )
    composed = compose_take(scoring.services, scoring.character, shot, scoring.row)
    asked = [
        take_request(
            composed,
            scoring.row,
            seed=seed,
            steps=scoring.steps,
            lora=lora,
            weight=1.0,
            remedy=remedy_for(scoring.row, 1),
            size=frame_of(scoring.row, scoring.character.style),
        )
        for seed in scoring.seeds
    ]
    told = told_by_steps(scoring.progress, Progress(stage="score", done=0, total=len(asked)))
    pictures = [result.image for result in draw(scoring.bill, asked, told)]
    judge = build_judge(scoring.services, scoring.reference_set_id, scoring.calibration)
    judged = judge.look(pictures, [asked_of(shot)] * len(pictures))
    read = [verdict.csfd_own for verdict, _ in judged if verdict.csfd_own is not None]
    return round(float(np.mean(read)), 4) if read else None
