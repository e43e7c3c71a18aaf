"""Pictures that a director attaches to a conversation.

Knows the form and the limits; must not know what the pictures are for. A file is decoded within
bounds and stored as a new PNG: nothing of the file itself, its metadata or its name is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from threading import BoundedSemaphore

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from tools.compose import Studio
from tools.errors import BadInput, BadPicture
from tools.imaging.files import is_left_by_computer
from tools.imaging.pictures import MAX_BYTES, decode_picture, encode_png
from tools.imaging.provenance import is_sketch
from tools.store.conversation import UploadCreate, add_upload, get_conversation
from tools.store.files import FileStore
from ui.auth.guard import Action, Guard
from ui.server.media import MediaLinks
from ui.server.scope import viewer_in
from ui.server.thumbnails import ThumbnailSize
from ui.viewer import Viewer

MOST_FILES = 60
LONGEST_SIDE = 4096
"""Pixels; larger pictures are scaled down, as no base looks at more."""
LABEL_LENGTH = 120
THUMBNAIL: ThumbnailSize = 256
AT_ONCE = 2
"""Pictures that are decoded at the same time: one of 50 megapixels takes 150 MB then."""


def build_router(studio: Studio, guard: Guard, links: MediaLinks) -> APIRouter:
    """Return the route of uploads: multipart form, field `files`."""
    router = APIRouter()
    intake = _Intake(studio.services.files)

    @router.post("/act/upload/{conversation_id}")
    async def upload(conversation_id: str, request: Request) -> dict[str, object]:
        viewer = viewer_in(request.scope)
        production_id = await run_in_threadpool(_allowed, studio, guard, viewer, conversation_id)
        async with request.form(max_files=MOST_FILES, max_fields=0) as form:
            files = [each for each in form.getlist("files") if isinstance(each, UploadFile)]
            if not files:
                raise BadInput(f"attach 1 to {MOST_FILES} pictures in the field `files`")
            stored, refused = await intake.take_all(files)
        await run_in_threadpool(_note, studio, conversation_id, stored)
        return {
            "uploads": [
                {"name": label, "url": links.url(production_id, digest, THUMBNAIL)}
                for label, digest in stored
            ],
            "refused": refused,
        }

    return router


def label_of(file_name: str | None) -> str:
    """Return what an uploaded file is called on the page: its last part, without odd characters."""
    last = (file_name or "").replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(each for each in last if each.isprintable()).strip()
    return kept[-LABEL_LENGTH:] or "picture"


def _allowed(studio: Studio, guard: Guard, viewer: Viewer, conversation_id: str) -> str:
    with studio.services.database.reading() as session:
        row = get_conversation(session=session, conversation_id=conversation_id)
    guard.require(viewer, Action.UPLOAD, row.production_id)
    return row.production_id


class _Intake:
    def __init__(self, files: FileStore) -> None:
        self._files = files
        self._decoding = BoundedSemaphore(AT_ONCE)

    async def take_all(
        self, uploads: Sequence[UploadFile]
    ) -> tuple[list[tuple[str, str]], list[str]]:
        """Take in what can be read; return labels and digests, and what is wrong with the others.

        Raises:
            BadPicture: nothing can be read; every file is named.
        """
        stored: list[tuple[str, str]] = []
        refused: list[str] = []
        for each in uploads:
            if is_left_by_computer(PurePath(label_of(each.filename))):
                continue
            try:
                stored.append(await self.take(each))
            except BadPicture as error:
                refused.append(str(error))
        if not stored:
            raise BadPicture("; ".join(refused) or "there is no picture among these files")
        return stored, refused

    async def take(self, upload: UploadFile) -> tuple[str, str]:
        """Decode one file and store it again; return its label and digest."""
        label = label_of(upload.filename)
        if upload.size is not None and upload.size > MAX_BYTES:
            limit = MAX_BYTES // 1_000_000
            raise BadPicture(f"{label}: larger than {limit} MB; export a smaller file")
        return label, await run_in_threadpool(self._encode_again, await upload.read(), label)

    def _encode_again(self, data: bytes, label: str) -> str:
        with self._decoding:
            picture = decode_picture(data, label)
            if is_sketch(data):
                raise BadPicture(
                    f"{label}: a sketch, which is never a reference; train, and make it real first"
                )
            picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            return self._files.put_bytes(encode_png(picture), ".png").digest


def _note(studio: Studio, conversation_id: str, stored: Sequence[tuple[str, str]]) -> None:
    with studio.services.database.session() as session:
        for label, digest in stored:
            create = UploadCreate(conversation_id=conversation_id, digest=digest, file_name=label)
            add_upload(session=session, upload=create)
