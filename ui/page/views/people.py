"""The characters: brief, identity block, looks, casting, reference set by layer, LoRA lineage.

Knows the store; must not know HTML.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlmodel import Session

from tools.contracts.briefs import CharacterBrief
from tools.contracts.casting import Candidates
from tools.contracts.learning import LoraMade
from tools.contracts.photography import Layer
from tools.store.board import (
    CharacterRows,
    confirmed_blocks,
    kept_images,
    production_characters,
)
from tools.store.identity_block import IdentityBlock
from tools.store.reference_set import ReferenceImage
from tools.store.work import done_results
from tools.workflows.digest import version_in_use
from tools.workflows.kinds import Kind
from ui.page.views.takes import LARGE, MIDDLE, THUMB, PictureLink

SLOTS = (
    ("age", "age"),
    ("skin", "skin"),
    ("hair", "hair"),
    ("eyes", "eyes"),
    ("facial hair", "facial_hair"),
    ("marks", "marks"),
    ("build", "build"),
    ("wardrobe", "wardrobe"),
    ("headwear", "headwear"),
    ("tone", "tone"),
    ("recurring", "recurring"),
    ("signature light", "signature_light"),
    ("free words", "free_words"),
)


@dataclass(frozen=True)
class PictureView:
    """A picture with what stands under it."""

    thumb: str
    large: str
    label: str
    outcome: str = ""
    """The gate's word: `pass`, `review`, `reject`, or empty."""


@dataclass(frozen=True)
class BlockView:
    """An identity block in force."""

    look: str
    vocabulary: str
    version: int
    text: str


@dataclass(frozen=True)
class LayerView:
    """The images of one layer of a reference set."""

    name: str
    images: tuple[PictureView, ...]


@dataclass(frozen=True)
class VersionView:
    """A LoRA version."""

    version: int
    base: str
    architecture: str
    trained_on: str | None
    """None: not known."""
    steps: int | None
    """None, as the seconds, for one from elsewhere."""
    seconds: float | None
    score: float | None
    in_use: bool
    parent: str
    losses: tuple[float, ...]
    """Mean loss of each twentieth of the steps; empty when the run's job is not here."""


@dataclass(frozen=True)
class CharacterView:
    """A character."""

    name: str
    slots: tuple[tuple[str, str], ...]
    blocks: tuple[BlockView, ...]
    faces: tuple[PictureView, ...]
    chosen_face: int | None
    set_title: str
    layers: tuple[LayerView, ...]
    versions: tuple[VersionView, ...]


def character_views(
    session: Session, production_id: str, bases: Collection[str], link: PictureLink
) -> tuple[CharacterView, ...]:
    """Read all characters of a production whose base takes the adapters of these bases."""
    people = production_characters(session=session, production_id=production_id)
    sets = [rows.newest_set.id for rows in people if rows.newest_set]
    found = _Found(
        blocks=confirmed_blocks(session=session, production_id=production_id),
        images=kept_images(session=session, set_ids=sets),
        losses=_losses(session, production_id),
    )
    return tuple(_view(rows, found, bases, link) for rows in people)


@dataclass(frozen=True)
class _Found:
    """What all characters have, read at once."""

    blocks: Mapping[str, Sequence[tuple[IdentityBlock, str]]]
    """By character id, with the look's name."""
    images: Mapping[str, Sequence[ReferenceImage]]
    """By set id."""
    losses: Mapping[str, tuple[float, ...]]
    """By LoRA version id."""


def _view(
    rows: CharacterRows, found: _Found, bases: Collection[str], link: PictureLink
) -> CharacterView:
    brief = CharacterBrief.model_validate_json(rows.character.brief)
    images = found.images.get(rows.newest_set.id, ()) if rows.newest_set else ()
    return CharacterView(
        name=rows.character.name,
        slots=_slots(brief),
        blocks=_blocks(found.blocks.get(rows.character.id, ())),
        faces=_faces(rows.candidates, link),
        chosen_face=rows.casting.face if rows.casting else None,
        set_title=_set_title(rows),
        layers=_layers(images, link),
        versions=_versions(rows, bases, found.losses),
    )


def _slots(brief: CharacterBrief) -> tuple[tuple[str, str], ...]:
    values = ((label, getattr(brief, slot)) for label, slot in SLOTS)
    spoken = ((label, ", ".join(v) if isinstance(v, tuple) else v) for label, v in values)
    return (("person", brief.person), *((label, words) for label, words in spoken if words))


def _blocks(confirmed: Sequence[tuple[IdentityBlock, str]]) -> tuple[BlockView, ...]:
    newest = {(block.look_id, block.vocabulary): (block, look) for block, look in confirmed}
    return tuple(
        BlockView(look, block.vocabulary, block.version, block.text)
        for block, look in newest.values()
    )


def _faces(result: str | None, link: PictureLink) -> tuple[PictureView, ...]:
    if result is None:
        return ()
    found = Candidates.model_validate_json(result)
    return tuple(
        PictureView(
            thumb=link(face.sheet, MIDDLE),
            large=link(face.sheet, LARGE),
            label=f"face {face.number}"
            + (", agrees best" if face.number == found.suggested else ""),
        )
        for face in found.candidates
    )


def _set_title(rows: CharacterRows) -> str:
    found = rows.newest_set
    if found is None:
        return "no reference set yet"
    title = f"reference set v{found.version} from {found.origin.value}, {rows.references} images"
    if found.verdict is None:
        return f"{title}; the gate was not asked"
    mean = "–" if found.csfd_mean is None else f"{found.csfd_mean:.3f}"
    worst = "–" if found.csfd_worst is None else f"{found.csfd_worst:.3f}"
    return f"{title}; gate: {found.verdict.value}, mean {mean}, worst {worst}, threshold {found.threshold}"


def _layers(images: Sequence[ReferenceImage], link: PictureLink) -> tuple[LayerView, ...]:
    ordered = sorted(images, key=lambda image: list(Layer).index(image.layer))
    return tuple(
        LayerView(str(layer), tuple(_image(image, link) for image in of_layer))
        for layer, of_layer in groupby(ordered, key=lambda image: image.layer)
    )


def _image(image: ReferenceImage, link: PictureLink) -> PictureView:
    measured = "no readable face" if image.csfd is None else f"CSFD {image.csfd:.3f}"
    return PictureView(
        thumb=link(image.digest, THUMB),
        large=link(image.digest, LARGE),
        label=f"{image.position}: {measured}",
        outcome=image.verdict.value if image.verdict else "",
    )


def _versions(
    rows: CharacterRows, bases: Collection[str], losses: Mapping[str, tuple[float, ...]]
) -> tuple[VersionView, ...]:
    used = version_in_use(rows, bases)
    numbers = {version.id: version.version for version in rows.versions}
    return tuple(
        VersionView(
            version=each.version,
            base=each.base,
            architecture=each.architecture,
            trained_on=each.trained_on,
            steps=each.steps,
            seconds=each.seconds,
            score=each.score,
            in_use=used is not None and each.id == used.id,
            parent=f"v{numbers[each.parent_id]}" if each.parent_id in numbers else "",
            losses=losses.get(each.id, ()),
        )
        for each in rows.versions
    )


def _losses(session: Session, production_id: str) -> dict[str, tuple[float, ...]]:
    """The training curves that finished jobs kept, by LoRA version."""
    results = done_results(session=session, production_id=production_id, kind=Kind.TRAIN)
    made = [LoraMade.model_validate_json(result) for result in results]
    return {each.lora_version_id: each.losses for each in made}
