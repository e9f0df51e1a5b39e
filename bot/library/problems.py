"""What is wrong in a file: where, in one sentence, and what was probably meant."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from rapidfuzz import fuzz, process, utils

from bot.views.words import N_, Words

Path: TypeAlias = tuple[str | int, ...]
"""The way from the top of a file to a value: keys, and places in lists counted from 0."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong at a path of a file. `message` is English, with the names of `values` in braces."""

    path: Path
    message: str
    values: Mapping[str, object] = field(default_factory=dict)
    instead: tuple[str, ...] = ()
    warning: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at a line and column of a file, both counted from 1; a warning does not keep the file out.

    `instead` holds the one name that was probably meant, or all that are possible."""

    file: str
    line: int
    column: int
    message: str
    values: Mapping[str, object] = field(default_factory=dict)
    warning: bool = False
    instead: tuple[str, ...] = ()

    def line_of_text(self, words: Words) -> str:
        """`file:line:column: what is wrong and how to mend it`, in the reader's language."""
        sentence = " ".join(self.sentence(words).split())  # a value may hold line breaks
        told = words(N_("Warning: {sentence}"), sentence=sentence) if self.warning else sentence
        return f"{self.file}:{self.line}:{self.column}: {told}"

    def sentence(self, words: Words) -> str:
        """What is wrong and how to mend it, in the reader's language."""
        said = words(self.message, **self.values)
        match self.instead:
            case ():
                return said
            case (name,):
                return f"{said} {words(N_('Did you mean {name}?'), name=name)}"
            case names:
                return f"{said} {words(N_('Possible here: {names}.'), names=', '.join(names))}"


UNREADABLE = N_("The file cannot be read: {reason}.")

_ALIKE = 65
"""Of 100; from here on two names are taken for the same one, mistyped."""

_MANY = 12
"""More names than these are no help in one line."""


def alike(name: str, known: Iterable[str], least: int = _ALIKE) -> str | None:
    """The one of `known` that `name` was probably meant to be; `least` is how alike they must be, of 100."""
    names = tuple(known)
    best = process.extractOne(name, names, scorer=fuzz.ratio, processor=utils.default_process, score_cutoff=least)
    return None if best is None else best[0]


def likely(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """The one of `known` that `name` was probably meant to be; else all of them, where they are few."""
    names = tuple(dict.fromkeys(known))
    meant = alike(name, names)
    return (meant,) if meant else names if len(names) <= _MANY else ()
