"""What the page's buttons send in tests: fresh rows, and the body that acts on them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from agent.events import Proposal
from tests.support.served_page import House
from tools.jobs.job_store import JobStore
from tools.store.conversation import start_conversation
from tools.store.model import new_id
from ui.server.orders import JobOrder


class Bodies:
    """Fresh bodies that a director may send, one for each verb."""

    def __init__(self, house: House, production_id: str) -> None:
        self.house, self.production_id = house, production_id

    def of(self, verb: str) -> dict[str, Any]:
        makers: dict[str, Callable[[], dict[str, Any]]] = {
            "pick": self.takes,
            "unpick": self.takes,
            "reject": self.takes,
            "vote": lambda: {**self.take(), "vote": "reject"},
            "comment": lambda: {**self.take(), "text": "more rain"},
            "decide": self.decide,
            "cancel": lambda: {"job_id": self.job(approved=True)},
            "approve_job": lambda: {"job_id": self.job(approved=False)},
            "put_aside": lambda: {"conversation_id": self.conversation(), "uploads": []},
            "new_conversation": lambda: {"production_id": self.production_id, "title": "Day two"},
            "new_production": lambda: {"name": f"Attic {new_id()}"},
        }
        return makers[verb]()

    def takes(self) -> dict[str, Any]:
        return {"production_id": self.production_id, "takes": ["12A T1"], "note": "the rain"}

    def take(self) -> dict[str, Any]:
        return {"production_id": self.production_id, "take": "12A T2"}

    def conversation(self) -> str:
        with self.house.studio.services.database.session() as session:
            return start_conversation(session=session, production_id=self.production_id).id

    def decide(self) -> dict[str, Any]:
        conversation_id, interrupt_id = self.conversation(), new_id()
        self.house.runner.waiting[conversation_id] = (
            Proposal(
                interrupt_id=interrupt_id,
                call_id="1",
                tool="train",
                arguments={},
                card="Train a LoRA",
            ),
        )
        return {
            "conversation_id": conversation_id,
            "interrupt_id": interrupt_id,
            "decision": "approve",
        }

    def job(self, *, approved: bool, production: bool = True) -> str:
        return JobStore(self.house.studio.services.database).enqueue(
            kind="nothing here does this",
            payload=JobOrder(job_id=new_id()),
            approved=approved,
            production_id=self.production_id if production else None,
        )
