import re

from django.core.files.storage import Storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from ..models.media import middle_name, small_name, still_name

# In the query of an address: a smaller copy, where there is one; the still picture of a video.
SMALL, MIDDLE, STILL = "klein", "mittel", "standbild"
# The value of a copy in the query of an address: for programs that know no WebP.
JPEG = "jpeg"
COPIES = {SMALL: small_name, MIDDLE: middle_name}
PIECE_BYTES = 2_000_000
UNSATISFIABLE, PARTIAL = 416, 206


def picture_file(
    storage: Storage, name: str, media_type: str, *, copy: str = "", as_jpeg: bool = False
) -> FileResponse:
    """A stored picture, or the ``copy`` of it (COPIES); where there is none, the picture as it is."""
    suffix, copy_type = ("jpg", "image/jpeg") if as_jpeg else ("webp", "image/webp")
    try:
        if copy in COPIES and name and storage.exists(COPIES[copy](name, suffix)):
            return FileResponse(storage.open(COPIES[copy](name, suffix)), content_type=copy_type)
        return FileResponse(storage.open(name), content_type=media_type)
    except (FileNotFoundError, IsADirectoryError):
        raise Http404 from None


def film_file(request: HttpRequest, storage: Storage, name: str, *, still: bool) -> HttpResponseBase:
    """A stored video, in pieces where a player asks for them: without, some play nothing and none can jump."""
    if still:
        return picture_file(storage, still_name(name), "image/jpeg")
    try:
        size = storage.size(name)
    except (FileNotFoundError, IsADirectoryError):
        raise Http404 from None
    asked = re.fullmatch(r"bytes=(\d{1,15})-(\d{0,15})", request.headers.get("Range", ""), re.ASCII)
    if asked is None:  # nothing, or a form of asking that nobody has to understand
        response: HttpResponseBase = FileResponse(storage.open(name), content_type="video/mp4")
    else:
        response = _piece(storage, name, size, int(asked[1]), int(asked[2] or size - 1))
    response["Accept-Ranges"] = "bytes"
    # Not compressed once more: it would gain nothing, and pieces are counted in bytes of the file.
    response["Content-Encoding"] = "identity"
    return response


def _piece(storage: Storage, name: str, size: int, start: int, end: int) -> HttpResponse:
    if start >= size or end < start:
        return HttpResponse(status=UNSATISFIABLE, headers={"Content-Range": f"bytes */{size}"})
    end = min(end, size - 1, start + PIECE_BYTES - 1)
    with storage.open(name) as file:
        file.seek(start)
        piece = file.read(end - start + 1)
    headers = {"Content-Range": f"bytes {start}-{end}/{size}"}
    return HttpResponse(piece, status=PARTIAL, content_type="video/mp4", headers=headers)


def captions_file(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="text/vtt; charset=utf-8")
