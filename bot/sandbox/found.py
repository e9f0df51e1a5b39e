"""What Telegram marks by itself in a text: commands, mentions, hashtags, addresses.

Web addresses without a scheme are known by a short list of endings; Telegram knows all."""

import re
from collections.abc import Iterator

from bot.sandbox.entities import Entity, in_order, units

_ENDINGS = "com|org|net|info|edu|gov|id|io|me|app|dev|co|uk|us|de|sg|my|jp|au|xyz|site|online|web|link"
_MENTION = re.compile(r"(?<!\w)@([A-Za-z0-9_]{4,32}|(?i:gif|nft|pic|ufc|vid))(?!\w)")
_COMMAND = re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>@])")
_HASHTAG = re.compile(r"(?<![\w\u200c\u00b7])#(?=[\w\u200c\u00b7]*[^\W\d_])[\w\u200c\u00b7]{1,256}(?![\w#])")
_CASHTAG = re.compile(r"(?<![$\w])\$(?:1INCH|[A-Z]{1,8})(?![$\w])")
_EMAIL = re.compile(r"(?<![\w@/#])[A-Za-z0-9_.+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,8}(?![\w@])")
_URL = re.compile(
    r"(?:(?<![A-Za-z])(?i:https?|ftp)://(?:[\w-]+\.)+[^\W\d_]{2,63}"
    rf"|(?<![\w/#@.-])(?:[A-Za-z0-9-]+\.)+(?i:{_ENDINGS})(?![\w@-]|\.\w))"
    r"(?::\d{1,5})?(?:[/?#][^\s<>\"«»]*)?"
)
_NOT_AT_THE_END = ".:;,('?!`"
_SIGNS = frozenset("@/#$.")


def find(plain: str) -> list[Entity]:
    """The marks that Telegram adds to `plain`, none overlapping."""
    if not _SIGNS.intersection(plain):
        return []
    found = (Entity(kind, units(plain[:begin]), units(plain[begin:end])) for kind, begin, end in _spans(plain))
    kept: list[Entity] = []
    for entity in in_order(found):
        if not kept or entity.offset >= kept[-1].end:
            kept.append(entity)
    return kept


def _spans(plain: str) -> Iterator[tuple[str, int, int]]:
    patterns = (
        ("mention", _MENTION),
        ("bot_command", _COMMAND),
        ("hashtag", _HASHTAG),
        ("cashtag", _CASHTAG),
        ("email", _EMAIL),
    )
    for kind, pattern in patterns:
        for match in pattern.finditer(plain):
            yield kind, match.start(), match.end()
    for match in _URL.finditer(plain):
        yield "url", match.start(), match.start() + len(match[0].rstrip(_NOT_AT_THE_END))
