"""Addresses of stored pictures, signed, and the route that answers them.

Knows which production a picture was linked for; must not know what it shows. The signature says
that this studio linked the picture for that production; the login says who may see it. Both are
needed, so that neither a guessed digest nor a passed-on address opens anything.
"""

from __future__ import annotations

import hmac
import re
from hashlib import sha256
from typing import Literal, cast

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse

from tools.errors import UnknownName
from tools.store.files import FileStore
from ui.auth.guard import Action, Guard
from ui.server.scope import viewer_in
from ui.server.thumbnails import SIZES, Thumbnails, ThumbnailSize

FULL: Literal[0] = 0
"""Size of the picture as it is stored."""
CACHE = "private, max-age=31536000, immutable"
"""A digest names its bytes for ever; only the person's own browser keeps them."""

_NAME = re.compile(r"([0-9a-f]{64})\.(webp|png)")
_SIGNATURE_DIGITS = 40


class MediaLinks:
    """Makes and checks addresses."""

    def __init__(self, secret: bytes) -> None:
        """Sign with a studio's secret."""
        self._secret = secret

    def url(self, production_id: str, digest: str, size: ThumbnailSize | Literal[0] = FULL) -> str:
        """Return the address of a picture, as WebP of a longest side, or as stored (PNG, size 0).

        Only for digests that come from rows of this production: the signature vouches for that.
        """
        suffix = "webp" if size else "png"
        signature = self._signature(production_id, digest, size)
        return f"/media/{production_id}/{digest}.{suffix}?size={size}&sig={signature}"

    def fits(self, production_id: str, digest: str, size: int, signature: str) -> bool:
        """Say whether `url` signed this."""
        expected = self._signature(production_id, digest, size)
        return hmac.compare_digest(expected.encode(), signature.encode())

    def _signature(self, production_id: str, digest: str, size: int) -> str:
        signed = f"media|{production_id}|{digest}|{size}".encode()
        return hmac.new(self._secret, signed, sha256).hexdigest()[:_SIGNATURE_DIGITS]


def build_router(
    links: MediaLinks, guard: Guard, files: FileStore, thumbnails: Thumbnails
) -> APIRouter:
    """Return the route of pictures."""
    router = APIRouter()

    @router.get("/media/{production_id}/{name}")
    def picture(
        request: Request, production_id: str, name: str, size: int = FULL, sig: str = ""
    ) -> FileResponse:
        found = _NAME.fullmatch(name)
        if found is None or (size in SIZES) != (found[2] == "webp"):
            raise UnknownName("no such picture")
        if not links.fits(production_id, found[1], size, sig):
            raise UnknownName("no such picture")
        guard.require(viewer_in(request.scope), Action.SEE, production_id)
        if size == FULL:
            path = files.path(found[1], ".png")
        else:
            path = thumbnails.path(found[1], cast("ThumbnailSize", size))
        return FileResponse(path, media_type=f"image/{found[2]}", headers={"Cache-Control": CACHE})

    return router
