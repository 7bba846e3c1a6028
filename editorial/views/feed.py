"""The mirror as an Atom feed (K-18)."""

import datetime as dt
from typing import Any

from django.contrib.syndication.views import Feed
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from .. import public

# Ids outlive addresses: they stay when the site moves to another host.
ID = "tag:jobcenter-bremen.de,2021:beitraege/"


# Before the first Beitrag nothing was updated; the library would say "now", which is new with every question.
BEGINNING = dt.datetime(2021, 9, 1, tzinfo=dt.UTC)


class FullTextAtom(Atom1Feed):
    """Gives each entry whole, as ``content``: who reads the feed misses nothing."""

    def latest_post_date(self) -> dt.datetime:
        return super().latest_post_date() if self.items else BEGINNING

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, {**item, "description": None})
        handler.addQuickElement("content", item["description"], {"type": "html"})


class MirrorFeed(Feed):
    feed_type = FullTextAtom
    title = "Beiträge des Jobcenters Bremen"
    subtitle = "Alles, was das Jobcenter Bremen in sozialen Medien veröffentlicht, frei lesbar."
    author_name = public.SENDER
    feed_guid = ID
    language = "de"

    def link(self) -> str:
        return public.absolute(reverse("editorial:mirror"))

    def feed_url(self) -> str:
        return public.absolute(reverse("editorial:feed"))

    def author_link(self) -> str:
        return public.absolute("/")

    def items(self) -> list[public.Item]:
        return public.latest_items()

    def item_guid(self, item: public.Item) -> str:
        return ID + item.public_id

    def item_title(self, item: Any) -> str:
        return f"Retweet: {item.headline}" if item.original else item.headline

    def item_link(self, item: Any) -> str:
        return public.absolute(item.url)

    def item_pubdate(self, item: public.Item) -> Any:
        return item.shown_from

    def item_updateddate(self, item: public.Item) -> Any:
        return item.changed_at

    def item_categories(self, item: public.Item) -> list[str]:
        return [item.topic] if item.topic else []

    def item_description(self, item: Any) -> str:
        pictures = [(picture, public.absolute(picture.url)) for picture in item.pictures]
        return render_to_string("public/_feed_item.html", {"item": item, "pictures": pictures}).strip()
