"""What was approved, sent and shown is never lost with the Beitrag it belongs to (ui.md: mistakes of others)."""

import pytest
from django.db import models
from django.db.models import ProtectedError

from editorial.models import Approval, Attempt, Correction, Delivery, MirrorItem, Post, Resend, Spending
from tests.factories import DeliveryFactory

RECORDS = [Approval, Attempt, Correction, Delivery, MirrorItem, Resend, Spending]


@pytest.mark.parametrize("record", RECORDS, ids=lambda model: model.__name__)
def test_no_record_of_sending_goes_along_with_what_it_points_to(record):
    links = [field for field in record._meta.fields if isinstance(field, models.ForeignKey)]
    assert {field.name: field.remote_field.on_delete for field in links} == {
        field.name: models.PROTECT for field in links
    }
    assert links


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["post", "approval", "channel", "concept_version"])
def test_what_was_sent_cannot_be_deleted(what):
    delivery = DeliveryFactory(published=True)
    with pytest.raises(ProtectedError):
        getattr(delivery, what).delete()
    assert (Delivery.objects.count(), Post.objects.count(), Approval.objects.count()) == (1, 1, 1)
