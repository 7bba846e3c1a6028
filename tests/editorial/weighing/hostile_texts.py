"""Texts that nobody writes: random ones from the pieces that matter, and long ones that make bad algorithms slow.

The same seed makes the same texts.
"""

import random
import unicodedata


def _pieces(spaced: str, *others: str) -> list[str]:
    return [*spaced.split(), *others]


WORDS = _pieces("Termin für Geschäftsführer:innen a B2 rt RT xn-- 日本 привет é ü - _ com http")
SIGNS = [*" \n\t.,:;!?'\"`()[]{}<>|/\\@#$%&*+=~^-_…–—€→＠＃。", "\r\n", "\xa0", "\u3000", "://"]
DOMAINS = _pieces(
    """
    .com .de com de co a b1 ä ã は 日本 公司 ι ß K ſ V " . . . - _ @ # / /x ?q :80 1 。 xn-- .xn--a xn--b.com http://
    https:// HTTPS:// httpſ:// .みんな みんな .嘉里 嘉里大酒店 .ᲄт .ϵυ vermögensberater 😀 é.com.は.みんな/x
    a.com1は.a.com foo_bar.de -a.de node.js file.py co.uk www. jobcenter-bremen.de bücher.de
    """,
    *" \ufffe\u202a\ud800\x7f",
)
PATHS = _pieces(
    """
    a.de/ http://b.com/ ( ) (a) (x(y)) . , - a ж é 日 ? ?a=1 & # @ @x/ _ – ! / 😀 ' [ ] | t.co/x https://t.co/
    https://t.co/aB3?amp=1
    """,
    *(" ", "\ud83d", "a" * 39),
)
NAMES = _pieces(
    """
    # ＃ @ ＠ a 1 _ & 😀 𠀡 𝟘 / :// a.de http:// é ß rt RT : . - ~ + · list ! #Bremen #ü #1 #a_b @name @a/liste RT@x ##
    @@ @zwanzigzeichenlangername
    """,
    *" \ufe0f\ufe0e\u20e3\u0301\ud83d",
)
EMOJI = _pieces(
    "1 # * a 👨 👩 👦 👧 🏽 🏿 ♂ ♀ ❤ 💋 🏳 🌈 🏴 ☠ 🕵 ⛹ 🏃 ☝ ✊ © ™ ♟ 🇩 🇪 🇦 🚒 ⚕ ‼ 🧑 🦰 👁 🗨 👍🏽 ☺ 🇩🇪",
    *"\ufe0f\ufe0f\ufe0e\u20e3\u200d\u200d\u200d\u200b\ue50a\U000e0067\U000e007f",
    *("👨\u200d👩\u200d👧\u200d👦", "👩🏿\u200d🚒", "🏳\ufe0f\u200d🌈", "🕵🏻\u200d♀\ufe0f", "⛹\ufe0f\u200d♂\ufe0f"),
    *("1\ufe0f\u20e3", "\U0001faf6\U0001f3fd", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"),
)
ODD = [
    *"\ufffe\ufeff\uffff\u202a\u200e\u061c\u0301\u0345\x00\x1f\x7f\x85\u180e\u2028\u1100\u1161\u11a8\u0f73ſKıİßɠȺιª·〃𝒜\U00020021",
    *("\ud83d", "\udc4d", "\ud800", "e\u0301", "u\u0308", "a\u0316\u0300"),
]
LONG = [
    *(
        "a" * 30,
        "ä" * 12,
        "日" * 9,
        "日本語",
        ".com",
        "-",
        "ü。",
        "a" * 62,
        "a" * 63,
        "a" * 64,
        " ",
        "http://",
        "xn--",
        "/",
    ),
    *(("a" * 60 + ".") * 66, "x" * 2000, "é" * 1000),
]
KINDS = [WORDS, SIGNS, DOMAINS, DOMAINS, PATHS, NAMES, NAMES, EMOJI, ODD]


def random_texts(seed: int, count: int) -> list[str]:
    rng = random.Random(seed)
    makers = [_of_one_kind, _of_many_kinds]
    return [_without_split_pairs(rng.choice(makers)(rng)) for _ in range(count)] + [
        _without_split_pairs("".join(rng.choices(LONG, k=rng.randint(2, 6)))) for _ in range(count // 40)
    ]


def _of_one_kind(rng: random.Random) -> str:
    return "".join(rng.choices(rng.choice(KINDS), k=rng.choice([2, 3, 4, 6, 8, 12])))


def _of_many_kinds(rng: random.Random) -> str:
    kinds = rng.choices([*KINDS, [" "], ["."]], k=rng.randint(2, 5))
    return "".join(_piece(rng, rng.choice(kinds)) for _ in range(rng.choice([3, 6, 10, 20])))[:300]


def _piece(rng: random.Random, kind: list[str]) -> str:
    piece = random_character(rng) if rng.random() < 0.02 else rng.choice(kind)
    return piece * rng.choice([1, 1, 1, 1, 1, 1, 1, 2, 7])


def random_character(rng: random.Random) -> str:
    char = chr(rng.choice([rng.randrange(0x10000), rng.randrange(0x10000, 0x20000)]))
    # Characters that this Python does not know yet may have another case, or another normal form, for a newer node.
    return char if unicodedata.category(char) != "Cn" else "?"


def _without_split_pairs(text: str) -> str:
    """UTF-16 knows no difference between two halves side by side and the character they make."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def texts_around(char: str) -> list[str]:
    """The character in each place where its kind decides."""
    places = (
        f"{char}a.com a{char}b.com {char}.de x.d{char} http://a.com/{char} a.com/{char}b?{char}c x.com{char}y",
        f"#a{char}b #{char}1 {char}#c #d{char}# @a{char} {char}@b {char}RT@c {char} 1{char} @{char}e.com/-",
    )
    return [_without_split_pairs(place) for place in places]


# --- Long texts that ask for quadratic work ---------------------------------------------------------------------------
_HOSTILE = {
    "a.a.": "a.",
    "mentions": "@",
    "hashtags": "#",
    "schemes": "http://",
    "schemes and domains": "http://a.",
    "short domains": "a.com ",
    "domains without a break": "a.com.",
    "umlauts": "ä.",
    "umlaut domains": "ä.com",
    "characters and Latin": "日本語a.com",
    "foreign top level": "ком.",
    "domain of two parts": "é.com.は.みんな/x ",
    "found again too early": "a.com1は.",
    "encoded labels": "http://" + "日本語テスト" * 9 + ".com ",
    "punycode": "a.xn--b.",
    "families": "👨\u200d👩\u200d👧\u200d👦",
    "joined without end": "👩\u200d",
    "emoji domains": "@😀.com",
    "flags": "🇩🇪",
    "keys": "1\ufe0f\u20e3",
    "marks out of order": "\u0300\u0316",
    "marks in disguise": "\u0344\u0f73",
    "open parentheses": "a.co/(",
    "closed parentheses": "a.co/!(a.co/)",
    "question marks": "a.co/?",
    "underscores": "ä_",
    "retweets": "RT@a ",
    "numbers as hashtags": "#1",
    "lone halves": "\ud83d.",
}


def hostile_texts(length: int) -> dict[str, str]:
    texts = {name: (piece * (length // len(piece) + 1))[:length] for name, piece in _HOSTILE.items()}
    return texts | {
        "hyphens before .com": "-" * (length - 4) + ".com",
        "one long label": "a" * (length - 4) + ".com",
        "chain of long labels": (("a" * 62 + ".") * (length // 63) + "com").rjust(length, "a")[-length:],
        "a path of dots": "a.co/" + "." * (length - 5),
        "nested parentheses": ("a.co/" + "(a(b)" * (length // 5))[:length],
        "one long hashtag of digits": "#" + "1" * (length - 1),
        "underscores before .com": "ä_" * (length // 2 - 2) + ".com",
    }
