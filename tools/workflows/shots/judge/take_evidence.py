"""What a take was judged by, and the same judgement made again from its stored picture.

Knows the shoot that made a take, its reference set and threshold; must not decide anything. Faces of
known pictures come from the cache, so that judging again costs little.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.contracts.bases import BaseRow
from tools.contracts.shooting import CharacterAdapter, ShootRequest
from tools.contracts.shots import ShotRequest
from tools.contracts.verdicts import Calibration, Outcome, Verdict
from tools.errors import UnknownName
from tools.imaging.pictures import load_picture
from tools.services import Services
from tools.store.lora_version import LoraVersion
from tools.store.shot import Shot
from tools.store.work import job_by_key_start
from tools.workflows.bases.calibrations import calibration_name, find_calibration
from tools.workflows.kinds import Kind
from tools.workflows.shots.judge.judging import asked_of, build_judge
from tools.workflows.shots.judge.shoot_judge import ShootJudge, judge_of_shoot

if TYPE_CHECKING:
    from sqlmodel import Session

    from tools.store.take import Take


@dataclass(frozen=True)
class Evidence:
    """A take with what it is held against."""

    take: Take
    shot: ShotRequest
    """As it was drawn, even if a note has revised it since."""
    base: str | None
    reference_set_id: str | None
    """None when nothing says which set the take belongs to."""
    lora: LoraVersion | None
    calibration: str
    """Name of the threshold."""
    adapter: CharacterAdapter | None = None
    """What drew it; None where the shoot is not known."""

    @property
    def character(self) -> str:
        """Who is in frame; empty when nobody is."""
        return self.shot.cast[0].character if self.shot.cast else ""


@dataclass(frozen=True)
class Stranger:
    """The nearest person who is not the character."""

    name: str
    distance: float


@dataclass(frozen=True)
class Judged:
    """A take judged again."""

    verdict: Verdict
    stranger: Stranger | None
    """None without a readable face, or where nobody is known to the embedder."""


def evidence_of(services: Services, session: Session, take: Take) -> Evidence:
    """Find what a take was judged by: its shoot's request, else its adapter's set."""
    lora = session.get(LoraVersion, take.lora_version_id) if take.lora_version_id else None
    shot = ShotRequest.model_validate_json(session.get_one(Shot, take.shot_id).request)
    shoot = _shoot_of(session, take)
    if shoot is None:
        base = _known_base(services, lora.base) if lora else None
        return Evidence(
            take=take,
            shot=shot,
            base=lora.base if lora else None,
            reference_set_id=lora.reference_set_id if lora else None,
            lora=lora,
            calibration=calibration_name(services, base.name if base else services.settings.base),
        )
    return Evidence(
        take=take,
        shot=next((each for each in shoot.shots if each.slate == shot.slate), shot),
        base=shoot.base,
        reference_set_id=shoot.adapter.reference_set_id,
        lora=lora,
        calibration=shoot.calibration,
        adapter=shoot.adapter,
    )


def judge_of(services: Services, evidence: Evidence) -> ShootJudge | None:
    """Return the judge of a take's character, or None where nothing says what it is held against.

    Raises:
        Refused: the reference set has no readable face.
    """
    base = _known_base(services, evidence.base) if evidence.base else None
    if evidence.take.is_sketch and evidence.adapter is not None:
        return judge_of_shoot(services, evidence.adapter, evidence.calibration, base)
    if evidence.reference_set_id is None:
        return None
    return build_judge(services, evidence.reference_set_id, evidence.calibration, base)


def judge_again(services: Services, evidence: Evidence, judge: ShootJudge) -> Judged:
    """Judge a take's stored picture once more.

    Raises:
        UnknownName: the take was never drawn, or its file is gone.
    """
    picture = load_picture(services.files.path(str(evidence.take.digest)))
    ((verdict, embedding),) = judge.look([picture], [asked_of(evidence.shot)])
    if embedding is None or not judge.strangers.centroids:
        return Judged(verdict, None)
    return Judged(verdict, Stranger(*judge.strangers.nearest(embedding)))


def stored_verdict(take: Take) -> Verdict:
    """Return what QC said when the take was drawn, as far as the take's row has it."""
    return Verdict(
        outcome=take.verdict or Outcome.REVIEW,
        reasons=tuple(take.reason_list()),
        csfd_own=take.csfd_own,
        csfd_other=take.csfd_other,
        nearest=take.nearest,
        copy_of=take.copy_of,
        faces=take.faces or 0,
    )


def threshold_of(services: Services, evidence: Evidence) -> Calibration:
    """Return the threshold that a take is held to, with its origin."""
    return find_calibration(services, evidence.calibration)


def _shoot_of(session: Session, take: Take) -> ShootRequest | None:
    """A take's key begins with that of the job that drew it."""
    job = job_by_key_start(session=session, start=take.key.partition(":")[0])
    if job is None or job.kind not in (Kind.SHOOT, Kind.SKETCH):
        return None
    return ShootRequest.model_validate_json(job.payload)


def _known_base(services: Services, name: str) -> BaseRow | None:
    """The base that drew a take; None where the studio has forgotten it."""
    try:
        return services.catalog.row(name)
    except UnknownName:
        return None
