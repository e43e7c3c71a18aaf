from __future__ import annotations

from typing import Any

import httpx
import pytest

from agent.approvals import approve
from agent.approvals import refuse as refused
from tests.support.page_orders import Bodies
from tests.support.served_page import House, act
from tests.ui.server.conftest import Browsers
from tools.store.conversation import UploadCreate, add_upload, list_messages
from tools.store.decision import Answered, DecisionCreate, record_decision
from tools.store.job import JobState, get_job
from tools.store.model import new_id
from tools.store.production import find_production
from tools.store.review import list_comments, list_votes
from tools.store.take import Take, take_of_slate
from ui.server.actions import VERBS
from ui.server.orders import JobOrder, ProductionOrder, TakesOrder

REVIEWERS_MAY = {"vote", "comment"}


def stored(house: House, production_id: str, slate: str) -> Take:
    with house.studio.services.database.reading() as session:
        return take_of_slate(session=session, production_id=production_id, slate=slate)


def state(house: House, job_id: str) -> JobState:
    with house.studio.services.database.reading() as session:
        return get_job(session=session, job_id=job_id).state


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_each_action_is_done_for_those_who_may_and_for_nobody_else(
    browsers: Browsers, bodies: Bodies, verb: str
) -> None:
    stranger = act(browsers.stranger, verb, bodies.of(verb))
    assert (stranger.status_code, stranger.json()) == (401, {"error": "sign in first"})

    reviewer = act(browsers.rosa, verb, bodies.of(verb))
    if verb in REVIEWERS_MAY:
        assert reviewer.status_code == 200, reviewer.text
    else:
        assert reviewer.status_code == 403
        assert "a reviewer may not" in reviewer.json()["error"]

    elsewhere = act(browsers.dan, verb, bodies.of(verb))
    assert elsewhere.status_code == (404 if verb in REVIEWERS_MAY else 403)

    director = act(browsers.ida, verb, bodies.of(verb))
    assert director.status_code == 200, director.text


def test_picks_rejects_and_openings_are_stored(
    house: House, browsers: Browsers, harbour: str
) -> None:
    def send(verb: str, slate: str, note: str = "") -> dict[str, Any]:
        body = TakesOrder(production_id=harbour, takes=(slate,), note=note)
        answer = act(browsers.ida, verb, body.model_dump(mode="json"))
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    send("pick", "12A T1")
    assert send("pick", "12A T3", "the look")["lost"] == ["12A T1"]
    assert stored(house, harbour, "12A T1").picked_at is None
    assert stored(house, harbour, "12A T3").picked_at is not None
    assert stored(house, harbour, "12A T3").note == "the look"
    send("reject", "12A T1", "the hair is wrong")
    assert stored(house, harbour, "12A T1").rejected_at is not None
    assert stored(house, harbour, "12A T1").note == "the hair is wrong"
    send("unpick", "12A T3")
    assert stored(house, harbour, "12A T3").picked_at is None


def test_a_reviewers_vote_picks_nothing(house: House, browsers: Browsers, harbour: str) -> None:
    before = stored(house, harbour, "12A T2").picked_at
    body = {"production_id": harbour, "take": "12A T2", "vote": "pick"}
    assert act(browsers.rosa, "vote", body).status_code == 200
    said = {"production_id": harbour, "take": "12A T2", "text": "<script>alert(1)</script>"}
    assert act(browsers.rosa, "comment", said).status_code == 200
    take = stored(house, harbour, "12A T2")
    assert take.picked_at == before
    with house.studio.services.database.reading() as session:
        votes = list_votes(session=session, take_ids=[take.id])
        comments = list_comments(session=session, take_ids=[take.id])
    assert ("Rosa", "pick") in {(name, str(vote.vote)) for vote, name in votes}
    assert ("Rosa", "<script>alert(1)</script>") in {(each.author, each.text) for each in comments}


def test_a_take_of_another_production_is_not_reached_by_its_slate(
    house: House, browsers: Browsers, harbour: str, desert: str
) -> None:
    body = {"production_id": desert, "take": "12A T1", "vote": "pick"}
    assert act(browsers.rosa, "vote", body).status_code == 404
    named = {"production_id": harbour, "takes": ["99Z T1"]}
    answer = act(browsers.ida, "pick", named)
    assert answer.status_code == 404
    assert "99Z" in answer.json()["error"]


@pytest.mark.parametrize("decision", ["approve", "reject"])
def test_a_decision_goes_to_the_agent_once(
    house: House, browsers: Browsers, bodies: Bodies, decision: str
) -> None:
    body = {**bodies.decide(), "decision": decision}
    house.runner.go_on.clear()
    first = act(browsers.ida, "decide", body)
    second = act(browsers.ida, "decide", body)
    house.runner.go_on.set()
    assert first.status_code == 200, first.text
    assert second.status_code == 409
    assert "still at work" in second.json()["error"]
    verdict = approve() if decision == "approve" else refused("")
    mine = [each for each in house.runner.decided if each[1] == body["interrupt_id"]]
    assert mine == [(body["conversation_id"], body["interrupt_id"], verdict, "Ida")]


def test_a_proposal_is_answered_where_it_waits_and_once(
    house: House, browsers: Browsers, bodies: Bodies
) -> None:
    body, elsewhere = bodies.decide(), bodies.decide()
    crossed = {**body, "conversation_id": elsewhere["conversation_id"]}
    answer = act(browsers.ida, "decide", crossed)
    assert (answer.status_code, answer.json()["error"]) == (
        404,
        "no such proposal waits in this conversation",
    )
    with house.studio.services.database.session() as session:
        row = DecisionCreate.of(
            interrupt_id=body["interrupt_id"],
            conversation_id=body["conversation_id"],
            tool="train",
            arguments=JobOrder(job_id=new_id()),
            decision=Answered.REJECT,
            by="Otto",
        )
        assert record_decision(session=session, decision=row)
    answer = act(browsers.ida, "decide", body)
    assert answer.status_code == 409
    assert answer.json()["error"] == "Otto has answered this already: reject"


def test_a_job_is_cancelled_once(house: House, browsers: Browsers, bodies: Bodies) -> None:
    job_id = bodies.job(approved=True)
    assert act(browsers.ida, "cancel", {"job_id": job_id}).json() == {"state": "cancelled"}
    assert state(house, job_id) is JobState.CANCELLED
    again = act(browsers.ida, "cancel", {"job_id": job_id})
    assert (again.status_code, again.json()["error"]) == (409, "this job has ended: cancelled")
    assert act(browsers.ida, "cancel", {"job_id": new_id()}).status_code == 404


def test_a_job_of_no_production_is_a_directors_business(
    house: House, browsers: Browsers, bodies: Bodies
) -> None:
    job_id = bodies.job(approved=True, production=False)
    assert act(browsers.rosa, "cancel", {"job_id": job_id}).status_code == 403
    assert act(browsers.ida, "cancel", {"job_id": job_id}).status_code == 200
    assert state(house, job_id) is JobState.CANCELLED


def test_only_a_job_that_waits_for_a_person_is_approved(
    house: House, browsers: Browsers, bodies: Bodies
) -> None:
    job_id = bodies.job(approved=False)
    assert act(browsers.ida, "approve_job", {"job_id": job_id}).json() == {"state": "approved"}
    assert state(house, job_id) is JobState.APPROVED
    again = act(browsers.ida, "approve_job", {"job_id": job_id})
    assert (again.status_code, again.json()["error"]) == (
        409,
        "this job waits for nobody: approved",
    )
    act(browsers.ida, "cancel", {"job_id": job_id})


def test_a_new_production_and_its_first_conversation(house: House, browsers: Browsers) -> None:
    name = f"Cellar {new_id()}"
    body = ProductionOrder(name=name).model_dump(mode="json")
    made = act(browsers.ida, "new_production", body).json()["production_id"]
    with house.studio.services.database.reading() as session:
        found = find_production(session=session, name=name)
    assert found is not None
    assert found.id == made
    twice = act(browsers.ida, "new_production", body)
    assert twice.status_code == 400
    assert "choose another name" in twice.json()["error"]
    begun = act(browsers.ida, "new_conversation", {"production_id": made}).json()
    with house.studio.services.database.reading() as session:
        assert list_messages(session=session, conversation_id=begun["conversation_id"]) == []


def test_what_is_not_an_error_of_ours_says_nothing_of_the_inside(
    house: House, monkeypatch: pytest.MonkeyPatch, harbour: str
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the inside")

    monkeypatch.setattr("ui.server.actions.picks.vote", broken)
    with house.browser("Rosa") as client:
        answer = vote(client, harbour)
    assert (answer.status_code, answer.json()) == (
        500,
        {"error": "a bug; the program's log says what"},
    )
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


def vote(client: httpx.Client, production_id: str) -> httpx.Response:
    body = {"production_id": production_id, "take": "12A T2", "vote": "pick"}
    return act(client, "vote", body)


def test_attached_pictures_are_put_aside_one_by_one_or_all(
    house: House, browsers: Browsers, bodies: Bodies
) -> None:
    conversation, database = bodies.conversation(), house.studio.services.database
    with database.session() as session:
        ids = [
            add_upload(
                session=session,
                upload=UploadCreate(
                    conversation_id=conversation, digest=f"{number}" * 64, file_name=f"{number}.png"
                ),
            ).id
            for number in range(3)
        ]
    one = {"conversation_id": conversation, "uploads": ids[:1]}
    assert act(browsers.rosa, "put_aside", one).status_code == 403
    assert act(browsers.ida, "put_aside", one).json() == {"put_aside": 1}
    assert act(browsers.ida, "put_aside", one).json() == {"put_aside": 0}
    everything = {"conversation_id": conversation}
    assert act(browsers.ida, "put_aside", everything).json() == {"put_aside": 2}
