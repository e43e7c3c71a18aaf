"""Two takes side by side: pictures, numbers and what each was drawn with.

Knows the store; must not know HTML.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from tools.contracts.images import ImageRequest
from tools.store.take import Take, take_of_slate
from ui.page.views.takes import PictureLink, TakeView, take_views


@dataclass(frozen=True)
class ComparedProperty:
    """One property of both."""

    label: str
    left: str
    right: str

    @property
    def differs(self) -> bool:
        """Whether the two have it in common."""
        return self.left != self.right


@dataclass(frozen=True)
class CompareView:
    """Two takes."""

    left: TakeView
    right: TakeView
    rows: tuple[ComparedProperty, ...]


def compare_view(
    session: Session, production_id: str, slates: tuple[str, str], link: PictureLink
) -> CompareView | None:
    """Read two takes by slate (`12A T3`); None when one of them has no picture.

    Raises:
        BadInput: not of the form of a take's slate.
        UnknownName: there is no such take.
    """
    takes = [
        take_of_slate(session=session, production_id=production_id, slate=slate) for slate in slates
    ]
    views = take_views(session, takes, link)
    if len(views) != len(takes):
        return None
    facts = [_facts(take) for take in takes]
    rows = tuple(ComparedProperty(label, facts[0][label], facts[1][label]) for label in facts[0])
    return CompareView(left=views[0], right=views[1], rows=rows)


def _facts(take: Take) -> dict[str, str]:
    request = ImageRequest.model_validate_json(take.request)
    return {
        "kind": "sketch, never delivered" if take.is_sketch else "take",
        "QC": take.verdict.value if take.verdict else "not judged",
        "why": "; ".join(take.reason_list()) or "–",
        "distance to the character": _number(take.csfd_own),
        "distance to others": _number(take.csfd_other),
        "faces": "–" if take.faces is None else str(take.faces),
        "seed": str(request.seed),
        "base": request.base,
        "size": f"{request.size.width} × {request.size.height}",
        "steps": str(request.steps),
        "guidance": f"{request.guidance:g}",
        "drawn over": "a picture of the person" if request.init_image else "nothing",
        "adapters": ", ".join(f"{lora.weight:g}" for lora in request.loras) or "none",
        "prompt": take.prompt,
        "note": take.note or "–",
    }


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
