"""What the service makes of an uploaded file after finalize, moved by the simulator's clock."""

from typing import Any

from .model import Media
from .simulation import Simulation

PENDING_SHARE = 0.25


def processing_info(sim: Simulation, media: Media) -> dict[str, Any] | None:
    """None = nothing to wait for (pictures, and files that are not finalized yet)."""
    if media.state != "finalized" or (media.type == "photo" and not media.fate):
        return None
    if media.fate == "failed":
        error = {"code": 1, "name": "InvalidMedia", "message": "Unsupported video format (simulated)"}
        return {"state": "failed", "progress_percent": 0, "error": error}
    if media.fate == "pending":
        return {"state": "in_progress", "check_after_secs": 1, "progress_percent": 50}
    needed = sim.store.settings.processing_s
    share = 1.0 if needed <= 0 else (sim.clock.now() - media.finalized_at) / needed
    if share >= 1:
        return {"state": "succeeded", "progress_percent": 100}
    state = "pending" if share < PENDING_SHARE else "in_progress"
    return {"state": state, "check_after_secs": 1, "progress_percent": max(0, int(share * 100))}


def is_ready(sim: Simulation, media: Media) -> bool:
    info = processing_info(sim, media)
    return media.state == "finalized" and (info is None or info["state"] == "succeeded")
