"""Ended jobs told once."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from agent.approvals import approve
from tests.support.chat import PRODUCTION, SPEAKER, Chat, ended
from tools.store.conversation import MessageRole


def test_the_end_of_a_long_job_is_told_once(talk: Chat) -> None:
    end = talk.ask("status")
    assert end.jobs == tuple(talk.runner.open_jobs(talk.id))
    assert talk.runner.report_ended_jobs() == []
    talk.studio.worker.run_until_done(end.jobs)
    told: list[Any] = []
    start = threading.Barrier(4)

    def report() -> None:
        start.wait()
        told.extend(talk.runner.report_ended_jobs(talk.id))

    threads = [threading.Thread(target=report) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [each.answer.text for each in told] == ["The job toy is done."]
    assert [row.role for row in talk.rows][-1] is MessageRole.REPORT
    assert talk.runner.open_jobs(talk.id) == []


def test_a_report_is_told_to_the_model_with_the_next_message(talk: Chat) -> None:
    end = talk.ask("status")
    talk.studio.worker.run_until_done(end.jobs)
    talk.runner.report_ended_jobs()

    talk.ask("gate Lirien")

    assert 'REPORTS: ["The job toy is done."]' in str(talk.asked[-1][0].text)


def test_a_job_that_is_asked_for_again_is_told_again(talk: Chat) -> None:
    for _ in range(2):
        talk.studio.worker.run_until_done(talk.ask("status").jobs)
        assert len(talk.runner.report_ended_jobs()) == 1


def test_reports_of_one_conversation_stay_there(talk: Chat) -> None:
    other = talk.runner.start(PRODUCTION).id
    talk.studio.worker.run_until_done(talk.ask("status").jobs)

    assert talk.runner.report_ended_jobs(other) == []
    assert [each.conversation_id for each in talk.runner.report_ended_jobs()] == [talk.id]


def test_a_report_between_question_and_answer_does_not_look_like_a_cut_turn(talk: Chat) -> None:
    end = talk.ask("status")
    talk.studio.worker.run_until_done(end.jobs)
    talk.runner.report_ended_jobs()

    assert list(talk.runner.resume(talk.id)) == []


def test_a_decision_on_nothing_leaves_no_row(talk: Chat) -> None:
    talk.ask("status")

    with pytest.raises(Exception, match="no such proposal"):
        ended(talk.runner.decide(talk.id, "a" * 32, approve(), SPEAKER))

    assert [row.role.value for row in talk.rows] == ["user", "assistant"]
