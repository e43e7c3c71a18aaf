"""Who judges what a shoot draws: takes by their set, sketches by the pictures there are of the person.

Knows the shoot's adapter; must not draw. A sketch is held against the newest set, else the portraits of the
chosen face; without either only its head is looked at, and the verdict says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Literal

from PIL import Image

from tools.contracts.bases import BaseRow
from tools.contracts.faces import Face
from tools.contracts.shooting import CharacterAdapter
from tools.contracts.verdicts import Outcome, Verdict
from tools.errors import Refused
from tools.imaging.pictures import load_picture
from tools.qc.strangers import Strangers, load_strangers
from tools.qc.verdict import head_count
from tools.services import Services
from tools.workflows.bases.calibrations import Eyes, open_eyes
from tools.workflows.bases.form import FormAsked, FormCheck, look_at_form, open_form_check
from tools.workflows.shots.judge.judging import Asked, Judge, build_judge, judge_against

Judged = tuple[Verdict, tuple[float, ...] | None]
"""A verdict and the embedding of the face that was judged."""

HeldAgainst = Literal["the reference set", "the chosen portrait", "nothing"]

BY_PORTRAIT = "held against the chosen portrait, not a set"
BY_NOTHING = "only the head was looked at, as there is no readable picture of the person"


@dataclass(frozen=True)
class PortraitJudge:
    """Holds sketches against the portraits that they were drawn over."""

    judge: Judge

    @property
    def strangers(self) -> Strangers:
        """Whom the faces are compared with."""
        return self.judge.strangers

    def look(self, pictures: Sequence[Image.Image], asked: Sequence[Asked]) -> list[Judged]:
        """As `Judge.look`; the verdict says what the sketch was held against."""
        return [
            (verdict.model_copy(update={"reasons": (*verdict.reasons, BY_PORTRAIT)}), embedding)
            for verdict, embedding in self.judge.look(pictures, asked)
        ]


@dataclass(frozen=True)
class HeadJudge:
    """Counts heads and looks whether they are rightly formed; whose they are, it cannot tell."""

    eyes: Eyes
    form: FormCheck | None
    strangers: Strangers

    def look(self, pictures: Sequence[Image.Image], asked: Sequence[Asked]) -> list[Judged]:
        """As `Judge.look`; nothing passes."""
        found = self.eyes.seer.faces(pictures)
        forms = look_at_form(self.form, pictures, [FormAsked(each.framing) for each in asked])
        return [
            (_of_head(faces, meant, form.fault), None)
            for faces, meant, form in zip(found, asked, forms, strict=True)
        ]


ShootJudge = Judge | PortraitJudge | HeadJudge


def held_against(judge: ShootJudge | None) -> HeldAgainst:
    """Name what a judge holds pictures against; takes without a judge were held against their set."""
    match judge:
        case PortraitJudge():
            return "the chosen portrait"
        case HeadJudge():
            return "nothing"
        case _:
            return "the reference set"


def drawn_over(adapter: CharacterAdapter) -> str | None:
    """Name what an adapter's sketches are drawn over; None: they are drawn from their words alone."""
    if adapter.portraits:
        return "the chosen portrait"
    return "the nearest reference image" if adapter.reference_set_id else None


def judge_of_shoot(
    services: Services, adapter: CharacterAdapter, calibration: str, row: BaseRow | None
) -> ShootJudge:
    """Return the judge of what an adapter draws, or the base alone.

    Args:
        services: the studio.
        adapter: of the shoot.
        calibration: name of the threshold.
        row: the base that draws; None where it is not known any more.

    Raises:
        Refused: the reference set of a LoRA version has no readable face.
    """
    if adapter.lora_version_id is not None:
        return build_judge(services, str(adapter.reference_set_id), calibration, row)
    # A set or portraits in which no face can be read tell as little as none.
    with suppress(Refused):
        if adapter.reference_set_id is not None:
            return _of_sketches(build_judge(services, adapter.reference_set_id, calibration, row))
    with suppress(Refused):
        if adapter.portraits:
            judge = judge_against(services, _portraits(services, adapter), calibration, row)
            return PortraitJudge(_of_sketches(judge))
    eyes = open_eyes(services, calibration)
    form = open_form_check(services, row) if row else None
    return HeadJudge(eyes, form, load_strangers(eyes.calibration.embedder))


def _of_sketches(judge: Judge) -> Judge:
    """A sketch is drawn over one of the pictures it is held against: being like it is no fault."""
    return replace(judge, person=replace(judge.person, training_pictures={}))


def _portraits(services: Services, adapter: CharacterAdapter) -> Mapping[str, Image.Image]:
    return {
        f"portrait {number}": load_picture(services.files.path(digest))
        for number, digest in enumerate(adapter.portraits, start=1)
    }


def _of_head(faces: Sequence[Face], meant: Asked, fault: str | None) -> Verdict:
    outcome, said = (
        (Outcome.REVIEW, "one face: look at it")
        if len(faces) == 1
        else head_count(len(faces), meant)
    )
    faults = (fault,) if fault else ()
    return Verdict(
        outcome=Outcome.REJECT if fault else outcome,
        reasons=(said, *faults, BY_NOTHING),
        faces=len(faces),
        malformed=fault is not None,
    )
