"""POST /2/media/subtitles: ties an uploaded subtitle file to an uploaded video."""

from .bodies import json_object
from .exchange import Answer, json_answer
from .media import known_media
from .problems import invalid
from .simulation import Call, Simulation

CATEGORIES = {"TweetVideo": "tweet_video", "AmplifyVideo": "amplify_video"}


def create(sim: Simulation, call: Call) -> Answer:
    body = json_object(call.request, {"id", "media_category", "subtitles"})
    category, captions = body.get("media_category"), body.get("subtitles")
    if category not in CATEGORIES or not isinstance(captions, dict):
        raise invalid("media_category and subtitles are required", {"media_category": category})
    video, file = known_media(sim, body.get("id")), known_media(sim, captions.get("id"))
    if video.category != CATEGORIES[category] or file.category != "subtitles" or file.state != "finalized":
        raise invalid("The ids are not those of a video of this category and of a finished subtitle file")
    language = captions.get("language_code")
    if not isinstance(language, str) or len(language) != 2:
        raise invalid("language_code has two letters", {"language_code": language})
    entry = {"id": file.id, "language_code": language.upper(), "display_name": str(captions.get("display_name", ""))}
    others = [each for each in video.captions if each["language_code"] != entry["language_code"]]
    video.captions = [*others, entry]
    sim.store.changed()
    data = {"id": video.id, "media_category": category, "associated_subtitles": video.captions}
    return json_answer(200, {"data": data})
