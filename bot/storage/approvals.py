"""Versions that wait to be approved, and what came of it. Rows decide between two who tap at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, exists, select, update

from bot.storage.tables import ApprovalRow, PerDialect, table

approval = table(ApprovalRow)

_OPEN = approval.c.state == "open"
_SUBMIT = PerDialect(lambda insert: insert(approval).on_conflict_do_nothing().returning(approval.c.id))


@dataclass(frozen=True, slots=True)
class Approval:
    """A version that was submitted, by whom, and who approved it so far."""

    id: int
    sop: str
    digest: str
    author: int
    submitted_at: datetime
    stage: int
    approved_by: tuple[int, ...]
    wrote: tuple[int, ...]
    is_open: bool

    @property
    def barred(self) -> frozenset[int]:
        """Those who may not approve it any more: its author, whoever wrote it, and whoever approved it already."""
        return frozenset({self.author, *self.wrote, *self.approved_by})


class Approvals:
    """Keeps what was submitted, and moves it on."""

    def __init__(self, connection: Connection, at: datetime) -> None:
        self._connection = connection
        self._at = at

    def submit(self, sop: str, digest: str, author: int, wrote: Iterable[int]) -> int | None:
        """Let a version wait for approval, and return the number of that; None where one of that SOP waits already."""
        row = {"sop": sop, "digest": digest, "author": author, "submitted_at": self._at}
        values = {**row, "wrote": _joined(wrote), "stage": 0, "approved_by": "", "state": "open"}
        return self._connection.execute(_SUBMIT.on(self._connection), values).scalar()

    def get(self, number: int) -> Approval | None:
        """The approval of that number."""
        return self._one(approval.c.id == number)

    def open_of(self, sop: str) -> Approval | None:
        """What waits of an SOP."""
        return self._one((approval.c.sop == sop) & _OPEN)

    def open(self) -> tuple[Approval, ...]:
        """Everything that waits, the oldest first."""
        rows = self._connection.execute(select(approval).where(_OPEN).order_by(approval.c.id))
        return tuple(_approval(row) for row in rows)

    def froze(self, digest: str) -> bool:
        """Whether that content was approved, so that it stays as it is."""
        mine = exists().where(approval.c.digest == digest, approval.c.state == "approved")
        return bool(self._connection.execute(select(mine)).scalar())

    def approve(self, one: Approval, person: int, *, last: bool) -> bool:
        """Let an approval go on to its next stage, or end. False where somebody else was faster."""
        signed = _joined((*one.approved_by, person))
        ends = {"state": "approved", "decided_at": self._at} if last else {}
        return self._move(one.id, one.stage, stage=one.stage + 1, approved_by=signed, **ends)

    def turn_down(self, number: int, stage: int) -> bool:
        """End an approval without one. False where somebody else was faster."""
        return self._move(number, stage, state="turned down", decided_at=self._at)

    def drop(self, digest: str) -> tuple[int, ...]:
        """The content that was submitted changed: what is approved is what was read, so it is submitted anew. Returns
        what waits no more."""
        mine = update(approval).where(approval.c.digest == digest, _OPEN)
        ended = mine.values(state="changed", decided_at=self._at).returning(approval.c.id)
        return tuple(self._connection.execute(ended).scalars())

    def _move(self, number: int, at_stage: int, **values: Any) -> bool:
        mine = update(approval).where(approval.c.id == number, approval.c.stage == at_stage, _OPEN)
        return self._connection.execute(mine.values(**values)).rowcount > 0

    def _one(self, which: Any) -> Approval | None:
        row = self._connection.execute(select(approval).where(which)).first()
        return None if row is None else _approval(row)


def _joined(people: Iterable[int]) -> str:
    return ",".join(map(str, people))


def _parted(people: str) -> tuple[int, ...]:
    return tuple(int(number) for number in people.split(",") if number)


def _approval(row: Any) -> Approval:
    people = (_parted(row.approved_by), _parted(row.wrote))
    return Approval(row.id, row.sop, row.digest, row.author, row.submitted_at, row.stage, *people, row.state == "open")
