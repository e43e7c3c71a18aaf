"""All tables in one metadata, for migrations.

Knows which modules hold tables; must not know anything about them.
"""

from __future__ import annotations

from tools.store.casting import Casting
from tools.store.character import Character, Look
from tools.store.conversation import Conversation, ConversationJob, Message, Upload
from tools.store.decision import Decision
from tools.store.delivery import Delivery
from tools.store.face_cache import FaceRecord
from tools.store.identity_block import IdentityBlock
from tools.store.job import Execution, Job, JobNeed
from tools.store.ledger import LedgerEntry
from tools.store.login import LoginFailure, LoginSession
from tools.store.lora_version import LoraVersion
from tools.store.model import StoreModel
from tools.store.production import Production
from tools.store.reference_set import ReferenceImage, ReferenceSet
from tools.store.review import Comment, Vote
from tools.store.scene import Scene
from tools.store.set_draft import SetDraft
from tools.store.shot import Shot
from tools.store.take import Take
from tools.store.user import User

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
    User,
    LoginSession,
    LoginFailure,
    Conversation,
    Message,
    ConversationJob,
    Upload,
    Decision,
    Vote,
    Comment,
    Casting,
    SetDraft,
    Delivery,
)
METADATA = StoreModel.metadata
