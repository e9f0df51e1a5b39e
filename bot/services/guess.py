"""What typed words mean among a few that are offered: by number, by name, by how the name begins, or with a slip."""

import re
from collections.abc import Sequence

from rapidfuzz import fuzz, process

ALIKE = 82
"""Likeness, of 100, from which on a slip is taken for the word; the next one must be `APART` less like it."""
APART = 10
SHORTEST = 3
"""Letters below which a beginning means nothing, nor a slip in the name of an option."""
SURE = 5
"""Letters below which a slip in any other word means nothing."""


def place(text: str, offered: Sequence[str]) -> int | None:
    """Which of `offered` is meant; None where none is, or more than one might be."""
    typed, names = _plain(text), [_plain(one) for one in offered]
    if typed in names:
        return names.index(typed)
    if re.fullmatch(r"[0-9]{1,3}", typed):
        return int(typed) - 1 if 1 <= int(typed) <= len(names) else None
    if len(typed) < SHORTEST:
        return None
    begun = [number for number, name in enumerate(names) if name.startswith(typed)]
    return begun[0] if len(begun) == 1 else _nearest(typed, names)


def slip(text: str, known: Sequence[str]) -> int | None:
    """Which of the `known` words was mistyped, None where none was."""
    return _nearest(text, known) if len(text) >= SURE else None


def _nearest(typed: str, names: Sequence[str]) -> int | None:
    match process.extract(typed, names, scorer=fuzz.ratio, limit=2, score_cutoff=ALIKE - APART):
        case [(_, best, number)] if best >= ALIKE:
            return int(number)
        case [(_, best, number), (_, second, _)] if best >= ALIKE and best - second >= APART:
            return int(number)
        case _:
            return None


def _plain(words: str) -> str:
    return " ".join(re.sub(r"[^\w]+", " ", words.casefold()).split())
