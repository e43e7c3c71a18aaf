"""`cost`: what was spent, what is left, and how long the work took."""

from __future__ import annotations

from decimal import Decimal

from agent.answer import Answer
from agent.context import ChatContext
from agent.toolkit.tool import ChatTool
from tools.contracts.model import Contract
from tools.contracts.progress import ProgressSink
from tools.language.text import plural
from tools.workflows.costs import CostReport, WorkLine, cost_report


class Cost(Contract):
    """Say what was spent, what is left, and how long the work took."""


def cost(_arguments: Cost, context: ChatContext, _watch: ProgressSink) -> Answer:
    """Say what the production has cost in money and in time."""
    report = cost_report(context.services, context.production)
    return Answer(text="\n".join([_money(report), *_time(report)]))


def dollars(amount: Decimal) -> str:
    """Return an amount as `$1.25`, with as many digits as it has beyond cents."""
    exact = amount.normalize()
    places = max(2, -int(exact.as_tuple().exponent))
    return f"-${-exact:.{places}f}" if exact < 0 else f"${exact:.{places}f}"


def duration(seconds: float) -> str:
    """Return a wall time as `12 s`, `3 min 5 s` or `2 h 10 min`."""
    whole = round(seconds)
    if whole < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min"


def _money(report: CostReport) -> str:
    if report.budget is None or report.left is None:
        return f"{report.production}: {dollars(report.spent)} spent; no budget is set."
    return (
        f"{report.production}: {dollars(report.spent)} of {dollars(report.budget)} spent, "
        f"{dollars(report.left)} left."
    )


def _time(report: CostReport) -> list[str]:
    if not report.work:
        return ["No work was done yet."]
    total = sum(line.seconds for line in report.work)
    return [*(_line(line) for line in report.work), f"Together {duration(total)} of wall time."]


def _line(line: WorkLine) -> str:
    money = f", {dollars(line.spent)}" if line.spent else ""
    return f"{line.kind}: {plural(line.jobs, 'job')}, {duration(line.seconds)}{money}."


TOOL = ChatTool("cost", Cost, cost)
