"""GET /2/tweets/search/recent: the last seven days, and the common operators of X's query language."""

import re
from collections.abc import Callable

from . import text as words
from .exchange import Answer
from .fields import only
from .model import Post
from .problems import invalid
from .simulation import Call, Simulation
from .timelines import PAGE_PARAMETERS, moment_in_query, page_answer

REACH_S = 7 * 86400
LONGEST_QUERY = 512
TOKEN = re.compile(r'-?(?:\w+:)?"[^"]*"|[()]|-(?=\()|[^\s()]+')
Test = Callable[[Post], bool]


def recent(sim: Simulation, call: Call) -> Answer:
    query = call.request.query
    only(query, "query", "next_token", "sort_order", *PAGE_PARAMETERS)
    wanted = query.get("query", "")
    if not 1 <= len(wanted) <= LONGEST_QUERY:
        raise invalid(f"The `query` must have 1 to {LONGEST_QUERY} characters", {"query": wanted})
    oldest = sim.clock.now() - REACH_S
    if (moment_in_query(query, "start_time") or oldest) < oldest - 60:
        raise invalid("`start_time` must be within the last 7 days", {"start_time": query["start_time"]})
    test = Parser(sim, wanted).parsed()
    posts = [post for post in sim.store.newest_first(sim.store.all_live()) if post.created_at >= oldest and test(post)]
    return page_answer(sim, call, posts, low=10, default=10)


class Parser:
    """alternatives = all-of { OR all-of }; all-of = { [-] ( alternatives ) | term }."""

    def __init__(self, sim: Simulation, query: str) -> None:
        self.sim = sim
        self.query = query
        self.tokens = TOKEN.findall(query)

    def parsed(self) -> Test:
        test = self.alternatives()
        if self.tokens:
            raise self.wrong()
        return test

    def alternatives(self) -> Test:
        tests = [self.all_of()]
        while self.tokens and self.tokens[0] == "OR":
            self.tokens.pop(0)
            tests.append(self.all_of())
        return lambda post: any(test(post) for test in tests)

    def all_of(self) -> Test:
        tests: list[Test] = []
        while self.tokens and self.tokens[0] not in ("OR", ")"):
            word = self.tokens.pop(0)
            negated = word.startswith("-")
            word = word.removeprefix("-")
            if not word:
                word = self.tokens.pop(0)
            test = self.group() if word == "(" else self.term(word)
            tests.append(negation(test) if negated else test)
        if not tests:
            raise self.wrong()
        return lambda post: all(test(post) for test in tests)

    def group(self) -> Test:
        test = self.alternatives()
        if not self.tokens or self.tokens.pop(0) != ")":
            raise self.wrong()
        return test

    def term(self, token: str) -> Test:
        name, colon, value = token.partition(":")
        if colon and name in OPERATORS:
            return OPERATORS[name](self.sim, value.strip('"').lower())
        wanted = token.strip('"').lower()
        if token.startswith(("#", "@")):
            return lambda post: wanted in re.findall(r"[#@]\w+", whole_text(self.sim, post).lower())
        pattern = re.compile(rf"(?<!\w){re.escape(wanted)}(?!\w)")
        return lambda post: bool(pattern.search(whole_text(self.sim, post).lower()))

    def wrong(self) -> Exception:
        return invalid("The `query` cannot be understood", {"query": self.query})


def negation(test: Test) -> Test:
    return lambda post: not test(post)


def whole_text(sim: Simulation, post: Post) -> str:
    original = sim.store.posts.get(post.retweet_of)
    return original.text if original else post.text


def has_author(sim: Simulation, value: str) -> Test:
    return lambda post: value.removeprefix("@") in (post.author_id, sim.store.user(post.author_id).username.lower())


def is_kind(sim: Simulation, value: str) -> Test:
    kinds: dict[str, Test] = {
        "retweet": lambda post: post.kind == "retweet",
        "reply": lambda post: bool(post.reply_to),
        "quote": lambda post: bool(post.quote_of),
    }
    if value not in kinds:
        raise invalid(f"is:{value} is not known")
    return kinds[value]


def has_part(sim: Simulation, value: str) -> Test:
    kinds: dict[str, Test] = {
        "media": lambda post: bool(post.media_ids),
        "images": lambda post: bool(post.media_ids),
        "links": lambda post: any(words.links(post.text)),
        "hashtags": lambda post: bool(words.HASHTAG.search(post.text)),
        "mentions": lambda post: bool(words.mentions(post.text)),
    }
    if value not in kinds:
        raise invalid(f"has:{value} is not known")
    return kinds[value]


OPERATORS: dict[str, Callable[[Simulation, str], Test]] = {
    "from": has_author,
    "to": lambda sim, value: lambda post: f"@{value.removeprefix('@')}" in post.text.lower(),
    "is": is_kind,
    "has": has_part,
    "lang": lambda sim, value: lambda post: value == "de",
    "url": lambda sim, value: lambda post: any(value in link.address.lower() for link in words.links(post.text)),
    "conversation_id": lambda sim, value: lambda post: value in (post.id, post.reply_to),
}
