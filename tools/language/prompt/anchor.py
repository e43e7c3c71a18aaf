"""The SAME anchor: the clause that closes every image prompt (docs/decisions/002-same-anchor.md).

The only place that builds it, checks it, cuts it off again and makes room for it; must not know a base.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from tools.contracts.images import CastMember, ImageRequest, Purpose
from tools.errors import AnchorMissing
from tools.language.names import trigger_of

_WITHOUT_CAST = frozenset({Purpose.REGULARISATION, Purpose.LAYOUT})
_BETWEEN = ", "
_ANCHOR = re.compile(r"(?:^|(?<=, ))SAME [^:;,]+: ")


def same_anchor(cast: Sequence[CastMember]) -> str:
    """Return `SAME NAME: identity block; lit by LIGHT` for each of the cast, joined by commas.

    NAME is the trigger that is derived from the name; for an ASCII name that is the name itself.

    An empty cast has no anchor: the empty string.
    """
    return _BETWEEN.join(
        f"SAME {trigger_of(member.name)}: {member.identity_block}; lit by {member.light}"
        for member in cast
    )


def with_anchor(scene: str, cast: Sequence[CastMember]) -> str:
    """Close a scene part with the anchor of its cast."""
    return _BETWEEN.join(part for part in (scene, same_anchor(cast)) if part)


def anchor_start(text: str) -> int:
    """Where the closing anchor of a prompt or caption begins; the text's length when it has none."""
    found = _ANCHOR.search(text)
    return found.start() if found else len(text)


def require_anchor(request: ImageRequest) -> None:
    """Refuse an image request whose prompt does not close with the anchor of its cast.

    Raises:
        AnchorMissing: no anchor, a changed anchor, words after it, or an empty cast for a purpose
            other than regularisation and layout.
    """
    if not request.cast:
        if request.purpose not in _WITHOUT_CAST:
            raise AnchorMissing(
                f"a {request.purpose.value} picture needs a cast: the prompt must close with "
                "'SAME NAME: identity block; lit by LIGHT'"
            )
        return
    split_anchor(request.prompt, request.cast)


def split_anchor(prompt: str, cast: Sequence[CastMember]) -> tuple[str, str]:
    """Cut a prompt into its scene part and its anchor, without the comma between them.

    Raises:
        AnchorMissing: the prompt does not close with the anchor of this cast.
    """
    anchor = same_anchor(cast)
    if not anchor:
        return prompt, ""
    scene = prompt.removesuffix(anchor)
    is_closed = prompt.endswith(anchor) and (not scene or scene.endswith(_BETWEEN))
    if not is_closed:
        raise AnchorMissing(
            f"the prompt must close with the SAME anchor of its cast, byte for byte: '{anchor}'; "
            f"it ends with '{prompt[-60:]}'"
        )
    return scene.removesuffix(_BETWEEN), anchor


def shorten_scene(
    scene: str, anchor: str, *, count_tokens: Callable[[str], int], budget: int
) -> str:
    """Drop the scene's last, least important slots until scene and anchor fit together.

    The opening (framing and subject) always stays, and the anchor is never touched: when even these
    two are too long, the text's reader decides (docs/decisions/002-same-anchor.md).

    Args:
        scene: the scene part, slots parted by commas.
        anchor: the closing anchor, possibly empty.
        count_tokens: tokens of a text without start and end marks.
        budget: tokens that fit, without start and end marks.
    """
    slots = scene.split(", ")
    while len(slots) > 1 and count_tokens(", ".join([*slots, anchor])) > budget:
        slots.pop()
    return ", ".join(slots)
