"""The desk beside the chat: what waits for the director, what runs, what is attached or delivered.

Knows the store; must not know HTML.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session

from agent.events import Proposal
from tools.store.conversation import list_unused
from tools.store.delivery import list_deliveries
from ui.page.views.jobs import JobView, open_job_views
from ui.page.views.takes import THUMB, PictureLink
from ui.server.deliveries import delivery_url

DELIVERIES = 3


@dataclass(frozen=True)
class ProposalView:
    """A call that waits for a person."""

    interrupt_id: str
    title: str
    card: str
    """What would be done, as the studio wrote it from the call's arguments."""


@dataclass(frozen=True)
class Attached:
    """A picture that waits to be used."""

    id: str
    name: str
    thumb: str


@dataclass(frozen=True)
class Delivered:
    """A delivery to take home."""

    url: str
    label: str


@dataclass(frozen=True)
class DeskView:
    """Everything on the desk."""

    proposals: tuple[ProposalView, ...]
    jobs: tuple[JobView, ...]
    attached: tuple[Attached, ...]
    deliveries: tuple[Delivered, ...]


def desk_view(
    session: Session,
    production_id: str,
    conversation_id: str,
    proposals: Iterable[Proposal],
    link: PictureLink,
) -> DeskView:
    """Read the desk of one conversation; `proposals` are those that wait in it."""
    return DeskView(
        proposals=tuple(
            ProposalView(each.interrupt_id, each.tool.replace("_", " "), each.card)
            for each in proposals
        ),
        jobs=open_job_views(session, production_id),
        attached=tuple(
            Attached(each.id, each.file_name, link(each.digest, THUMB))
            for each in list_unused(session=session, conversation_id=conversation_id)
        ),
        deliveries=tuple(
            Delivered(delivery_url(each.id), f"Delivery of {each.at.strftime('%d %b %H:%M')} UTC")
            for each in list_deliveries(session=session, production_id=production_id)[:DELIVERIES]
        ),
    )
