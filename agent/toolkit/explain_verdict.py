"""`explain_verdict`: why QC judged a take as it did, with the numbers."""

from __future__ import annotations

from agent.answer import Answer, AnswerPicture
from agent.context import ChatContext
from agent.toolkit.numbers import TakeName, take_slates
from agent.toolkit.tool import ChatTool
from tools.contracts.model import Contract
from tools.contracts.progress import ProgressSink
from tools.workflows.shots.judge.explain import explain_take, explanation_lines


class ExplainVerdict(Contract):
    """Say why QC judged a take as it did, with the numbers."""

    take: TakeName


def explain_verdict(
    arguments: ExplainVerdict, context: ChatContext, _watch: ProgressSink
) -> Answer:
    """Explain one take; the numbers that were shown stay what they are.

    Raises:
        BadInput: a number that was not shown, or a take that was not judged yet.
        UnknownName: there is no such take.
        Refused: the reference set of the character has no readable face.
    """
    (slate,) = take_slates(context, [arguments.take])
    found = explain_take(context.services, context.production, slate)
    kind = "sketch, " if found.is_sketch else ""
    picture = AnswerPicture(
        digest=found.digest, label=f"{found.take}: {kind}{found.verdict.outcome.value}"
    )
    return Answer(text="\n".join(explanation_lines(found)), pictures=(picture,))


TOOL = ChatTool("explain_verdict", ExplainVerdict, explain_verdict)
