"""Media upload v2: initialize, append, finalize, status, the upload in one call, and alt texts."""

import base64
import binascii
import hashlib
from typing import Any

from . import multipart
from .bodies import checked_id, json_object
from .exchange import Answer, Request, json_answer
from .fields import only
from .model import Media
from .problems import INVALID_MEDIA, invalid, refused
from .processing import is_ready, processing_info
from .simulation import Call, Simulation

MB = 1024 * 1024
LARGEST_CHUNK = 8 * MB
MOST_SEGMENTS = 1000
LONGEST_ALT_TEXT = 1000
IMAGE_TYPES = ("image/jpeg", "image/png", "image/webp", "image/gif")
VIDEO_TYPES = ("video/mp4", "video/quicktime")
CATEGORIES: dict[str, tuple[tuple[str, ...], int]] = {
    "tweet_image": (IMAGE_TYPES, 5 * MB),
    "tweet_gif": (("image/gif",), 15 * MB),
    "tweet_video": (VIDEO_TYPES, 512 * MB),
    "amplify_video": (VIDEO_TYPES, 512 * MB),
    "subtitles": (("text/srt", "text/vtt"), 1 * MB),
}
MAGIC = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"GIF8", "image/gif"))


def initialize(sim: Simulation, call: Call) -> Answer:
    known = {"media_type", "total_bytes", "media_category", "additional_owners", "shared"}
    body = json_object(call.request, known)
    media_type, total = body.get("media_type"), body.get("total_bytes")
    if not isinstance(media_type, str) or not isinstance(total, int) or total < 1:
        raise invalid("media_type and total_bytes are required")
    media = new_media(sim, media_type, str(body.get("media_category") or usual_category(media_type)), total)
    sim.segments[media.id] = {}
    return json_answer(200, {"data": described(sim, media)})


def usual_category(media_type: str) -> str:
    if media_type == "image/gif":
        return "tweet_gif"
    return "tweet_video" if media_type.startswith("video/") else "tweet_image"


def new_media(sim: Simulation, media_type: str, category: str, total_bytes: int) -> Media:
    if category not in CATEGORIES:
        raise invalid("The media_category is not valid", {"media_category": category})
    types, largest = CATEGORIES[category]
    if media_type not in types:
        raise invalid(f"The media_type does not fit the media_category {category}", {"media_type": media_type})
    if total_bytes > largest:
        raise invalid(f"The file is larger than {largest} bytes", {"total_bytes": total_bytes})
    now = sim.clock.now()
    expires_at = now + sim.store.settings.media_expires_s
    media = Media(sim.store.new_id(), sim.me.id, media_type, category, total_bytes, now, expires_at)
    sim.store.state.media[media.id] = media
    sim.store.changed()
    return media


def described(sim: Simulation, media: Media) -> dict[str, Any]:
    left = max(0, int(media.expires_at - sim.clock.now()))
    data: dict[str, Any] = {"id": media.id, "media_key": media.key, "expires_after_secs": left}
    if media.state == "finalized":
        data["size"] = media.total_bytes
    if info := processing_info(sim, media):
        data["processing_info"] = info
    return data


def known_media(sim: Simulation, media_id: object) -> Media:
    media = sim.store.state.media.get(checked_id(media_id, "media_id"))
    if media is None or media.owner_id != sim.me.id:
        raise invalid("The media id is not known", {"media_id": media_id})
    if media.expires_at <= sim.clock.now():
        raise invalid("The media id has expired", {"media_id": media_id})
    return media


def append(sim: Simulation, call: Call) -> Answer:
    media = known_media(sim, call.args["id"])
    if media.state != "uploading" or media.id not in sim.segments:
        raise invalid("The upload is not open", {"media_id": media.id})
    chunk, index = sent_chunk(call.request)
    if len(chunk) > LARGEST_CHUNK:
        raise refused(413, f"A chunk may have {LARGEST_CHUNK} bytes at most.")
    sim.segments[media.id][index] = chunk
    return json_answer(200, {"data": {"expires_at": int(media.expires_at)}})


def sent_chunk(request: Request) -> tuple[bytes, int]:
    fields: dict[str, Any]
    if request.content_type == "application/json":
        fields = json_object(request, {"media", "segment_index"})
        chunk = decoded(fields.get("media"))
    else:
        fields = multipart.fields_of(request)
        chunk = fields.get("media", b"")
    index = fields.get("segment_index")
    text = index.decode("ascii", "replace") if isinstance(index, bytes) else str(index)
    if not chunk:
        raise invalid("media is required")
    if not text.isdecimal() or int(text) >= MOST_SEGMENTS:
        raise invalid("segment_index lies between 0 and 999", {"segment_index": text})
    return chunk, int(text)


def decoded(text: object) -> bytes:
    try:
        return base64.b64decode(str(text), validate=True)
    except (ValueError, binascii.Error):
        raise invalid("media is not valid base64") from None


def finalize(sim: Simulation, call: Call) -> Answer:
    media = known_media(sim, call.args["id"])
    if media.state == "uploading":
        segments = sim.segments.get(media.id, {})
        if sorted(segments) != list(range(len(segments))) or not segments:
            raise invalid(f"Segments do not add up to a whole file: {sorted(segments)} were sent")
        content = b"".join(segments[index] for index in sorted(segments))
        if len(content) != media.total_bytes:
            raise invalid(f"{len(content)} bytes were sent, {media.total_bytes} announced")
        finish(sim, media, content, call)
        del sim.segments[media.id]
    return json_answer(200, {"data": described(sim, media)})


def finish(sim: Simulation, media: Media, content: bytes, call: Call) -> None:
    media.state = "finalized"
    media.finalized_at = sim.clock.now()
    media.sha256 = hashlib.sha256(content).hexdigest()
    for kind, fate in (("media_pending_forever", "pending"), ("media_failed", "failed")):
        if kind in call.drawn.modifiers:
            media.fate = fate
    sim.store.changed()


def status(sim: Simulation, call: Call) -> Answer:
    query = call.request.query
    only(query, "command", "media_id")
    if query.get("command", "STATUS") != "STATUS":
        raise invalid("The `command` is not STATUS", {"command": query["command"]})
    media = known_media(sim, query.get("media_id"))
    for kind, fate in (("media_pending_forever", "pending"), ("media_failed", "failed")):
        if kind in call.drawn.modifiers:
            media.fate = fate
    return json_answer(200, {"data": described(sim, media)})


def simple(sim: Simulation, call: Call) -> Answer:
    """Images in one call. The old form with command=INIT is refused."""
    if call.request.content_type == "application/json":
        known = {"media", "media_category", "media_type", "additional_owners", "shared"}
        fields: dict[str, Any] = json_object(call.request, known)
        content = decoded(fields.get("media"))
    else:
        fields = {name: part.decode("utf-8", "replace") for name, part in parts_but_media(call.request).items()}
        content = multipart.fields_of(call.request).get("media", b"")
    if "command" in fields or "command" in call.request.query:
        raise invalid("The form of the upload with `command` is no longer served")
    media_type = image_type(content)
    media = new_media(sim, media_type, str(fields.get("media_category") or "tweet_image"), len(content))
    finish(sim, media, content, call)
    return json_answer(200, {"data": described(sim, media)})


def parts_but_media(request: Request) -> dict[str, bytes]:
    return {name: part for name, part in multipart.fields_of(request).items() if name != "media"}


def image_type(content: bytes) -> str:
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    found = next((kind for magic, kind in MAGIC if content.startswith(magic)), None)
    if found is None:
        raise invalid("The file is no image that can be used")
    return found


def metadata(sim: Simulation, call: Call) -> Answer:
    body = json_object(call.request, {"id", "metadata"})
    media = known_media(sim, body.get("id"))
    content = body.get("metadata")
    alt = content.get("alt_text") if isinstance(content, dict) else None
    text = alt.get("text") if isinstance(alt, dict) else None
    if not isinstance(text, str):
        raise invalid("metadata.alt_text.text is required")
    if len(text) > LONGEST_ALT_TEXT:
        raise invalid(f"An alt text may have {LONGEST_ALT_TEXT} characters at most")
    media.alt_text = text
    sim.store.changed()
    return json_answer(200, {"data": {"id": media.id, "associated_metadata": {"alt_text": {"text": text}}}})


def usable_media(sim: Simulation, media_ids: list[str]) -> list[str]:
    """The ids when all of them may be attached to one post."""
    found = [sim.store.state.media.get(media_id) for media_id in media_ids]
    media = [one for one in found if one and one.owner_id == sim.me.id and one.expires_at > sim.clock.now()]
    attachable = [one for one in media if is_ready(sim, one) and one.category != "subtitles"]
    mixed = len(media_ids) > 1 and any(one.type != "photo" for one in media)
    if len(attachable) != len(media_ids) or mixed or len(set(media_ids)) != len(media_ids):
        raise refused(400, INVALID_MEDIA, errors=[{"message": INVALID_MEDIA}])
    return media_ids
