"""The inbox: what Telegram gave us, kept before Telegram is told that it may forget it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, case, delete, exists, func, select, update

from bot.storage.tables import InboxRow, PerDialect, table

inbox = table(InboxRow)

_STORE = PerDialect(lambda insert: insert(inbox).on_conflict_do_nothing())
_WAITING = (
    select(inbox.c.update_id, inbox.c.sender, inbox.c.raw)
    .where(inbox.c.state == "new", inbox.c.update_id > bindparam("after"))
    .order_by(inbox.c.update_id)
    .limit(bindparam("limit"))
)
_FINISH = (
    update(inbox)
    .where(inbox.c.update_id == bindparam("id"), inbox.c.state == "new")
    .values(state="done")
    .returning(inbox.c.sender)
)

TRIES = 5
"""After so many tries an update is set aside, so that its neighbours are not held up for ever."""
KEPT = timedelta(days=14)
PRUNED = 1000
"""Telegram may start its numbers anew after a week of silence; older rows would then swallow new updates."""


class NotYet(Exception):
    """An older update of the same person is still being handled elsewhere."""


@dataclass(frozen=True, slots=True)
class Received:
    """An update as it came: whose queue it stands in, and its ASCII JSON text."""

    update_id: int
    sender: int
    raw: str


class Inbox:
    """Takes updates in, hands them out in order, and remembers which are done."""

    def __init__(self, connection: Connection, at: datetime) -> None:
        self._connection = connection
        self._at = at

    def store(self, updates: Sequence[Received]) -> None:
        """Keep them all; one that is kept already stays as it is."""
        fresh = {"received_at": self._at, "state": "new", "tries": 0, "error": ""}
        rows = [{"update_id": one.update_id, "sender": one.sender, "raw": one.raw} | fresh for one in updates]
        self._connection.execute(_STORE.on(self._connection), rows)

    def waiting(self, limit: int, after: int = -1) -> tuple[Received, ...]:
        """The oldest updates still to be handled whose number is above `after`."""
        rows = self._connection.execute(_WAITING, {"limit": limit, "after": after})
        return tuple(Received(row.update_id, row.sender, row.raw) for row in rows)

    def finish(self, update_id: int) -> bool:
        """Mark it done. False where it was already: by an earlier delivery, or another process a moment ago."""
        row = self._connection.execute(_FINISH, {"id": update_id}).first()
        if row is not None and self._connection.dialect.name == "postgresql":
            self._wait_for_older(update_id, row.sender)
        return row is not None

    def _wait_for_older(self, update_id: int, sender: int) -> None:
        # another process may be at an older message of the same person: a photo comes before the tap after it
        older = select(inbox.c.update_id).where(
            inbox.c.sender == sender, inbox.c.state == "new", inbox.c.update_id < update_id
        )
        if self._connection.execute(select(exists(older))).scalar():
            raise NotYet

    def blank(self, update_id: int) -> None:
        """Keep nothing of what it said, nor who said it. It is one that is handled, or set aside for good."""
        self._connection.execute(update(inbox).where(inbox.c.update_id == update_id).values(raw="{}", sender=0))

    def refuse(self, update_id: int, error: str) -> None:
        """Put aside what is no update: it is kept for a while to be looked at, and nobody need do anything."""
        mine = update(inbox).where(inbox.c.update_id == update_id, inbox.c.state == "new")
        self._connection.execute(mine.values(state="refused", error=error[:500]))

    def fail(self, update_id: int, error: str) -> None:
        """Count a failed try; after the last one the update is set aside as dead."""
        mine = (inbox.c.update_id == update_id) & (inbox.c.state == "new")
        last = case((inbox.c.tries + 1 >= TRIES, "dead"), else_="new")
        self._connection.execute(
            update(inbox).where(mine).values(tries=inbox.c.tries + 1, state=last, error=error[:500])
        )

    def state(self, update_id: int) -> str:
        """How it stands: new, done, refused or dead; one that is not kept is done."""
        state = self._connection.execute(select(inbox.c.state).where(inbox.c.update_id == update_id)).scalar()
        return str(state or "done")

    def prune(self) -> None:
        """Forget what was done or refused long ago, a few at a time: the oldest have the lowest numbers."""
        first = select(inbox.c.update_id).where(inbox.c.state.in_(["done", "refused"])).order_by(inbox.c.update_id)
        some = inbox.c.update_id.in_(first.limit(PRUNED))
        self._connection.execute(delete(inbox).where(some, inbox.c.received_at < self._at - KEPT))

    def size(self) -> int:
        """How many updates wait."""
        return int(self._connection.execute(select(func.count()).where(inbox.c.state == "new")).scalar_one())
