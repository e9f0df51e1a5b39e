"""Drafts that authors work on, and what is proposed for them. Rows decide between two who tap at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Executable, select, update

from bot.engine.proposals import Proposal, Remedy
from bot.storage import codec
from bot.storage.tables import DraftRow, PerDialect, ProposalRow, table

draft = table(DraftRow)
proposal = table(ProposalRow)

_OPEN = draft.c.closed_at.is_(None)


def _open(insert: Any) -> Executable:
    opened: Executable = insert(draft).on_conflict_do_nothing().returning(draft.c.id)
    return opened


_OPENED = PerDialect(_open)
_ADD = PerDialect(lambda insert: insert(proposal).on_conflict_do_nothing())


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft. `base`: the version that it is to replace; `file`: the digest of the file's text that was taken in last;
    `edited`: it was changed in the chat since; `rival`: what the file says since then; `before`: its text before it was
    changed last in the chat, by one of the `writers`; `last`: the proposal that was taken so."""

    id: int
    sop: str
    base: str | None
    digest: str
    opened_at: datetime
    file: str | None
    edited: bool
    rival: str | None
    before: str | None
    last: int | None
    writers: frozenset[int]
    is_open: bool


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal, and what became of it: taken in one of its ways, or refused."""

    id: int
    draft: int
    what: Proposal
    is_open: bool
    remedy: Remedy | None


class Drafts:
    """Keeps drafts and proposals."""

    def __init__(self, connection: Connection, at: datetime) -> None:
        self._connection = connection
        self._at = at

    def open(
        self, sop: str, base: str | None, digest: str, file: str | None, *, review: int | None, person: int | None
    ) -> int | None:
        """Open a draft and return its number; None where the SOP has one already."""
        row = {"sop": sop, "base": base, "digest": digest, "file": file, "review": review, "opened_by": person}
        values = {**row, "opened_at": self._at, "edited": False, "writes": False, "writers": ""}
        return self._connection.execute(_OPENED.on(self._connection), values).scalar()

    def get(self, number: int) -> Draft | None:
        """The draft of that number."""
        return self._one(draft.c.id == number)

    def of(self, sop: str) -> Draft | None:
        """The open draft of an SOP."""
        return self._one((draft.c.sop == sop) & _OPEN)

    def all_open(self) -> tuple[Draft, ...]:
        """Every open draft, the oldest first."""
        return self._some(_OPEN)

    def unwritten(self) -> tuple[Draft, ...]:
        """Those whose files are to be written."""
        return self._some(draft.c.writes)

    def edit(self, known: Draft, digest: str, writer: int, before: str | None, last: int | None) -> bool:
        """The draft has another content since somebody changed it in the chat; `before` is how it read, `last` the
        proposal that was taken so. False where somebody else was faster."""
        writers = ",".join(map(str, sorted({*known.writers, writer})))
        return self._change(_as(known), digest=digest, edited=True, before=before, last=last, writers=writers)

    def take_file(self, before: Draft, digest: str, file: str) -> bool:
        """The draft has the content of its file."""
        return self._change(_as(before), digest=digest, file=file, edited=False, rival=None, before=None, last=None)

    def meet(self, number: int, rival: str | None) -> bool:
        """The file says something else since the draft was changed in the chat, or no more. False if that is known."""
        mine = (draft.c.id == number) & draft.c.rival.is_distinct_from(rival)
        return self._change(mine, rival=rival)

    def pass_by(self, before: Draft, file: str) -> bool:
        """The draft stays as it is; what the file says is known."""
        return self._change(_as(before), file=file, rival=None)

    def follow(self, old: str, new: str) -> None:
        """A version that never ran has new content; the drafts that are to replace it stay."""
        self._change(draft.c.base == old, base=new)

    def close(self, digest: str) -> tuple[int, ...]:
        """The version is there; where it was changed in the chat its file is to be written. Returns its number."""
        mine = update(draft).where(draft.c.digest == digest, _OPEN)
        ended = mine.values(closed_at=self._at, writes=draft.c.edited).returning(draft.c.id)
        return tuple(self._connection.execute(ended).scalars())

    def discard(self, before: Draft) -> bool:
        """The draft is given up, and its file is not written. False where it was changed or ended meanwhile."""
        return self._change(_as(before), closed_at=self._at)

    def written(self, number: int) -> bool:
        """Its file need not be written any more. False where another process said so first."""
        return self._change((draft.c.id == number) & draft.c.writes, writes=False)

    def propose(self, number: int, some: Iterable[Proposal]) -> None:
        """Add proposals; what was proposed by the same report already is not added."""
        rows = [{"draft": number, "report": one.report, "body": codec.dump(one), "state": "open"} for one in some]
        if rows:
            self._connection.execute(_ADD.on(self._connection), rows)

    def proposals(self, number: int) -> tuple[Proposed, ...]:
        """What is proposed for a draft, in order."""
        rows = self._connection.execute(select(proposal).where(proposal.c.draft == number).order_by(proposal.c.id))
        return tuple(_proposed(row) for row in rows)

    def decide(self, number: int, remedy: Remedy | None, person: int) -> bool:
        """Take a proposal in one of its ways, or, without, refuse it. False where that is decided."""
        mine = update(proposal).where(proposal.c.id == number, proposal.c.state == "open")
        state = {"state": "refused" if remedy is None else "taken", "remedy": remedy.value if remedy else None}
        decided = mine.values(**state, decided_by=person, decided_at=self._at)
        return self._connection.execute(decided).rowcount > 0

    def reopen(self, numbers: Iterable[int]) -> None:
        """These are to be decided again: what they changed is taken back."""
        anew = {"state": "open", "remedy": None, "decided_by": None, "decided_at": None}
        self._connection.execute(update(proposal).where(proposal.c.id.in_(list(numbers))).values(**anew))

    def _change(self, which: Any, **values: Any) -> bool:
        return self._connection.execute(update(draft).where(which).values(**values)).rowcount > 0

    def _one(self, which: Any) -> Draft | None:
        return next(iter(self._some(which)), None)

    def _some(self, which: Any) -> tuple[Draft, ...]:
        rows = self._connection.execute(select(draft).where(which).order_by(draft.c.id))
        return tuple(_draft(row) for row in rows)


def _as(before: Draft) -> Any:
    return (draft.c.id == before.id) & (draft.c.digest == before.digest) & _OPEN


def _draft(row: Any) -> Draft:
    return Draft(
        id=row.id,
        sop=row.sop,
        base=row.base,
        digest=row.digest,
        opened_at=row.opened_at,
        file=row.file,
        edited=row.edited,
        rival=row.rival,
        before=row.before,
        last=row.last,
        writers=frozenset(int(number) for number in row.writers.split(",") if number),
        is_open=row.closed_at is None,
    )


def _proposed(row: Any) -> Proposed:
    what = codec.load(row.body)
    return Proposed(row.id, row.draft, what, row.state == "open", Remedy(row.remedy) if row.remedy else None)
