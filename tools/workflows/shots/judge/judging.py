"""Hold drawn pictures against a character's reference set.

Knows the set, the strangers and QC; must not draw. One `Judge` is built for a set and used for all of
its takes, so that every reference is looked at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PIL import Image

from tools.contracts.bases import BaseRow
from tools.contracts.faces import Face
from tools.contracts.photography import Framing, View
from tools.contracts.shots import ShotRequest
from tools.contracts.verdicts import Verdict
from tools.errors import Refused
from tools.imaging.pictures import load_picture
from tools.qc.copies import Fingerprint, fingerprint
from tools.qc.csfd import centroid
from tools.qc.readable import Readability, reading_of
from tools.qc.strangers import Strangers, load_strangers
from tools.qc.verdict import judge_take
from tools.services import Services
from tools.store.reference_set import list_images
from tools.workflows.bases.calibrations import Eyes, open_eyes
from tools.workflows.bases.form import FormCheck, head_faults, open_form_check

SAME_PERSON = 0.02
"""A stranger whose centroid is this near the set's is the person in play, and is left out."""


@dataclass(frozen=True)
class Asked:
    """What a picture was meant to show; decides what a missing face means."""

    framing: Framing
    view: View | None = None


def asked_of(shot: ShotRequest) -> Asked:
    """Return what a shot's pictures are meant to show."""
    return Asked(shot.framing, shot.view)


@dataclass(frozen=True)
class Judge:
    """A character's identity as QC knows it."""

    eyes: Eyes
    form: FormCheck | None
    """Looks whether heads are rightly formed, where the base draws some that are not."""
    references: tuple[tuple[float, ...], ...]
    """Unit embeddings of the set's well-read faces."""
    strangers: Strangers
    training_pictures: Mapping[str, Fingerprint]

    def look(
        self, pictures: Sequence[Image.Image], asked: Sequence[Asked]
    ) -> list[tuple[Verdict, tuple[float, ...] | None]]:
        """Return the verdict and the judged face's embedding of each picture."""
        found = self.eyes.seer.faces(pictures)
        faults = head_faults(self.form, pictures, [meant.framing for meant in asked])
        return [
            self._judge(picture, faces, meant, fault)
            for picture, faces, meant, fault in zip(pictures, found, asked, faults, strict=True)
        ]

    def _judge(
        self, picture: Image.Image, faces: Sequence[Face], meant: Asked, fault: str | None
    ) -> tuple[Verdict, tuple[float, ...] | None]:
        verdict = judge_take(
            picture,
            faces,
            self.references,
            self.strangers,
            self.eyes.calibration,
            meant.framing,
            self.training_pictures,
            view=meant.view,
            fault=fault,
        )
        verdict = verdict.model_copy(update={"embedder": self.eyes.calibration.embedder})
        return verdict, None if verdict.csfd_own is None else faces[0].embedding


def build_judge(
    services: Services, reference_set_id: str, calibration: str, row: BaseRow | None = None
) -> Judge:
    """Read a set's faces (from the cache where they are known) and return its judge.

    Args:
        services: the studio.
        reference_set_id: whose face is wanted.
        calibration: name of the threshold, which brings its embedder.
        row: the base that draws the pictures; None for pictures from elsewhere.

    Raises:
        Refused: the set has no readable face.
    """
    with services.database.reading() as session:
        images = list_images(session=session, set_id=reference_set_id)
    pictures = {
        f"reference {image.position}": load_picture(services.files.path(image.digest))
        for image in images
    }
    return judge_against(services, pictures, calibration, row)


def judge_against(
    services: Services,
    pictures: Mapping[str, Image.Image],
    calibration: str,
    row: BaseRow | None = None,
) -> Judge:
    """As `build_judge`, of pictures of the character by their names.

    Raises:
        Refused: none has a readable face.
    """
    eyes = open_eyes(services, calibration)
    form = open_form_check(services, row) if row else None
    references = reference_embeddings(eyes.seer.faces(list(pictures.values())))
    return Judge(
        eyes=eyes,
        form=form,
        references=references,
        strangers=_strangers_to(references, eyes.calibration.embedder),
        training_pictures={name: fingerprint(picture) for name, picture in pictures.items()},
    )


def reference_embeddings(found: Sequence[Sequence[Face]]) -> tuple[tuple[float, ...], ...]:
    """Return the embeddings of a set that a take is held against: the well-read faces.

    Raises:
        Refused: no face at all.
    """
    faces = [each[0] for each in found if each]
    good = tuple(face.embedding for face in faces if reading_of(face) is Readability.GOOD)
    if not faces:
        raise Refused("no image of the reference set has a readable face; build another set")
    return good or tuple(face.embedding for face in faces)


def _strangers_to(references: Sequence[tuple[float, ...]], embedder: str) -> Strangers:
    strangers = load_strangers(embedder)
    if not strangers.centroids:
        return strangers
    name, distance = strangers.nearest(centroid(references))
    return strangers.without(name) if distance <= SAME_PERSON else strangers
