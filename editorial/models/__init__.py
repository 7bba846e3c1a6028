from .access import AccessReview, ChannelAccess
from .account import User
from .approval import Approval
from .audit import AuditActor, AuditEntry, AuditHead
from .channel import Channel, DailyTarget, SendPause
from .concept import ConceptVersion
from .consent import Consent, Removal, Scan, WithdrawalCase
from .consultation import Consultation, Department
from .delivery import Attempt, Delivery, MediaUpload, Resend, TimelineRead
from .duty import Duty, Participation, Training
from .link import LinkCheck, PostLink
from .look import Look
from .media import EarlierCut, Medium
from .mirror import Correction, MirrorItem
from .money import Budget, Price, Spending
from .network import Partner, TrustedSite
from .notice import Notice
from .observation import Observation
from .page import PublicPage, PublicPageVersion
from .planning import CalendarKey, FixedDate, RecurringSlot, SavedView
from .post import Post, PostMedium, PostVersion
from .pulse import Alarm, Heartbeat, Restore
from .register import Appointment, Article, Entry, Event, Kept, Mention, Offer, ReadingTip
from .rule import RuleChange
from .topic import Audience, CoreMessage, Topic
from .wording import Election, GlossaryTerm, PublishedContact, TextBlock

__all__ = [
    "AccessReview",
    "Alarm",
    "Appointment",
    "Approval",
    "Article",
    "Attempt",
    "Audience",
    "AuditActor",
    "AuditEntry",
    "AuditHead",
    "Budget",
    "CalendarKey",
    "Channel",
    "ChannelAccess",
    "ConceptVersion",
    "Consent",
    "Consultation",
    "CoreMessage",
    "Correction",
    "DailyTarget",
    "Delivery",
    "Department",
    "Duty",
    "EarlierCut",
    "Election",
    "Entry",
    "Event",
    "FixedDate",
    "GlossaryTerm",
    "Heartbeat",
    "Kept",
    "LinkCheck",
    "Look",
    "MediaUpload",
    "Medium",
    "Mention",
    "MirrorItem",
    "Notice",
    "Observation",
    "Offer",
    "Participation",
    "Partner",
    "Post",
    "PostLink",
    "PostMedium",
    "PostVersion",
    "Price",
    "PublicPage",
    "PublicPageVersion",
    "PublishedContact",
    "ReadingTip",
    "RecurringSlot",
    "Removal",
    "Resend",
    "Restore",
    "RuleChange",
    "SavedView",
    "Scan",
    "SendPause",
    "Spending",
    "TextBlock",
    "TimelineRead",
    "Topic",
    "Training",
    "TrustedSite",
    "User",
    "WithdrawalCase",
]
