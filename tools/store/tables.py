"""All tables in one metadata, for migrations.

Knows which modules hold tables; must not know anything about them.
"""

from __future__ import annotations

from tools.store.character import Character, Look
from tools.store.face_cache import FaceRecord
from tools.store.identity_block import IdentityBlock
from tools.store.job import Execution, Job, JobNeed
from tools.store.ledger import LedgerEntry
from tools.store.lora_version import LoraVersion
from tools.store.model import StoreModel
from tools.store.production import Production
from tools.store.reference_set import ReferenceImage, ReferenceSet
from tools.store.scene import Scene
from tools.store.shot import Shot
from tools.store.take import Take

TABLES = (
    Production,
    Character,
    Look,
    IdentityBlock,
    ReferenceSet,
    ReferenceImage,
    LoraVersion,
    Scene,
    Shot,
    Take,
    Job,
    JobNeed,
    Execution,
    LedgerEntry,
    FaceRecord,
)
METADATA = StoreModel.metadata
