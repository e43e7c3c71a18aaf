"""Every action of the page's own buttons: `POST /act/<verb>`, JSON in and out.

Knows which workflow does a verb; must not know how. A verb without its guard cannot be written: the
dispatcher asks it, not the verb.
"""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from agent.approvals import approve
from agent.approvals import refuse as refused
from agent.conversation.turns import ConversationRunner
from tools.compose import Studio
from tools.errors import UnknownName
from tools.jobs.job_store import JobStore
from tools.store.conversation import get_conversation, list_unused, mark_used, start_conversation
from tools.store.decision import find_decision
from tools.store.job import JobState, get_job
from tools.store.production import ProductionCreate, add_production
from tools.store.review import Choice
from tools.workflows.shots.decide import picks
from ui.auth.guard import Action, Guard
from ui.server import orders
from ui.server.acting import Acting, AnyVerb, Reply, Verb
from ui.server.answers import said
from ui.server.door import ACT, refuse
from ui.server.scope import viewer_in
from ui.server.turns import LiveTurns


def build_router(
    studio: Studio, runner: ConversationRunner, turns: LiveTurns, guard: Guard
) -> APIRouter:
    """Return the route of all verbs."""
    router = APIRouter()

    def act(name: str, sent: bytes, request: Request) -> Response:
        verb = VERBS.get(name)
        if verb is None:
            return refuse(404, f"no action {name!r}")
        try:
            body = verb.body.model_validate_json(sent)
        except ValidationError as error:
            return refuse(400, said(error))
        where = verb.where(studio, body)
        viewer = guard.require(viewer_in(request.scope), verb.needs, where)
        done = verb.act(Acting(viewer, studio, runner, turns), body)
        return done if isinstance(done, Response) else JSONResponse(dict(done))

    @router.post(ACT + "{name}")
    async def dispatch(name: str, request: Request) -> Response:
        return await run_in_threadpool(act, name, await request.body(), request)

    return router


def _pick(acting: Acting, order: orders.TakesOrder) -> Reply:
    name = acting.production_name(order.production_id)
    by = acting.viewer.name
    done = picks.pick(acting.studio.services, name, order.takes, by, order.note)
    return done.model_dump(mode="json")


def _reject(acting: Acting, order: orders.TakesOrder) -> Reply:
    name = acting.production_name(order.production_id)
    by = acting.viewer.name
    done = picks.reject(acting.studio.services, name, order.takes, by, order.note)
    return done.model_dump(mode="json")


def _unpick(acting: Acting, order: orders.TakesOrder) -> Reply:
    name = acting.production_name(order.production_id)
    done = picks.unpick(acting.studio.services, name, order.takes, acting.viewer.name)
    return done.model_dump(mode="json")


def _vote(acting: Acting, order: orders.VoteOrder) -> Reply:
    name = acting.production_name(order.production_id)
    choice = Choice(order.vote)
    picks.vote(acting.studio.services, name, order.take, acting.viewer.name, choice)
    return {"take": order.take, "vote": order.vote}


def _comment(acting: Acting, order: orders.CommentOrder) -> Reply:
    name = acting.production_name(order.production_id)
    picks.comment(acting.studio.services, name, order.take, acting.viewer.name, order.text)
    return {"take": order.take}


def _decide(acting: Acting, order: orders.DecideOrder) -> Reply | Response:
    with acting.studio.services.database.reading() as session:
        answered = find_decision(session=session, interrupt_id=order.interrupt_id)
    if answered is not None:
        return refuse(409, f"{answered.by} has answered this already: {answered.decision}")
    waiting = acting.runner.pending(order.conversation_id)
    if order.interrupt_id not in {proposal.interrupt_id for proposal in waiting}:
        raise UnknownName("no such proposal waits in this conversation")
    verdict = approve() if order.decision == "approve" else refused(order.note)
    begun = acting.turns.start(
        order.conversation_id,
        lambda: acting.runner.decide(
            order.conversation_id, order.interrupt_id, verdict, acting.viewer.name
        ),
    )
    if not begun:
        return refuse(409, "the agent is still at work in this conversation; wait for its answer")
    return {"interrupt_id": order.interrupt_id, "decision": order.decision}


def _cancel(acting: Acting, order: orders.JobOrder) -> Reply | Response:
    database = acting.studio.services.database
    with database.reading() as session:
        before = get_job(session=session, job_id=order.job_id).state
    if before in (JobState.DONE, JobState.FAILED, JobState.CANCELLED):
        return refuse(409, f"this job has ended: {before}")
    return {"state": str(JobStore(database).request_cancel(order.job_id))}


def _approve_job(acting: Acting, order: orders.JobOrder) -> Reply | Response:
    database = acting.studio.services.database
    with database.reading() as session:
        before = get_job(session=session, job_id=order.job_id).state
    if before not in (JobState.PROPOSED, JobState.UNKNOWN):
        return refuse(409, f"this job waits for nobody: {before}")
    JobStore(database).approve(order.job_id)
    return {"state": str(JobState.APPROVED)}


def _put_aside(acting: Acting, order: orders.UploadsOrder) -> Reply:
    """Take attached pictures off the conversation; the stored files stay."""
    with acting.studio.services.database.session() as session:
        unused = list_unused(session=session, conversation_id=order.conversation_id)
        chosen = [row.id for row in unused if not order.uploads or row.id in order.uploads]
        return {"put_aside": mark_used(session=session, upload_ids=chosen)}


def _new_conversation(acting: Acting, order: orders.ConversationOrder) -> Reply:
    with acting.studio.services.database.session() as session:
        row = start_conversation(
            session=session, production_id=order.production_id, title=order.title
        )
        return {"conversation_id": row.id}


def _new_production(acting: Acting, order: orders.ProductionOrder) -> Reply:
    from tools.contracts.briefs import ProductionStyle

    with acting.studio.services.database.session() as session:
        create = ProductionCreate.of(name=order.name, style=ProductionStyle())
        return {"production_id": add_production(session=session, production=create).id}


def _in_production(
    _studio: Studio,
    order: orders.TakesOrder | orders.VoteOrder | orders.CommentOrder | orders.ConversationOrder,
) -> str:
    return order.production_id


def _in_conversation(studio: Studio, order: orders.DecideOrder | orders.UploadsOrder) -> str:
    with studio.services.database.reading() as session:
        row = get_conversation(session=session, conversation_id=order.conversation_id)
        return row.production_id


def _in_job(studio: Studio, order: orders.JobOrder) -> str | None:
    with studio.services.database.reading() as session:
        return get_job(session=session, job_id=order.job_id).production_id


def _nowhere(_studio: Studio, _order: orders.ProductionOrder) -> None:
    return None


VERBS: Mapping[str, AnyVerb] = {
    "pick": Verb(orders.TakesOrder, Action.PICK, _in_production, _pick),
    "unpick": Verb(orders.TakesOrder, Action.PICK, _in_production, _unpick),
    "reject": Verb(orders.TakesOrder, Action.REJECT, _in_production, _reject),
    "vote": Verb(orders.VoteOrder, Action.VOTE, _in_production, _vote),
    "comment": Verb(orders.CommentOrder, Action.COMMENT, _in_production, _comment),
    "decide": Verb(orders.DecideOrder, Action.DECIDE, _in_conversation, _decide),
    "cancel": Verb(orders.JobOrder, Action.CANCEL, _in_job, _cancel),
    "approve_job": Verb(orders.JobOrder, Action.DECIDE, _in_job, _approve_job),
    "put_aside": Verb(orders.UploadsOrder, Action.UPLOAD, _in_conversation, _put_aside),
    "new_conversation": Verb(
        orders.ConversationOrder, Action.TALK, _in_production, _new_conversation
    ),
    "new_production": Verb(
        orders.ProductionOrder, Action.NEW_PRODUCTION, _nowhere, _new_production
    ),
}
