from django.core.files.storage import Storage
from django.http import FileResponse, Http404

from ..models.media import small_name

SMALL = "klein"  # in the query of an address: the small copy, where there is one


def picture_file(storage: Storage, name: str, media_type: str, *, small: bool) -> FileResponse:
    """A stored picture; pictures from before there were small copies come as they are."""
    try:
        if small and name and storage.exists(small_name(name)):
            return FileResponse(storage.open(small_name(name)), content_type="image/webp")
        return FileResponse(storage.open(name), content_type=media_type)
    except (FileNotFoundError, IsADirectoryError):
        raise Http404 from None
