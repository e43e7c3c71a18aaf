"""The state of a production as one conversation sees it.

Reads the store in a handful of queries, however many takes there are; stores nothing but a
production that is not there yet. Must not know how the digest is said to a model.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from tools.contracts.briefs import CharacterBrief, ProductionStyle, SceneBrief
from tools.contracts.casting import Candidates
from tools.contracts.digest import CharacterState, SceneState, ShotState, Shown, StudioDigest
from tools.contracts.shots import ShotRequest
from tools.services import Services
from tools.store.board import (
    CharacterRows,
    ShotRows,
    open_jobs,
    production_characters,
    production_scenes,
)
from tools.store.character import DEFAULT_LOOK
from tools.store.conversation import get_shown, list_unused
from tools.store.lora_version import LoraVersion
from tools.store.production import Production, find_production
from tools.store.scene import Scene
from tools.workflows.job_lines import job_line
from tools.workflows.people.characters import ensure_production

if TYPE_CHECKING:
    from sqlmodel import Session


def studio_digest(
    services: Services, production: str, conversation_id: str | None = None
) -> StudioDigest:
    """Read what there is, what runs and what was shown last.

    Args:
        services: the studio.
        production: the film or series; a new name starts one.
        conversation_id: whose shown pictures and attachments; None for no conversation.

    Raises:
        UnknownName: there is no such conversation.
    """
    row = production_row(services, production)
    base = base_of(services, row)
    bases = services.catalog.adapter_bases(base)
    with services.database.reading() as session:
        shown, attachments = _conversation(session, conversation_id)
        return StudioDigest(
            production=row.name,
            style=style_words(ProductionStyle.model_validate_json(row.style)),
            aspect_ratio=row.aspect_ratio.value,
            base=base,
            bases=usable_bases(services),
            characters=tuple(
                _character(rows, bases)
                for rows in production_characters(session=session, production_id=row.id)
            ),
            scenes=tuple(
                _scene(scene, shots)
                for scene, shots in production_scenes(session=session, production_id=row.id)
            ),
            shown=shown,
            attachments=attachments,
            jobs=tuple(job_line(job) for job in open_jobs(session=session, production_id=row.id)),
            ask_before_drawing=row.ask_before_drawing,
        )


def production_row(services: Services, name: str) -> Production:
    """Return the production of this name; a new one starts without a locked style."""
    with services.database.reading() as session:
        found = find_production(session=session, name=name)
    if found is not None:
        return found
    with services.database.session() as session:
        return ensure_production(session, name)


def base_of(services: Services, production: Production) -> str:
    """Return the base that a production draws with: its own, else the studio's."""
    return production.base or services.settings.base


def usable_bases(services: Services) -> tuple[str, ...]:
    """Return the names of the bases that can draw now."""
    catalog = services.catalog
    return tuple(row.name for row in catalog.rows() if catalog.status(row.name).usable)


def style_words(style: ProductionStyle) -> str:
    """Return a locked style in the words it was said in, without the aspect ratio."""
    said = (style.film_stock, style.palette, style.lens_family, *style.tone, *style.free_words)
    return ", ".join(phrase for phrase in said if phrase)


def version_in_use(rows: CharacterRows, bases: Collection[str]) -> LoraVersion | None:
    """Return the version that draws a character: the chosen one, else the newest.

    Args:
        rows: of the character.
        bases: whose adapters the base takes (`BaseCatalog.adapter_bases`).
    """
    fitting = [version for version in rows.versions if version.draws_on(bases)]
    chosen = [each for each in fitting if each.id == rows.character.lora_version_id]
    return next(iter(chosen or fitting[-1:]), None)


def _conversation(session: Session, conversation_id: str | None) -> tuple[Shown, int]:
    if conversation_id is None:
        return Shown(), 0
    shown = Shown.model_validate_json(get_shown(session=session, conversation_id=conversation_id))
    return shown, len(list_unused(session=session, conversation_id=conversation_id))


def _character(rows: CharacterRows, bases: Collection[str]) -> CharacterState:
    brief = CharacterBrief.model_validate_json(rows.character.brief)
    used = version_in_use(rows, bases)
    looks = (DEFAULT_LOOK, *(look.name for look in brief.looks))
    return CharacterState(
        name=rows.character.name,
        person=brief.person,
        looks=tuple(dict.fromkeys(looks)),
        candidates=_candidates(rows.candidates),
        chosen_face=rows.casting.face if rows.casting else None,
        references=rows.references,
        gate=rows.newest_set.verdict if rows.newest_set else None,
        versions=tuple(version.version for version in rows.versions),
        version_in_use=used.version if used else None,
    )


def _candidates(result: str | None) -> int:
    return len(Candidates.model_validate_json(result).candidates) if result else 0


def _scene(scene: Scene, shots: list[ShotRows]) -> SceneState:
    brief = SceneBrief.model_validate_json(scene.brief)
    return SceneState(
        number=scene.number,
        place=brief.place,
        light=brief.light,
        shots=tuple(_shot(rows) for rows in shots),
    )


def _shot(rows: ShotRows) -> ShotState:
    request = ShotRequest.model_validate_json(rows.shot.request)
    return ShotState(
        slate=rows.shot.slate,
        framing=request.framing,
        characters=tuple(each.character for each in request.cast),
        takes=rows.takes,
        picked=rows.picked,
        sketches=rows.sketches,
        liked=rows.liked,
        newest_take=rows.newest_take,
    )
