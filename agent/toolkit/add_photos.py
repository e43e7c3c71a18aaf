"""`add_photos`: the director's own pictures, as the reference set or as the casting."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal

from pydantic import Field

from agent.answer import Answer
from agent.context import ChatContext
from agent.policy import ApprovalPolicy
from agent.toolkit.cast import cast_report
from agent.toolkit.choose_face import portraits_of
from agent.toolkit.common import (
    base_name,
    character_of,
    listed,
    settle,
)
from agent.toolkit.set_pictures import set_pictures, show_references
from agent.toolkit.tool import ChatTool, plain_card
from tools.contracts.casting import Candidates, CutSheetRequest
from tools.contracts.model import Contract, Name
from tools.contracts.progress import ProgressSink
from tools.contracts.sets import PhotoSetRequest, ReferenceSetMade
from tools.errors import BadInput
from tools.imaging.files import sort_folder
from tools.imaging.pictures import decode_picture, picture_bytes
from tools.jobs.local_worker import read_result
from tools.language.text import plural
from tools.store.conversation import Upload, list_unused, mark_used
from tools.workflows.bases.calibrations import calibration_name
from tools.workflows.kinds import Kind
from tools.workflows.people.characters import LoadedCharacter
from tools.workflows.people.face_choice import (
    block_version,
    casting_seed,
    remember_casting,
    take_face,
)
from tools.workflows.sets.photos.take_photos import (
    StoredPhotos,
    caption_photos,
    name_files,
    name_photos,
    store_photos,
)
from tools.workflows.sets.review.set_review import newest_stored_set


class AddPhotos(Contract):
    """Take the director's pictures in: photos as the reference set, or one sheet as the casting."""

    character: Name
    kind: Literal["photos", "sheet"] = "photos"
    folder: str | None = Field(
        default=None,
        max_length=1000,
        description="A folder on this computer (a file for a sheet); none takes what was attached.",
    )


def add_photos(arguments: AddPhotos, context: ChatContext, watch: ProgressSink) -> Answer:
    """Take photos in as the next reference set, or one sheet as the only candidate.

    Raises:
        BadInput: nothing is attached, or a folder or file that cannot be used.
        Refused: too few or too small photos, or not exactly one person in each.
    """
    character = character_of(context, arguments.character)
    if arguments.folder is not None and not context.local_files:
        raise BadInput("folders cannot be read from here; attach the pictures to the conversation")
    uploads = [] if arguments.folder is not None else _unused(context)
    if arguments.kind == "sheet":
        answer = _sheet(context, character, _sheet_digest(arguments, context, uploads), watch)
        _use(context, uploads[-1:])
        return answer
    answer = _set(context, character, _photos(arguments, context, uploads), watch)
    _use(context, uploads)
    return answer


def _waits(arguments: AddPhotos, policy: ApprovalPolicy) -> bool:
    """A folder of this computer that the director did not name waits."""
    return arguments.folder is not None and arguments.folder not in policy.words


def _card(arguments: AddPhotos, context: ChatContext) -> str:
    if arguments.folder is None:
        return plain_card(arguments, context)
    folder, name = arguments.folder, arguments.character
    return f"Read the pictures in {folder} on this computer, for {name}."


def _unused(context: ChatContext) -> list[Upload]:
    with context.services.database.reading() as session:
        uploads = list_unused(session=session, conversation_id=context.conversation_id)
    if not uploads:
        raise BadInput(
            "no pictures are attached to this conversation that were not used yet; attach some first"
        )
    return uploads


def _use(context: ChatContext, uploads: list[Upload]) -> None:
    with context.services.database.session() as session:
        mark_used(session=session, upload_ids=[upload.id for upload in uploads])


def _sheet_digest(arguments: AddPhotos, context: ChatContext, uploads: list[Upload]) -> str:
    """The attached sheet, the newest of several, or the file that was named."""
    if arguments.folder is None:
        return uploads[-1].digest
    path = _place(arguments.folder)
    if path.is_dir():
        pictures = sort_folder(path).pictures
        if len(pictures) != 1:
            raise BadInput(f"{path}: expected one sheet, found {plural(len(pictures), 'picture')}")
        path = pictures[0]
    data = picture_bytes(path)
    decode_picture(data, path.name)
    return context.services.files.put_bytes(data, path.suffix.lower()).digest


def _place(named: str) -> Path:
    """Return the folder or file that was named, whatever was put in its place."""
    try:
        path = Path(named).expanduser()
        path.stat()
    except (OSError, RuntimeError, ValueError) as error:
        raise BadInput(
            f"{named}: there is no such folder or file here; check the path, or attach the pictures"
        ) from error
    return path


def _sheet(
    context: ChatContext, character: LoadedCharacter, digest: str, watch: ProgressSink
) -> Answer:
    services, base = context.services, base_name(context)
    request = CutSheetRequest(
        production=context.production,
        character=character.name,
        sheet=digest,
        calibration=calibration_name(services, base, character.brief),
    )
    asked = settle(context, Kind.CUT_SHEET, request, watch)
    seed = casting_seed(services, character, base, others=False)
    remember_casting(services, character.id, asked.job.id, seed)
    face = take_face(services, character, 1)
    again = " again" if asked.was_done else ""
    said = cast_report(context, asked.job)
    return Answer(
        text=f"The sheet is {character.name}'s casting{again}, and its face is chosen. "
        f"{plural(len(face.portraits), 'portrait')} were cut from it, "
        f"{_readable(read_result(asked.job, Candidates))} readable. "
        "Next: build the references from it.",
        pictures=(*said.pictures, *portraits_of(face, character.name)),
    )


def _readable(found: Candidates) -> int:
    return sum(distance is not None for distance in found.candidates[0].distances)


def _photos(arguments: AddPhotos, context: ChatContext, uploads: list[Upload]) -> StoredPhotos:
    if arguments.folder is not None:
        stored = store_photos(context.services, _place(arguments.folder))
    else:
        named = name_photos([(upload.file_name, upload.digest) for upload in uploads])
        stored = StoredPhotos(named)
    if context.caption is None:
        return stored
    return replace(stored, photos=caption_photos(stored.photos, context.caption))


def _set(
    context: ChatContext,
    character: LoadedCharacter,
    stored: StoredPhotos,
    watch: ProgressSink,
) -> Answer:
    base = base_name(context)
    request = PhotoSetRequest(
        production=context.production,
        character=character.name,
        base=base,
        photos=stored.photos,
        left_out=stored.left_out,
        identity=block_version(context.services, character, base),
    )
    asked = settle(context, Kind.PHOTOS, request, watch)
    made = read_result(asked.job, ReferenceSetMade)
    verb = "are there already as" if asked.was_done else "are"
    said = [
        f"{plural(made.count, 'photo')} {verb} reference set v{made.version} of {character.name}."
    ]
    said += [f"{image.file}: {listed([*image.flags])}." for image in made.flagged]
    said += [f"Left out: {name_files(made.left_out)}."] if made.left_out else []
    found = newest_stored_set(context.services, character.id)
    if found is None or found.row.id != made.reference_set_id:
        return Answer(
            text=" ".join([*said, "A newer set has been made since; it is the one in use."])
        )
    pictures = set_pictures(found)
    show_references(context, character.name, pictures)
    return Answer(text=" ".join([*said, "Next: ask the gate."]), pictures=pictures)


TOOL = ChatTool(
    "add_photos",
    AddPhotos,
    add_photos,
    card=_card,
    waits=_waits,
    reports={Kind.CUT_SHEET: cast_report},
)
