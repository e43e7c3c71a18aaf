"""Have pictures drawn and adapters trained, and keep what each result cost.

The one place that asks the studio's backend and trainer, so that no path can make something and lose
its bill. Knows results and the ledger; must not know what is drawn nor prices.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

from tools.contracts.images import ImageRequest, ImageResult
from tools.contracts.parts import StepSink
from tools.contracts.progress import Progress, ProgressSink
from tools.contracts.training import LoraConfig, TrainingImage, TrainProgress
from tools.services import Services
from tools.store.job import find_job
from tools.store.ledger import LedgerEntryCreate, record_charge
from tools.store.model import canonical_json, now


@dataclass(frozen=True)
class Bill:
    """What a job's results are booked on.

    Every result has a key that follows from the job and the request, so that a job that was killed and
    goes on books the same result once.
    """

    services: Services
    production_id: str
    job_key: str
    """Of the job; a verb that is called without one books under the key that its job would have."""

    def charge(self, key: str, what: str, base: str, seconds: float, cost: Decimal) -> None:
        """Book a result; one that cost nothing leaves no entry."""
        if not cost:
            return
        with self.services.database.session() as session:
            job = find_job(session=session, key=self.job_key)
            record_charge(
                session=session,
                entry=LedgerEntryCreate(
                    production_id=self.production_id,
                    key=f"{self.job_key}:{key}",
                    job_id=job.id if job else None,
                    amount=cost,
                    what=what,
                    priced_on=now().date(),
                    base=base,
                    seconds=seconds,
                ),
            )


def draw(
    bill: Bill, requests: Sequence[ImageRequest], on_step: StepSink | None = None
) -> Iterator[ImageResult]:
    """Draw pictures as `ImageBackend.draw` does; each is booked before it is handed on."""
    return _booked(bill, requests, bill.services.backend.draw(requests, on_step))


def told_by_steps(progress: ProgressSink, place: Progress) -> StepSink:
    """A sink that says how far a call is inside one unit of a stage, and passes a cancelling on.

    Args:
        progress: the stage's.
        place: where the stage stands while the pictures are drawn.
    """

    def on_step(step: int, steps: int) -> None:
        note = ", ".join(filter(None, (place.note, f"step {step} of {steps}")))
        progress(place.model_copy(update={"note": note}))

    return on_step


def _booked(
    bill: Bill, requests: Sequence[ImageRequest], results: Iterator[ImageResult]
) -> Iterator[ImageResult]:
    met: Counter[str] = Counter()
    for request, result in zip(requests, results, strict=True):
        digest = sha256(canonical_json(request).encode()).hexdigest()[:32]
        met[digest] += 1
        what = f"{request.purpose} by {request.base}"
        bill.charge(f"{digest}:{met[digest]}", what, request.base, result.seconds, result.cost)
        yield result


def train(
    bill: Bill, base: str, images: Sequence[TrainingImage], config: LoraConfig, folder: Path
) -> Generator[TrainProgress]:
    """Train as `LoraTrainer.train` does; what the run cost is booked before its last step is told."""
    begun = now()
    with closing(bill.services.trainer.train(base, images, config, folder)) as run:
        for step in run:
            seconds = (now() - begun).total_seconds()
            bill.charge("training", f"training on {base}", base, seconds, step.cost)
            yield step
