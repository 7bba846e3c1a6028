"""Everything that one running simulator consists of."""

import threading
from dataclasses import dataclass, field

from .clock import Clock
from .exchange import Request
from .faults import Drawn, Faults
from .keys import Keys
from .limits import Limits
from .log import Log
from .model import User
from .oauth import Nonces
from .store import State, Store

USERNAME = "jobcenter_demo"
NAME = "Jobcenter Bremen (Demonstration)"


class Simulation:
    def __init__(self, keys: Keys, state: State | None = None, offset_s: float = 0.0) -> None:
        self.keys = keys
        self.lock = threading.RLock()
        self.stopping = threading.Event()
        self.clock = Clock(offset_s)
        self.me = User(keys.user_id, USERNAME, NAME)
        self.store = Store(self.clock, self.me, state)
        self.faults = Faults()
        self.limits = Limits()
        self.nonces = Nonces()
        self.log = Log()
        self.segments: dict[str, dict[int, bytes]] = {}
        """Uploaded pieces of media that are not finalized yet; not kept over a restart."""

    def reset(self) -> None:
        """Back to an empty service at the machine's own time."""
        self.clock.offset_s = 0.0
        self.store.start_with(self.store.empty_state())
        self.faults.clear()
        self.limits.clear()
        self.log.clear()
        self.segments.clear()


@dataclass(frozen=True)
class Caller:
    """Who asks: user (a token of the account), app (the app's bearer) or nobody."""

    kind: str
    user_id: str = ""
    scheme: str = ""

    @property
    def holder(self) -> str:
        return f"{self.kind}:{self.user_id}"


NOBODY = Caller("nobody")


@dataclass
class Call:
    """One request on its way through an endpoint."""

    request: Request
    caller: Caller
    args: dict[str, str]
    drawn: Drawn = field(default_factory=Drawn)
    post_id: str = ""
    """Set by endpoints that create, delete or retweet, for the log."""
