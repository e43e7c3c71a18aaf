"""How a verb prints: JSON for scripts, a table or a line for people, progress on standard error.

Knows Rich and the progress contract; must not know any workflow.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pydantic import BaseModel

    from tools.contracts.progress import Progress, ProgressSink


AsJson = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]


def print_json(value: BaseModel | dict[str, object] | list[object]) -> None:
    """Print one JSON value on standard output."""
    from pydantic import BaseModel

    plain = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
    sys.stdout.write(json.dumps(plain, ensure_ascii=False, indent=2) + "\n")


def say(line: str = "") -> None:
    """Print one line on standard output, at once: who reads it through a pipe waits for it."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def warn(line: str) -> None:
    """Print one line on standard error, where it is in no script's way."""
    sys.stderr.write(line + "\n")


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table; numbers are given as text, already rounded, and brackets stay brackets."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=title, title_justify="left", header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*map(escape, row))
    Console(width=None if sys.stdout.isatty() else 120).print(table)


@contextmanager
def progress_bars(*, paced: bool = False) -> Iterator[ProgressSink]:
    """Yield a sink that draws one bar a stage on standard error, or writes lines when it is a file.

    Args:
        paced: for work that is no job, whose reports do not say yet how much time is left.
    """
    with _plain_bars() as sink:
        yield _paced(sink) if paced else sink


def _paced(sink: ProgressSink) -> ProgressSink:
    from tools.jobs.pace import paced
    from ui.cli.studio import why_slow_here

    return paced(sink, why_slow_here)


@contextmanager
def _plain_bars() -> Iterator[ProgressSink]:
    if not sys.stderr.isatty():
        yield _line_sink()
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    bars = Bars(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total} {task.fields[note]}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )
    with bars:
        yield _sink(bars)


def _line_sink() -> ProgressSink:
    """A line at the start of a stage and at every quarter of it, for logs."""
    quarters: dict[str, int] = {}

    def sink(progress: Progress) -> None:
        quarter = 4 * progress.done // progress.total if progress.total else 0
        if quarter > quarters.get(progress.stage, -1):
            quarters[progress.stage] = quarter
            count = f"{progress.done}/{progress.total}" if progress.total else ""
            sys.stderr.write(f"{progress.stage} {count} {progress.line}".rstrip() + "\n")
            sys.stderr.flush()

    return sink


def _sink(bars: object) -> ProgressSink:
    from rich.progress import Progress as Bars

    assert isinstance(bars, Bars)
    tasks: dict[str, int] = {}

    def sink(progress: Progress) -> None:
        total = progress.total or None
        if progress.stage not in tasks:
            tasks[progress.stage] = int(bars.add_task(progress.stage, total=total, note=""))
        task = next(t.id for t in bars.tasks if t.id == tasks[progress.stage])
        bars.update(task, completed=progress.done, total=total, note=progress.line)

    return sink


def number(value: float | None, digits: int = 3) -> str:
    """Format a number for a table; a dash when it was not measured."""
    return "–" if value is None else f"{value:.{digits}f}"
