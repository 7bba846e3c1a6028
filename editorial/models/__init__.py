from .access import ChannelAccess
from .account import User
from .approval import Approval
from .audit import AuditActor, AuditEntry, AuditHead
from .channel import Channel, DailyTarget, SendPause
from .concept import ConceptVersion
from .consent import Consent
from .delivery import Attempt, Delivery
from .media import Medium
from .mirror import MirrorItem
from .network import Partner, TrustedSite
from .page import PublicPage, PublicPageVersion
from .post import Post, PostMedium, PostVersion
from .topic import Audience, CoreMessage, Topic

__all__ = [
    "Approval",
    "Attempt",
    "Audience",
    "AuditActor",
    "AuditEntry",
    "AuditHead",
    "Channel",
    "ChannelAccess",
    "ConceptVersion",
    "Consent",
    "CoreMessage",
    "DailyTarget",
    "Delivery",
    "Medium",
    "MirrorItem",
    "Partner",
    "Post",
    "PostMedium",
    "PostVersion",
    "PublicPage",
    "PublicPageVersion",
    "SendPause",
    "Topic",
    "TrustedSite",
    "User",
]
