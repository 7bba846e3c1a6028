"""What the pictures of an Ausspielung have got to on the channel: kept at once, so that a second attempt goes on."""

from ..channels.protocol import UploadState
from ..models import Delivery, MediaUpload


class DeliveryUploads:
    """The channel's memory for one Ausspielung (``Message.uploads``). Whoever uses it holds the sender's lock."""

    def __init__(self, delivery: Delivery) -> None:
        self._delivery_id = delivery.pk

    def known(self, position: int, sha256: str) -> UploadState | None:
        row = MediaUpload.objects.filter(delivery=self._delivery_id, position=position, sha256=sha256).first()
        if row is None:
            return None
        return UploadState(row.external_id, row.segments, row.is_ready, row.is_described, row.expires_at)

    def note(self, position: int, sha256: str, state: UploadState) -> None:
        facts = {
            "sha256": sha256,
            "external_id": state.external_id,
            "segments": state.segments,
            "is_ready": state.is_ready,
            "is_described": state.is_described,
            "expires_at": state.expires_at,
        }
        MediaUpload.objects.update_or_create(delivery_id=self._delivery_id, position=position, defaults=facts)

    def forget(self, position: int) -> None:
        MediaUpload.objects.filter(delivery=self._delivery_id, position=position).delete()
