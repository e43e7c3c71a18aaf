"""Scenes, shots and judged takes put straight into a studio's store, without drawing anything."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from tools.contracts.briefs import SceneBrief
from tools.contracts.casting import CandidateFace, Candidates
from tools.contracts.images import CastMember, ImageRequest, Purpose
from tools.contracts.model import Size
from tools.contracts.photography import Framing, Layer
from tools.contracts.shots import CharacterInShot, ShotRequest
from tools.contracts.training import LoraConfig
from tools.contracts.verdicts import Outcome, Verdict
from tools.imaging.pictures import encode_png
from tools.services import Services
from tools.store.casting import set_casting, set_face
from tools.store.character import get_character
from tools.store.job import Job, JobState
from tools.store.lora_version import LoraVersion, LoraVersionCreate, add_lora_version
from tools.store.model import canonical_json
from tools.store.production import get_production
from tools.store.reference_set import Origin, ReferenceImageCreate, add_image, start_set
from tools.store.scene import add_scene, find_scene
from tools.store.shot import add_shot, get_shot
from tools.store.slate import parse_slate
from tools.store.take import Take, TakeCreate, add_take, record_drawing, record_verdict
from tools.workflows.kinds import Kind

PASSED = Verdict(
    outcome=Outcome.PASS,
    reasons=("distance 0.031 to the character, threshold 0.049",),
    csfd_own=0.031,
    csfd_other=0.2,
    csfd_nearest_reference=0.02,
    nearest="own",
    faces=1,
)
REJECTED = Verdict(
    outcome=Outcome.REJECT,
    reasons=("no readable face in a close-up: draw it again",),
    faces=0,
)


def shot(slate: str, *characters: str, framing: Framing = Framing.CLOSE_UP) -> ShotRequest:
    """A plain setup of these characters."""
    cast = tuple(CharacterInShot(character=name) for name in characters or ("Daro",))
    return ShotRequest(slate=slate, framing=framing, light="soft window light", cast=cast)


def plan(services: Services, *shots: ShotRequest, production: str = "studio") -> None:
    """Store shots, and their scenes where they are new."""
    with services.database.session() as session:
        owner = get_production(session=session, name=production).id
        for request in shots:
            number, _ = parse_slate(request.slate)
            scene = find_scene(session=session, production_id=owner, number=number) or add_scene(
                session=session,
                production_id=owner,
                brief=SceneBrief(number=number, place="a cafe", light="soft window light"),
                number=number,
            )
            add_shot(session=session, scene=scene, request=request)


def takes(
    services: Services,
    request: ShotRequest,
    verdicts: Sequence[Verdict],
    *,
    production: str = "studio",
    side: int = 16,
    files: Sequence[Path] = (),
    lora: LoraVersion | None = None,
    sketch: bool = False,
) -> list[Take]:
    """Store drawn and judged takes of a planned shot, with these pictures, else each with its own."""
    with services.database.session() as session:
        owner = get_production(session=session, name=production).id
        row = get_shot(session=session, production_id=owner, slate=request.slate)
        return [
            record_verdict(
                session=session,
                take_id=record_drawing(
                    session=session,
                    take_id=add_take(session=session, take=_take(row.id, number, lora, sketch)).id,
                    digest=services.files.put_file(files[number - 1]).digest
                    if files
                    else picture(services, request.slate, number, side),
                ).id,
                verdict=verdict,
            )
            for number, verdict in enumerate(verdicts, start=1)
        ]


def picture(services: Services, slate: str, number: int, side: int = 16) -> str:
    """Store a picture that no other take has; return its digest."""
    colour = (number % 256, sum(slate.encode()) % 256, len(slate))
    return services.files.put_bytes(
        encode_png(Image.new("RGB", (side, side), colour)), ".png"
    ).digest


def trained(
    services: Services,
    name: str = "Daro",
    base: str = "micro",
    production: str = "studio",
    frames: Sequence[Path] = (),
) -> LoraVersion:
    """Store a reference set of these frames, else of one image, and a version trained on it."""
    images = [services.files.put_file(frame).digest for frame in frames]
    file = services.files.put_bytes(f"adapter of {name}".encode(), ".safetensors")
    with services.database.session() as session:
        owner = get_production(session=session, name=production).id
        character = get_character(session=session, production_id=owner, name=name)
        references = start_set(session=session, character_id=character.id, origin=Origin.PHOTOS)
        for digest in images or [picture(services, name, 1)]:
            image = ReferenceImageCreate(
                set_id=references.id, digest=digest, caption=name, layer=Layer.PHOTO
            )
            add_image(session=session, image=image)
        return add_lora_version(
            session=session,
            lora=LoraVersionCreate(
                character_id=character.id,
                reference_set_id=references.id,
                base=base,
                architecture="sdxl",
                trained_on=base,
                config=canonical_json(LoraConfig(steps=3)),
                seed=1,
                digest=file.digest,
                steps=3,
                seconds=1.0,
            ),
        )


def chosen_face(services: Services, portraits: Sequence[Path], production: str = "studio") -> str:
    """Store a casting of Daro whose only face is chosen; return the digest of its first portrait."""
    stored = [services.files.put_file(path).digest for path in portraits]
    face = CandidateFace(
        number=1,
        sheet=stored[0],
        portraits=tuple(stored),
        distances=(0.05,) * len(stored),
        score=0.05,
    )
    found = Candidates(candidates=(face,), suggested=1)
    with services.database.session() as session:
        owner = get_production(session=session, name=production).id
        character = get_character(session=session, production_id=owner, name="Daro")
        job = Job(
            key="c" * 64,
            kind=Kind.CAST,
            payload="{}",
            state=JobState.DONE,
            result=found.model_dump_json(),
        )
        session.add(job)
        session.flush()
        set_casting(session=session, character_id=character.id, job_id=job.id, seed=1)
        set_face(session=session, character_id=character.id, face=1)
    return stored[0]


def _take(shot_id: str, number: int, lora: LoraVersion | None, sketch: bool) -> TakeCreate:
    return TakeCreate(
        shot_id=shot_id,
        is_sketch=sketch,
        key=f"{shot_id}:sketch {number}" if sketch else f"{shot_id}:{number}",
        tries=number,
        prompt="Daro, close-up, SAME Daro: tan skin; lit by soft window light",
        seed=number,
        request=canonical_json(_request(number)),
        lora_version_id=lora.id if lora else None,
    )


def _request(seed: int) -> ImageRequest:
    member = CastMember(name="Daro", identity_block="tan skin", light="soft window light")
    return ImageRequest(
        prompt="Daro, close-up, SAME Daro: tan skin; lit by soft window light",
        cast=(member,),
        purpose=Purpose.TAKE,
        base="micro",
        size=Size(width=64, height=64),
        seed=seed,
        steps=2,
        guidance=4.0,
    )
