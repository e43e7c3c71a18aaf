"""Which takes a delivery hands over: the picks, or what passed where a production says so; never a sketch.

Knows picks, the production's approval rule and how a delivery is named; must not write files.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tools.contracts.delivery import DeliverRequest, DeliveryTake
from tools.contracts.verdicts import Outcome
from tools.errors import Refused
from tools.services import Services
from tools.store.delivery import list_deliveries
from tools.store.production import Approval, Production
from tools.store.shot import Shot, get_shot, require_in_film
from tools.store.take import Take, list_production_takes
from tools.workflows.digest import production_row
from tools.workflows.shots.decide.best_take import best_take

ALL = 100_000


def plan_delivery(
    services: Services, production: str, slates: Sequence[str], today: date
) -> DeliverRequest:
    """Choose the takes of a delivery and name it.

    Args:
        services: the studio.
        production: the film or series.
        slates: shots to deliver, as `12A`; none takes every shot that has a take to deliver.
        today: the day that the delivery is named after.

    Raises:
        UnknownName: there is no such shot.
        BadInput: a named shot was omitted.
        Refused: nothing is picked, or a named shot has no pick or only sketches; says which.
    """
    row = production_row(services, production)
    with services.database.reading() as session:
        for slate in slates:
            shot = get_shot(session=session, production_id=row.id, slate=slate)
            require_in_film(session=session, shot=shot)
        stored = list_production_takes(session=session, production_id=row.id, limit=ALL)
        number = len(list_deliveries(session=session, production_id=row.id)) + 1
    released = _released(row, [(take, shot) for take, shot, _ in stored])
    chosen = {slate: take for slate, take in released.items() if not slates or slate in slates}
    _require(row, chosen, slates, _only_sketched([(take, shot) for take, shot, _ in stored]))
    return DeliverRequest(
        production=row.name,
        stamp=f"{today.isoformat()}_{number:03d}",
        aspect_ratio=row.aspect_ratio.value,
        takes=tuple(
            DeliveryTake(take=take.slate, digest=str(take.digest)) for take in chosen.values()
        ),
    )


def _released(production: Production, rows: Sequence[tuple[Take, Shot]]) -> dict[str, Take]:
    """The take of each shot that may be delivered, in slate order."""
    shots: dict[str, list[Take]] = {}
    for take, shot in rows:
        if take.digest is not None and not take.is_sketch:
            shots.setdefault(shot.slate, []).append(take)
    released = {slate: _release(takes, production.approval) for slate, takes in shots.items()}
    return {slate: take for slate, take in released.items() if take is not None}


def _release(takes: Sequence[Take], approval: Approval) -> Take | None:
    picked = next((take for take in takes if take.picked_at is not None), None)
    if picked is not None or approval is Approval.PICK:
        return picked
    passed = [take for take in takes if take.verdict is Outcome.PASS and take.rejected_at is None]
    return best_take(passed) if passed else None


def _only_sketched(rows: Sequence[tuple[Take, Shot]]) -> list[str]:
    """Return the shots of which there are sketches and no take, in slate order."""
    taken = {shot.slate for take, shot in rows if not take.is_sketch}
    return [slate for slate in dict.fromkeys(shot.slate for _, shot in rows) if slate not in taken]


def _require(
    production: Production,
    chosen: dict[str, Take],
    slates: Sequence[str],
    sketched: Sequence[str],
) -> None:
    released = "picked" if production.approval is Approval.PICK else "picked and none passed"
    missing = [slate for slate in dict.fromkeys(slates) if slate not in chosen]
    wanted = missing or ([] if chosen else sketched)
    only = [slate for slate in wanted if slate in sketched]
    if only:
        raise Refused(
            f"of {', '.join(only)} there are only sketches, and a sketch is not delivered; say: "
            f"make {only[0]} real"
        )
    if missing:
        raise Refused(f"no take of {', '.join(missing)} is {released}; pick one of each first")
    if not chosen:
        raise Refused(f"no take is {released} yet; pick takes first, then deliver")
