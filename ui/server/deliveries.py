"""Taking a delivery home: the zip of one, for the directors of its production.

Knows where deliveries lie; must not know what is in one.
"""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse

from tools.compose import Studio
from tools.errors import UnknownName
from tools.store.delivery import get_delivery
from ui.auth.guard import Action, Guard
from ui.server.scope import viewer_in


def delivery_url(delivery_id: str) -> str:
    """Return the address of a delivery's zip."""
    return f"/deliveries/{delivery_id}.zip"


def build_router(studio: Studio, guard: Guard) -> APIRouter:
    """Return the route of deliveries."""
    router = APIRouter()

    @router.get("/deliveries/{name}")
    def download(name: str, request: Request) -> FileResponse:
        with studio.services.database.reading() as session:
            row = get_delivery(session=session, delivery_id=name.removesuffix(".zip"))
        guard.require(viewer_in(request.scope), Action.DOWNLOAD, row.production_id)
        path = inside(studio.services.settings.home, row.zip)
        return FileResponse(path, media_type="application/zip", filename=path.name)

    return router


def inside(home: Path, name: str) -> Path:
    """Return a file of the home folder, given from there, from the working folder, or whole.

    Raises:
        UnknownName: it is gone, or lies elsewhere.
    """
    root = home.resolve()
    for path in (Path(name).resolve(), (root / name).resolve()):
        if path.is_relative_to(root) and path.suffix == ".zip" and path.is_file():
            return path
    raise UnknownName("the files of this delivery are gone; deliver again")
