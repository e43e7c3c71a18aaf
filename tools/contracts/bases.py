"""A base as a row of data: everything in which one diffusion model differs from another.

A base is drawn with on this machine, or behind a provider's endpoint. The two share what a person sees
(name, title, licence) and what a prompt needs (sizes, vocabulary); what a pipeline needs only the first
has, so that what draws or trains here asks for a `BaseRow`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from tools.contracts.limits import MOST_REFERENCES
from tools.contracts.memory import Footprint
from tools.contracts.model import Contract, Size

BASE_NAME = r"^[a-z0-9][a-z0-9-]*$"


class Sampler(StrEnum):
    """How noise becomes a picture."""

    DPM_SOLVER_MULTISTEP = "dpmsolver++ 2M Karras"
    DPM_SOLVER_SDE = "dpm++ sde Karras"
    FLOW_MATCH_EULER = "flow match euler"

    @property
    def flows(self) -> bool:
        """Whether it goes along a rectified flow, on which only flow models were trained."""
        return self.value.startswith("flow match")


def nearest_size(sizes: Sequence[Size], ratio: float) -> Size:
    """The size nearest to an aspect ratio; of equally near ones the first.

    Args:
        sizes: at least one.
        ratio: width over height, above 0; twice as wide is as far away as half as wide.
    """
    return min(sizes, key=lambda size: abs(math.log(size.width / size.height / ratio)))


GUIDE_FOLDER = "guide"
"""Where a base's folder keeps its guide."""


class Guide(Contract):
    """A weaker copy of a base's denoiser, away from which the stronger one is steered (autoguidance).

    A guided step is `g + s (c - g)`: c by the denoiser with the prompt and the adapters, g by the
    guide with the negative prompt or the empty one and no adapter, s the row's `guidance`
    (arXiv:2406.02507).
    """

    folder: str = GUIDE_FOLDER
    """Its weights: a folder of the base's folder, or an absolute path."""
    rescale: float = Field(default=0.0, ge=0, le=1)
    """Share of the result that gets c's standard deviation (arXiv:2305.08891)."""
    highest_noise: float = Field(default=1.0, gt=0, le=1)
    """Share of the noise schedule above which c stands alone, for half the cost (arXiv:2404.07724)."""
    plain_steps: int = Field(ge=1, le=100)
    """The row's steps where a folder has no guide."""
    plain_guidance: float = Field(ge=0.0, le=20.0)
    """The row's guidance where a folder has no guide."""


class TrainingAdapter(Contract):
    """A frozen adapter that a step-distilled base is trained beside, so that the distillation is not learned
    away. It is on while an adapter learns, and off when the base draws.
    """

    source: str
    """Hub id of it."""
    file: str
    revision: str = Field(pattern=r"^[0-9a-f]{7,40}$")
    """Commit of the source; the first seven digits are enough."""
    licence: str


class Remedy(Contract):
    """Changes to the request of a shot's next try, after QC rejected the last; a new seed comes besides."""

    name: str
    adapter_factor: float = Field(default=1.0, gt=0, le=2)
    guidance_added: float = Field(default=0.0, ge=0, le=10)
    start_factor: float = Field(default=1.0, gt=0, le=1)
    """Of the strength of a sketch, which is the nearer to its start picture the less is redrawn."""


REMEDIES = (
    Remedy(name="as written"),
    Remedy(name="new seed"),
    Remedy(name="new seed, person held harder", adapter_factor=1.2, start_factor=0.85),
    Remedy(name="new seed, prompt held more tightly", guidance_added=1.0),
)
"""Of a base that is guided: a new seed first, then something stronger each time."""


class OwnSettings(Contract):
    """What a person sets otherwise for a base that they add; None is the row's."""

    steps: int | None = Field(default=None, ge=1, le=100)
    guidance: float | None = Field(default=None, ge=0.0, le=20.0)
    sampler: Sampler | None = None

    def given(self) -> dict[str, object]:
        """What is set, by the names of a row's fields."""
        said = {"steps": self.steps, "guidance": self.guidance, "sampler": self.sampler}
        return {name: value for name, value in said.items() if value is not None}


class Licensed(Contract):
    """Under what terms a base may be used."""

    licence: str
    licence_note: str = ""
    """What it means for a film, where its name does not say."""
    commercial: bool | None = None
    """Whether it allows commercial use; None where nobody here knows."""

    @property
    def licence_line(self) -> str:
        """The licence and its consequence, as they are shown where a base is chosen."""
        use = {
            True: "commercial use allowed",
            False: "no commercial use",
            None: "ask before commercial use",
        }[self.commercial]
        return "; ".join(filter(None, (self.licence, use, self.licence_note)))


class TextWindow(Contract):
    """The one window in which a base reads a prompt; a longer scene gives way to the anchor."""

    tokens: int = Field(ge=16)
    """Start and end marks included."""
    tokenizer: str = "tokenizer"
    """The base's tokenizer that makes these tokens: a folder of its folder."""


class BaseRow(Licensed):
    """A base whose weights lie on this machine."""

    name: str = Field(pattern=BASE_NAME)
    title: str
    architecture: str = Field(pattern=r"^[a-z0-9_]+$")
    """Its folder in `tools.architectures`: pipeline classes, texts, training objective."""
    source: str
    """Hub id or package data path of the diffusers folder; of an installed checkpoint its file."""
    revision: str = Field(default="", exclude_if=lambda each: not each)
    """What of the source is installed: a commit, or the digest of a file; empty where nobody can say."""
    sizes: tuple[Size, ...] = Field(min_length=1)
    """Native sizes; the first is the default."""
    sheet_size: Size
    steps: int = Field(ge=1, le=100)
    guidance: float = Field(ge=0.0, le=20.0)
    guidance_of_drawn: float | None = Field(
        default=None, ge=0.0, le=20.0, exclude_if=lambda each: each is None
    )
    """Guidance with an adapter that has learned pictures which this base drew: they were guided already,
    and what they show of it would be doubled. None: the same as ever."""
    sampler: Sampler
    lora_targets: tuple[str, ...]
    """Module name suffixes of the denoiser's attention and feed-forward layers."""
    lora_convolutions: tuple[str, ...] = ()
    """Module name suffixes of convolutions that may be adapted too."""
    text_lora_targets: tuple[str, ...] = ()
    adapters_from: tuple[str, ...] = ()
    """Other rows, of the same architecture, whose adapters draw on it too, as its own do and those of the
    row that it is `trained_on`."""
    training_adapter: TrainingAdapter | None = None
    """What it is trained beside; None: nothing."""
    min_photo_side: int = Field(ge=64)
    """Smallest side of a director's photo, in pixels."""
    crop_side: int | None = None
    """Side of the crops that the base was trained on with crop conditioning, if any."""
    vocabulary: str
    """Name of the prompt rules in `prompts/bases/` (slots, order, words it knows)."""
    window: TextWindow | None = None
    """None: it reads as many windows as a prompt takes."""
    draws_profiles: bool = True
    """Whether heads in profile can be read in what it draws; where not, plans ask for three-quarter views."""
    weak_delta_rms: float = Field(default=1e-4, gt=0)
    """Adapters that change the weights by less (root mean square) have learned nothing."""
    cpu_autocast_bf16: bool = False
    half_precision: Literal["bf16", "fp16"] | None = "bf16"
    """What its weights are held and computed in on a GPU when it draws; None: fp32. fp16 has three bits
    more than bf16 and a smaller range, which a model must have been made for; a card without bf16 draws in
    fp16 either way."""
    embedded_guidance: bool = False
    """Whether guidance is an input of the denoiser, which was distilled so; weights of the other kind are
    refused, since both load and only one draws rightly."""
    guidance_free: bool = False
    """Whether it was distilled to draw without guidance, which is then left out whatever a request says."""
    references: int = Field(default=0, ge=0, le=MOST_REFERENCES)
    """Reference pictures that it takes beside a prompt."""
    trained_on: str | None = None
    """Row on whose weights its adapters learn; None: its own."""
    guide: Guide | None = None
    """Steps and guidance above are with it."""
    embedder: str = "photo"
    """Row of `tools/embedders/data/embedders.yaml` that tells its people apart."""
    calibration: str | None = None
    """Threshold of that embedder that was calibrated on this base's people; None takes the embedder's own."""
    form: str | None = None
    """Row of the embedder table that sees whether a head it drew is rightly formed; None: nobody looks."""
    remedies: tuple[Remedy, ...] = Field(default=REMEDIES, min_length=1)
    """What is tried in turn when QC rejects a take; past the list its last one stays."""
    layers: str = "layers"
    """File of `prompts/references/` that says how strongly each layer of a set is redrawn; which layers
    there are and what they are drawn from is the same in all."""
    memory: Footprint | None = None
    """What it needs; None: not known, so that nothing is planned and all of it is loaded."""
    kind: Literal["local"] = "local"

    @model_validator(mode="after")
    def _remedies_take_effect(self) -> BaseRow:
        unguided = self.guidance_free or not self.guidance
        if unguided and any(each.guidance_added for each in self.remedies):
            raise ValueError(
                f"{self.name} is drawn without guidance: a remedy that adds to it does nothing"
            )
        return self

    @property
    def origin(self) -> str:
        """Source and revision: the same for the same weights, as far as anybody can say."""
        return f"{self.source}@{self.revision}" if self.revision else self.source

    @property
    def training_side(self) -> int:
        """Side of training pictures in pixels: the base's own, at most the paper's 1024."""
        return min(1024, self.sizes[0].width, self.sizes[0].height)

    def size_for(self, ratio: float) -> Size:
        """The native size nearest to an aspect ratio, width over height."""
        return nearest_size(self.sizes, ratio)

    def without_guide(self) -> BaseRow:
        """The row as it draws by classifier-free guidance alone."""
        if self.guide is None:
            return self
        plain = {"steps": self.guide.plain_steps, "guidance": self.guide.plain_guidance}
        return self.model_copy(update={**plain, "guide": None})


class Ability(StrEnum):
    """What an endpoint can start from."""

    TEXT = "text"
    IMAGE = "image"
    MASK = "mask"
    LORAS = "loras"
    REFERENCES = "references"


class EndpointRow(Licensed):
    """A base behind a provider's endpoint, drawn with for money."""

    kind: Literal["endpoint"]
    name: str = Field(pattern=BASE_NAME)
    title: str
    endpoint: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]*(/[a-z0-9][a-z0-9.-]*)+$")
    """The provider's id of it, as `owner/model/variant`."""
    sizes: tuple[Size, ...] = Field(min_length=1)
    """Sizes that it is asked for; the first is the default."""
    abilities: frozenset[Ability] = Field(min_length=1)
    price: Decimal = Field(ge=0)
    """US dollars for a picture of the default size."""
    priced_on: date
    vocabulary: str
    """As of a `BaseRow`."""


def _kind_of(row: object) -> str:
    kind = row.get("kind", "local") if isinstance(row, Mapping) else getattr(row, "kind", None)
    return str(kind)


AnyBaseRow = Annotated[
    Annotated[BaseRow, Tag("local")] | Annotated[EndpointRow, Tag("endpoint")],
    Discriminator(_kind_of),
]
"""One line of the base table; one that does not say its kind is local."""


class AddBaseRequest(Contract):
    """Install a base: a row of the table, or a new name."""

    name: str
    source: str
    """Path of a diffusers folder or a checkpoint, or hub id `owner/name[@revision]`."""
    like: str | None = None
    """Row whose settings a new name takes; by architecture when not given."""
    own: OwnSettings = OwnSettings()
    installed_before: int = Field(default=0, ge=0)
    """How often just this was done already; asked for again, it is another job."""


class BaseAdded(Contract):
    """A base that can draw."""

    name: str
    source: str
    revision: str = ""
    """As of a `BaseRow`."""
