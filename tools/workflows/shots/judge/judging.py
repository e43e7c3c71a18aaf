"""Hold drawn pictures against a character's reference set.

Knows the set, the strangers and QC; must not draw. One `Judge` is built for a set and used for all of
its takes, so that every reference is looked at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from PIL import Image

from tools.contracts.bases import BaseRow
from tools.contracts.faces import Face
from tools.contracts.outfits import WantedOutfit
from tools.contracts.shots import ShotRequest
from tools.contracts.verdicts import Verdict
from tools.errors import Refused
from tools.imaging.pictures import load_picture
from tools.language.prompt.vocabulary import load_vocabulary
from tools.qc.copies import fingerprint
from tools.qc.csfd import centroid
from tools.qc.readable import Readability, reading_of
from tools.qc.strangers import Strangers, load_strangers
from tools.qc.verdict import AskedFraming, KnownPerson, SeenTake, judge_take
from tools.services import Services
from tools.store.character import DEFAULT_LOOK, Character
from tools.store.production import Production
from tools.store.reference_set import get_set, list_images
from tools.workflows.bases.calibrations import Eyes, open_eyes
from tools.workflows.bases.form import (
    FormAsked,
    FormCheck,
    FormFound,
    look_at_form,
    open_form_check,
)
from tools.workflows.people.characters import LoadedCharacter, loaded
from tools.workflows.people.outfits import wanted_outfits

SAME_PERSON = 0.02
"""A stranger whose centroid is this near the set's is the person in play, and is left out."""


@dataclass(frozen=True)
class Asked(AskedFraming):
    """What a picture was meant to show."""

    look: str = DEFAULT_LOOK
    """Which of the character's looks is worn."""


def asked_of(shot: ShotRequest) -> Asked:
    """Return what a shot's pictures are meant to show."""
    return Asked(shot.framing, shot.view, shot.cast[0].look if shot.cast else DEFAULT_LOOK)


@dataclass(frozen=True)
class Judge:
    """A character's identity as QC knows it."""

    eyes: Eyes
    form: FormCheck | None
    """Looks whether heads are rightly formed and what is worn, where the base's pictures can be read so."""
    person: KnownPerson
    outfits: Mapping[str, WantedOutfit]
    """What each look wears; none where nobody can tell."""

    @property
    def strangers(self) -> Strangers:
        """Who else is known."""
        return self.person.strangers

    def look(
        self, pictures: Sequence[Image.Image], asked: Sequence[Asked]
    ) -> list[tuple[Verdict, tuple[float, ...] | None]]:
        """Return the verdict and the judged face's embedding of each picture."""
        found = self.eyes.seer.faces(pictures)
        meant = [FormAsked(each.framing, self.outfits.get(each.look)) for each in asked]
        forms = look_at_form(self.form, pictures, meant)
        return [
            self._judge(picture, faces, form, each)
            for picture, faces, form, each in zip(pictures, found, forms, asked, strict=True)
        ]

    def _judge(
        self, picture: Image.Image, faces: Sequence[Face], form: FormFound, meant: Asked
    ) -> tuple[Verdict, tuple[float, ...] | None]:
        take = SeenTake(picture, faces, form.fault, form.outfit, form.outfit_faults)
        verdict = judge_take(take, self.person, meant)
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
    character, pictures = _set_pictures(services, reference_set_id)
    judge = judge_against(services, pictures, calibration, row)
    outfits = _outfits(services, character, row, judge.form, list(pictures.values()))
    return replace(judge, outfits=outfits)


def judge_against(
    services: Services,
    pictures: Mapping[str, Image.Image],
    calibration: str,
    row: BaseRow | None = None,
) -> Judge:
    """As `build_judge`, of pictures of the character by their names; clothes are held against no look.

    Raises:
        Refused: none has a readable face.
    """
    eyes = open_eyes(services, calibration)
    form = open_form_check(services, row) if row else None
    references = reference_embeddings(eyes.seer.faces(list(pictures.values())))
    return Judge(
        eyes=eyes,
        form=form,
        person=KnownPerson(
            references=references,
            strangers=_strangers_to(references, eyes.calibration.embedder),
            calibration=eyes.calibration,
            training_pictures={name: fingerprint(picture) for name, picture in pictures.items()},
        ),
        outfits={},
    )


def _set_pictures(
    services: Services, set_id: str
) -> tuple[LoadedCharacter, dict[str, Image.Image]]:
    """Whose set it is, and its pictures by the name that a verdict calls them."""
    with services.database.reading() as session:
        images = list_images(session=session, set_id=set_id)
        owner = session.get_one(Character, get_set(session=session, set_id=set_id).character_id)
        character = loaded(session.get_one(Production, owner.production_id), owner)
    pictures = {
        f"reference {image.position}": load_picture(services.files.path(image.digest))
        for image in images
    }
    return character, pictures


def _outfits(
    services: Services,
    character: LoadedCharacter,
    row: BaseRow | None,
    form: FormCheck | None,
    pictures: Sequence[Image.Image],
) -> Mapping[str, WantedOutfit]:
    if row is None or form is None or form.bars is None:
        return {}
    vocabulary = load_vocabulary(row.vocabulary)
    return wanted_outfits(services, character, vocabulary, form.outfits(pictures))


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
