"""A list that is longer than a screen, a page at a time."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.views.screen import Button, Row


@dataclass(frozen=True, slots=True)
class Page:
    """The page with that number, from 0, of a list of `count` lines, `most` on each; beyond the end it is the last."""

    number: int
    count: int
    most: int

    def __post_init__(self) -> None:
        # a list may have grown shorter since its buttons were drawn
        object.__setattr__(self, "number", min(self.number, self.pages - 1))

    @property
    def pages(self) -> int:
        """How many there are; an empty list has one too."""
        return max(1, -(-self.count // self.most))

    @property
    def lines(self) -> slice:
        """Which lines of the list stand on it."""
        return slice(self.number * self.most, (self.number + 1) * self.most)

    @property
    def place(self) -> str:
        """Which of them it is, to stand behind a title; empty where it is the only one."""
        return f" ({self.number + 1}/{self.pages})" if self.pages > 1 else ""

    def turning(self, button: Callable[[str, int], Button]) -> tuple[Row, ...]:
        """A row with a button, made of its label and a number, for the page before and for the one after."""
        ways = ("‹", self.number - 1), ("›", self.number + 1)
        there = tuple(button(label, number) for label, number in ways if 0 <= number < self.pages)
        return (there,) if there else ()
