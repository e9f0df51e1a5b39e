"""What takes long to look up is read beside the writing, between two transactions."""

from collections.abc import Callable
from typing import Any

from bot.services.house import Answer, House
from bot.storage.database import Transaction
from bot.storage.people import Person


class Inquiry(Exception):
    """Raised where something is to be read before it can be shown. Whatever was done before it is undone, and so is the
    mark that the update is handled: after a crash all of it is done again.

    `read` looks it up, and changes nothing; `show` gets what was found, in a transaction of its own. Where a paper is
    found, `show` gets it with the file that was made of it."""

    def __init__(
        self,
        read: Callable[[Transaction], Any],
        show: Callable[[Any, Transaction, House, Person], Answer | None],
    ) -> None:
        super().__init__()
        self.read = read
        self.show = show
