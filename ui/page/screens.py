"""The HTML of every part of the page for one person in one place.

Knows the views and their templates; must not know Gradio's events. Each screen asks the guard for
what it shows: that a tab is hidden keeps nothing from anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tools.errors import FixableError, SamecastError
from tools.workflows.bases.calibrations import calibration_name, find_calibration
from tools.workflows.costs import cost_report
from tools.workflows.digest import base_of
from ui.auth.guard import Action
from ui.page.access import Access, Here
from ui.page.render import render
from ui.page.views.bases import base_views
from ui.page.views.board import board_view
from ui.page.views.compare import compare_view
from ui.page.views.desk import desk_view
from ui.page.views.jobs import newest_job_views
from ui.page.views.people import character_views
from ui.page.views.place import PlaceView, place_view
from ui.page.views.quality import quality_view
from ui.server.parts import PageParts

NEEDS: Mapping[str, Action] = {
    "board": Action.SEE,
    "characters": Action.TALK,
    "quality": Action.SEE,
    "jobs": Action.SEE_SETTINGS,
    "costs": Action.SEE_SETTINGS,
    "compare": Action.SEE,
    "bases": Action.SEE_SETTINGS,
}
"""The tabs beside the chat, and what a person must be allowed to do to see each."""


class Screens:
    """Draws the parts of the page."""

    def __init__(self, parts: PageParts, access: Access) -> None:
        """Draw one studio."""
        self._parts = parts
        self._access = access
        self._services = parts.studio.services
        self._draw: Mapping[str, Callable[[Here], str]] = {
            "board": self._board,
            "characters": self._characters,
            "quality": self._quality,
            "jobs": self._jobs,
            "costs": self._costs,
            "compare": self._compare,
            "bases": self._bases,
        }

    def place(self, here: Here) -> PlaceView:
        """Return who looks and what there is to choose."""
        with self._services.database.reading() as session:
            return place_view(
                session, here.viewer, here.productions, here.production_id, here.conversation_id
            )

    def tab(self, name: str, here: Here) -> str:
        """Return the HTML of a tab.

        Raises:
            Refused: this person may not see it.
        """
        self._parts.guard.require(here.viewer, NEEDS[name], here.production_id or None)
        return self._draw[name](here)

    def may_open(self, here: Here, name: str) -> bool:
        """Say whether this person may see a tab, or the chat."""
        if not here.production_id:
            return name in ("chat", "board") and here.viewer.is_director == (name == "chat")
        return self._parts.guard.may(here.viewer, NEEDS.get(name, Action.TALK), here.production_id)

    def desk(self, here: Here) -> str:
        """Return the HTML of what lies beside the chat."""
        proposals = self._parts.runner.pending(here.conversation_id)
        with self._services.database.reading() as session:
            view = desk_view(
                session,
                here.production_id,
                here.conversation_id,
                proposals,
                self._access.link(here),
            )
        return render("desk.html", desk=view)

    def _board(self, here: Here) -> str:
        place = self.place(here)
        with self._services.database.reading() as session:
            board = board_view(session, here.production_id, self._access.link(here))
        return render("board.html", board=board, place=place)

    def _characters(self, here: Here) -> str:
        assert here.production is not None
        base, link = base_of(self._services, here.production), self._access.link(here)
        bases = self._services.catalog.adapter_bases(base)
        with self._services.database.reading() as session:
            people = character_views(session, here.production_id, bases, link)
        return render("characters.html", characters=people)

    def _quality(self, here: Here) -> str:
        place = self.place(here)
        link = self._access.link(here)
        assert here.production is not None
        threshold = self._threshold(base_of(self._services, here.production))
        with self._services.database.reading() as session:
            quality = quality_view(session, here.production_id, link, threshold)
        return render("quality.html", quality=quality, place=place)

    def _threshold(self, base: str) -> float | None:
        try:
            name = calibration_name(self._services, base)
            return find_calibration(self._services, name).threshold
        except SamecastError:
            return None

    def _jobs(self, here: Here) -> str:
        with self._services.database.reading() as session:
            jobs = newest_job_views(session, here.production_id)
        return render("jobs.html", jobs=jobs)

    def _costs(self, here: Here) -> str:
        assert here.production is not None
        return render("costs.html", costs=cost_report(self._services, here.production.name))

    def _compare(self, here: Here) -> str:
        pair = (here.asked.get("a", ""), here.asked.get("b", ""))
        if not all(pair):
            return render("compare.html", compare=None)
        with self._services.database.reading() as session:
            try:
                view = compare_view(session, here.production_id, pair, self._access.link(here))
            except FixableError:
                # The address may be of another production: what it names is not here.
                view = None
        return render("compare.html", compare=view)

    def _bases(self, here: Here) -> str:
        assert here.production is not None
        in_use = base_of(self._services, here.production)
        return render("bases.html", bases=base_views(self._services, in_use))
