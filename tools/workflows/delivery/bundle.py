"""Open a bundle in this studio: its character, looks, reference set, LoRA and takes, all or nothing.

Knows the bundle's layout (`tools.contracts.bundle`); its bytes are checked in
`tools.workflows.delivery.bundle_zip`. Nothing of a bundle is ever unpickled.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError

from tools.backends.weights import read_header
from tools.contracts.briefs import SceneBrief
from tools.contracts.bundle import CHARACTER, BundleCharacter, BundleTake
from tools.contracts.model import Contract
from tools.contracts.references import SetImage
from tools.errors import BadInput
from tools.imaging.pictures import decode_picture
from tools.imaging.provenance import is_sketch
from tools.language.lexicon import one_line
from tools.language.names import trigger_of
from tools.services import Services
from tools.store.character import CharacterCreate, LookCreate, add_character, add_look
from tools.store.files import StoredFile
from tools.store.identity_block import IdentityBlockCreate, confirm_block, propose_block
from tools.store.lora_version import LoraVersion, LoraVersionCreate, add_lora_version
from tools.store.model import canonical_json
from tools.store.reference_set import (
    Origin,
    ReferenceImageCreate,
    ReferenceSet,
    add_image,
    record_gate,
    start_set,
)
from tools.store.scene import add_scene, find_scene
from tools.store.shot import ensure_shot
from tools.store.slate import parse_slate
from tools.store.take import TakeCreate, add_take, record_drawing, record_verdict
from tools.textfiles import lines_of, text_of
from tools.workflows.delivery.bundle_zip import read_members
from tools.workflows.people.characters import DEFAULT_PRODUCTION, ensure_production

if TYPE_CHECKING:
    from sqlmodel import Session

METADATA = "references/metadata.jsonl"

Model = TypeVar("Model", bound=BaseModel)


class OpenedBundle(Contract):
    """What a bundle brought into this studio."""

    character_id: str
    name: str
    references: int
    lora_version: int
    takes: int


def open_bundle(
    services: Services, path: Path, production: str = DEFAULT_PRODUCTION
) -> OpenedBundle:
    """Check a bundle and store its character, set, LoRA and takes; all or nothing.

    Raises:
        BadInput: not a bundle, a file that does not match the manifest, or a character or shot of
            that name that is here already.
    """
    members = read_members(path)
    character = _parse(members, CHARACTER, BundleCharacter)
    references = _references(members, character)
    takes = [_parse(members, name, BundleTake) for name in sorted(members) if _is_take(name)]
    _require(members, character, takes)
    stored = {
        name: services.files.put_bytes(data, Path(name).suffix.lower())
        for name, data in members.items()
    }
    for name in {character.lora.file, character.lora.kohya} - {None}:
        read_header(stored[str(name)].path)
    with services.database.session() as session:
        return _store(session, production, character, references, takes, stored)


def _is_take(name: str) -> bool:
    return name.startswith("takes/") and name.endswith(".json")


def _parse(members: Mapping[str, bytes], name: str, model: type[Model]) -> Model:
    if name not in members:
        raise BadInput(f"the bundle has no {name}; export it again")
    try:
        return model.model_validate_json(members[name])
    except ValidationError as error:
        raise BadInput(f"{name}: {one_line(error)}") from error


def _references(members: Mapping[str, bytes], character: BundleCharacter) -> list[SetImage]:
    """Read the set's lines and look at each of its pictures."""
    try:
        rows = [
            json.loads(line) for _, line in lines_of(text_of(members.get(METADATA, b""), METADATA))
        ]
        images = [_image(row) for row in rows]
    except (BadInput, ValueError, AttributeError, KeyError) as error:
        raise BadInput(f"{METADATA}: not the lines of a set; export the bundle again") from error
    files = [f"references/{image.file}" for image in images]
    judged = len(character.gate.images)
    if not images or len(images) != judged or any(file not in members for file in files):
        raise BadInput("the bundle's reference set is not complete; export it again")
    for file in files:
        decode_picture(members[file], file)
    return images


def _image(row: dict[str, object]) -> SetImage:
    names = {"text": "caption", "file_name": "file"}
    return SetImage.model_validate({names.get(key, key): value for key, value in row.items()})


def _require(
    members: Mapping[str, bytes], character: BundleCharacter, takes: list[BundleTake]
) -> None:
    """Check that every file is there that character and takes name, as what they say it is."""
    lora = character.lora
    named = [lora.file, *([lora.kohya] if lora.kohya else []), *(take.file for take in takes)]
    sketches = [take.taken.take for take in takes if take.taken.is_sketch]
    if sketches:
        raise BadInput(f"the bundle's {sketches[0]} is a sketch; export it again without sketches")
    missing = [name for name in named if name not in members]
    if missing:
        raise BadInput(f"the bundle has no {missing[0]}; export it again")
    for name, data in members.items():
        if is_sketch(data):
            raise BadInput(f"the bundle's {name} is a sketch; export it again without sketches")
    for take in takes:
        decode_picture(members[take.file], take.file)


def _store(
    session: Session,
    production_name: str,
    bundle: BundleCharacter,
    references: list[SetImage],
    takes: list[BundleTake],
    stored: dict[str, StoredFile],
) -> OpenedBundle:
    production = ensure_production(session, production_name)
    character = add_character(
        session=session,
        character=CharacterCreate.of(
            production_id=production.id, name=bundle.brief.name, brief=bundle.brief
        ),
    )
    _store_looks(session, character.id, bundle)
    reference_set = _store_set(session, character.id, bundle, references, stored)
    lora = _store_lora(session, character.id, reference_set.id, bundle, stored)
    for take in takes:
        _store_take(session, production.id, lora, take, stored)
    return OpenedBundle(
        character_id=character.id,
        name=character.name,
        references=len(references),
        lora_version=lora.version,
        takes=len(takes),
    )


def _store_looks(session: Session, character_id: str, bundle: BundleCharacter) -> None:
    for look in bundle.looks:
        row = add_look(session=session, look=LookCreate(character_id=character_id, name=look.name))
        block = propose_block(
            session=session,
            block=IdentityBlockCreate(
                character_id=character_id,
                look_id=row.id,
                vocabulary=look.vocabulary,
                text=look.identity_block,
            ),
        )
        confirm_block(session=session, block_id=block.id)


def _store_set(
    session: Session,
    character_id: str,
    bundle: BundleCharacter,
    references: list[SetImage],
    stored: dict[str, StoredFile],
) -> ReferenceSet:
    row = start_set(session=session, character_id=character_id, origin=Origin(bundle.way))
    for image in references:
        # its distance is the gate's, which is stored with its answer
        known = image.model_copy(
            update={"digest": stored[f"references/{image.file}"].digest, "csfd": None}
        )
        create = ReferenceImageCreate.of(
            set_id=row.id, image=known, caption=trigger_of(bundle.brief.name)
        )
        add_image(session=session, image=create)
    return record_gate(session=session, set_id=row.id, report=bundle.gate)


def _store_lora(
    session: Session,
    character_id: str,
    set_id: str,
    bundle: BundleCharacter,
    stored: dict[str, StoredFile],
) -> LoraVersion:
    lora = bundle.lora
    return add_lora_version(
        session=session,
        lora=LoraVersionCreate(
            character_id=character_id,
            reference_set_id=set_id,
            base=lora.base,
            # until bundles said it, SDXL's adapters alone had a file in kohya's format
            architecture=lora.architecture or ("sdxl" if lora.kohya else "flux"),
            trained_on=lora.base,
            config=lora.config.model_dump_json(),
            seed=lora.seed,
            digest=stored[lora.file].digest,
            kohya_digest=stored[lora.kohya].digest if lora.kohya else None,
            steps=lora.steps,
            seconds=lora.seconds,
            delta_rms=lora.delta_rms,
            score=lora.score,
        ),
    )


def _store_take(
    session: Session,
    production_id: str,
    lora: LoraVersion,
    take: BundleTake,
    stored: dict[str, StoredFile],
) -> None:
    number, _ = parse_slate(take.shot.slate)
    scene = find_scene(session=session, production_id=production_id, number=number) or add_scene(
        session=session,
        production_id=production_id,
        brief=SceneBrief(number=number, place=take.shot.place, light=take.shot.light),
        number=number,
    )
    try:
        shot = ensure_shot(session=session, scene=scene, request=take.shot)
    except BadInput as error:
        raise BadInput(
            f"shot {take.shot.slate} of this production is another one; open the bundle in "
            "another --production"
        ) from error
    taken = take.taken
    row = add_take(
        session=session,
        take=TakeCreate(
            shot_id=shot.id,
            key=f"bundle:{shot.id}:{taken.digest[:32]}:{taken.take}",
            tries=taken.tries,
            prompt=taken.prompt,
            seed=taken.seed,
            request=canonical_json(taken),
            lora_version_id=lora.id,
        ),
    )
    record_drawing(session=session, take_id=row.id, digest=stored[take.file].digest)
    record_verdict(session=session, take_id=row.id, verdict=taken.verdict)
