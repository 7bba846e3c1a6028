"""Finding Beiträge by words: on PostgreSQL in German, elsewhere by all the words as they stand.

Whatever is typed, nothing is refused: of the words only letters and digits are looked at.
"""

import re

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import connection
from django.db.models import Q, QuerySet

from .models import Post

LONGEST_WORDS, MOST_WORDS = 200, 12
LONGEST_NUMBER, SHORT_WORD = 9, 4
_WORD = re.compile(r"[^\W_]+")
# As in the index of migration 0012: written otherwise, it would not be used.
_VECTOR = SearchVector("text", config="german")


def cleaned(words: str) -> str:
    return " ".join(words.replace("\x00", " ").split())[:LONGEST_WORDS]


def with_words(posts: QuerySet[Post], words: str) -> QuerySet[Post]:
    """Those in whose text every word stands, also as a beginning; a bare number is also that of a Beitrag."""
    found = _WORD.findall(words)[:MOST_WORDS]
    if not found:
        return posts.filter(text__icontains=words) if words else posts
    if connection.vendor == "postgresql":
        query = SearchQuery(" & ".join(f"{word}:*" for word in found), config="german", search_type="raw")
        posts, wanted = posts.annotate(found_in=_VECTOR), Q(found_in=query)
        # A word that German leaves out, like "und", is nothing to the index: it is looked for as it stands.
        if all(len(word) <= SHORT_WORD for word in found):
            wanted |= Q(*(Q(text__icontains=word) for word in found))
    else:
        # LIKE of SQLite knows no capital umlauts.
        wanted = Q(*(Q(text__iregex=re.escape(word)) for word in found))
    if len(found) == 1 and found[0].isascii() and found[0].isdigit() and len(found[0]) <= LONGEST_NUMBER:
        wanted |= Q(pk=int(found[0]))
    return posts.filter(wanted)
