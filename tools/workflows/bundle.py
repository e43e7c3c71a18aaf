"""Pack a run folder into one zip, and open such a zip in another studio.

Knows the bundle's layout (`tools.contracts.bundle`). A bundle is foreign data: every file is held
against the manifest before anything of it is used, and nothing is ever unpickled.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError

from tools.contracts.briefs import SceneBrief
from tools.contracts.bundle import (
    CHARACTER,
    MANIFEST,
    BundleCharacter,
    BundleFile,
    BundleTake,
    Manifest,
)
from tools.contracts.model import Contract
from tools.contracts.references import ReferenceImage as SetImage
from tools.errors import BadInput
from tools.imaging.pictures import decode_picture, write_atomically
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
from tools.workflows.characters import DEFAULT_PRODUCTION, ensure_production

if TYPE_CHECKING:
    from sqlmodel import Session

PARTS = ("character.json", "contact_sheet.png", "distances.png", "report.json")
FOLDERS = ("references", "lora", "takes")
EPOCH = (1980, 1, 1, 0, 0, 0)
"""Every member's date, so that the same files give the same zip."""
MAX_MEMBER_BYTES = 2_000_000_000

Model = TypeVar("Model", bound=BaseModel)


class OpenedBundle(Contract):
    """What a bundle brought into this studio."""

    character_id: str
    name: str
    references: int
    lora_version: int
    takes: int


def pack(folder: Path, target: Path) -> Manifest:
    """Zip a run folder with a manifest; the same files give the same bytes.

    Raises:
        StorageFailed: the disk did not take it.
    """
    paths = sorted(
        [folder / part for part in PARTS]
        + [path for name in FOLDERS for path in (folder / name).rglob("*") if path.is_file()]
    )
    members = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    manifest = Manifest(
        files=tuple(
            BundleFile(path=name, sha256=hashlib.sha256(data).hexdigest(), bytes=len(data))
            for name, data in members.items()
        )
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {
            MANIFEST: manifest.model_dump_json(indent=2).encode(),
            **members,
        }.items():
            archive.writestr(zipfile.ZipInfo(name, EPOCH), data, zipfile.ZIP_DEFLATED)
    write_atomically(target, buffer.getvalue())
    return manifest


def open_bundle(
    services: Services, path: Path, production: str = DEFAULT_PRODUCTION
) -> OpenedBundle:
    """Check a bundle and store its character, set, LoRA and takes; all or nothing.

    Raises:
        BadInput: not a bundle, a file that does not match the manifest, or a character of that name
            that is here already.
    """
    members = _read(path)
    character = _parse(members, CHARACTER, BundleCharacter)
    references = _references(members)
    for image in references:
        decode_picture(members[f"references/{image.file}"], image.file)
    stored = {
        name: services.files.put_bytes(data, Path(name).suffix.lower())
        for name, data in members.items()
    }
    takes = [_parse(members, name, BundleTake) for name in sorted(members) if _is_take(name)]
    with services.database.session() as session:
        return _store(session, production, character, references, takes, stored)


def _is_take(name: str) -> bool:
    return name.startswith("takes/") and name.endswith(".json")


def _read(path: Path) -> dict[str, bytes]:
    """Read every member that the manifest names, and no other, each checked."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = Manifest.model_validate_json(_member(archive, MANIFEST))
            listed = {file.path for file in manifest.files}
            extra = sorted(set(archive.namelist()) - listed - {MANIFEST})
            if extra:
                raise BadInput(f"{path.name}: files that the manifest does not name: {extra[0]}")
            return {file.path: _checked(archive, file, path.name) for file in manifest.files}
    except (zipfile.BadZipFile, OSError, KeyError) as error:
        raise BadInput(f"{path.name}: not a readable bundle ({error})") from error
    except ValidationError as error:
        raise BadInput(f"{path.name}: its manifest is damaged; export the bundle again") from error


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    info = archive.getinfo(name)
    if info.file_size > MAX_MEMBER_BYTES:
        raise BadInput(f"{name}: larger than a bundle's file may be")
    return archive.read(info)


def _checked(archive: zipfile.ZipFile, file: BundleFile, bundle: str) -> bytes:
    data = _member(archive, file.path)
    if hashlib.sha256(data).hexdigest() != file.sha256:
        raise BadInput(f"{bundle}: {file.path} is not what the manifest says; copy it again")
    return data


def _parse(members: dict[str, bytes], name: str, model: type[Model]) -> Model:
    if name not in members:
        raise BadInput(f"the bundle has no {name}; export it again")
    try:
        return model.model_validate_json(members[name])
    except ValidationError as error:
        first = error.errors()[0]
        raise BadInput(f"{name}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error


def _references(members: dict[str, bytes]) -> list[SetImage]:
    lines = members.get("references/metadata.jsonl", b"").decode().splitlines()
    images = []
    for line in lines:
        row = json.loads(line)
        fields = {("caption" if key == "text" else key): value for key, value in row.items()}
        fields["file"] = fields.pop("file_name")
        images.append(SetImage.model_validate(fields))
    if not images or any(f"references/{image.file}" not in members for image in images):
        raise BadInput("the bundle's reference set is not complete; export it again")
    return images


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
        add_image(
            session=session,
            image=ReferenceImageCreate(
                set_id=row.id,
                digest=stored[f"references/{image.file}"].digest,
                caption=image.caption or bundle.brief.name,
                layer=image.layer,
                framing=image.framing,
                view=image.view,
                expression=image.expression,
                light=image.light,
                place=image.place,
                parent_digest=image.parent,
                strength=image.strength,
                seed=image.seed,
            ),
        )
    return record_gate(session=session, set_id=row.id, report=bundle.gate)


def _store_lora(
    session: Session,
    character_id: str,
    set_id: str,
    bundle: BundleCharacter,
    stored: dict[str, StoredFile],
) -> LoraVersion:
    lora = bundle.lora
    if lora.file not in stored:
        raise BadInput(f"the bundle has no {lora.file}; export it again")
    return add_lora_version(
        session=session,
        lora=LoraVersionCreate(
            character_id=character_id,
            reference_set_id=set_id,
            base=lora.base,
            config=lora.config.model_dump_json(),
            seed=lora.seed,
            digest=stored[lora.file].digest,
            kohya_digest=stored[lora.kohya].digest if lora.kohya in stored else None,
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
    shot = ensure_shot(session=session, scene=scene, request=take.shot)
    taken = take.taken
    row = add_take(
        session=session,
        take=TakeCreate(
            shot_id=shot.id,
            key=f"bundle:{taken.digest[:32]}:{taken.take}",
            tries=taken.tries,
            prompt=taken.prompt,
            seed=taken.seed,
            request=canonical_json(taken),
            lora_version_id=lora.id,
        ),
    )
    if take.file not in stored:
        raise BadInput(f"the bundle has no {take.file}; export it again")
    record_drawing(session=session, take_id=row.id, digest=stored[take.file].digest)
    record_verdict(session=session, take_id=row.id, verdict=taken.verdict)
