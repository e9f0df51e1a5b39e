"""Each person's list of the day: what is on it, when it is sent, how much a person is sent, and who wants none."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Executable, and_, bindparam, case, delete, exists, select, update

from bot.engine.errands import ErrandKind
from bot.engine.review import Seat
from bot.storage.tables import AllowanceRow, DigestRow, HushRow, NoticeRow, PerDialect, table

digest = table(DigestRow)
notice = table(NoticeRow)
allowance = table(AllowanceRow)
hush = table(HushRow)


def _add_to(insert: Any) -> Executable:
    new = insert(digest)
    # one that waits already is not sent later for what is added to it
    sooner = case(
        (and_(digest.c.waits, digest.c.send_at < new.excluded.send_at), digest.c.send_at), else_=new.excluded.send_at
    )
    higher = case((digest.c.urgency > new.excluded.urgency, digest.c.urgency), else_=new.excluded.urgency)
    again = {"waits": True, "send_at": sooner, "urgency": higher}
    made: Executable = new.on_conflict_do_update(index_elements=["person", "day"], set_=again).returning(
        digest.c.id, digest.c.person
    )
    return made


def _note(insert: Any) -> Executable:
    new = insert(notice)
    # of one run several things may be told on a day, of anything else only the latest
    both = notice.c.moment + "," + new.excluded.moment
    moment = case((notice.c.kind == ErrandKind.RUN.value, both), else_=new.excluded.moment)
    fresh = {"moment": moment, "instead": new.excluded.instead}
    noted: Executable = new.on_conflict_do_update(index_elements=["digest", "kind", "subject"], set_=fresh).returning(
        notice.c.digest
    )  # which makes one statement of several rows
    return noted


def _hush(insert: Any) -> Executable:
    new = insert(hush)
    hushed: Executable = new.on_conflict_do_update(index_elements=["person"], set_={"until": new.excluded.until})
    return hushed


def _spend(insert: Any) -> Executable:
    new = insert(allowance)
    more = {"spent": allowance.c.spent + 1}
    below = allowance.c.spent < bindparam("most")
    spent: Executable = new.on_conflict_do_update(index_elements=["person", "day"], set_=more, where=below).returning(
        allowance.c.spent
    )
    return spent


_ADD_TO, _NOTE, _HUSH, _SPEND = PerDialect(_add_to), PerDialect(_note), PerDialect(_hush), PerDialect(_spend)
_AT = bindparam("at", type_=digest.c.send_at.type)
_DIGEST = (digest.c.id, digest.c.person, digest.c.day, digest.c.urgency, digest.c.sent)
_NEXT = digest.alias("next")
_MOST_URGENT = (
    select(_NEXT.c.id)
    .where(_NEXT.c.waits, _NEXT.c.send_at <= _AT)
    .order_by(_NEXT.c.urgency.desc(), _NEXT.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_CLAIM = update(digest).where(digest.c.id == _MOST_URGENT.scalar_subquery()).values(waits=False).returning(*_DIGEST)
_DONE = update(digest).where(digest.c.id == bindparam("of")).values(sent=True, urgency=0)
_LINES = select(notice).where(notice.c.digest == bindparam("of")).order_by(notice.c.kind, notice.c.subject)
_HUSHED = select(hush.c.person, hush.c.until).where(
    hush.c.person.in_(bindparam("ids", expanding=True)), hush.c.until > bindparam("at", type_=hush.c.until.type)
)


SETBACK = timedelta(hours=1)
"""A list that fails is put off by this."""


@dataclass(frozen=True, slots=True)
class Digest:
    """A list that is to be sent: for the first time, or once more with what was added."""

    id: int
    person: int
    day: date
    urgency: int
    sent: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """A line of a list: what it is about; of a review at which of its moments, and in whose place one is told; of a run
    in which way it waits, or takes, too long."""

    kind: ErrandKind
    subject: int
    moment: str = ""
    instead: frozenset[Seat] = frozenset()


@dataclass(frozen=True, slots=True)
class Noted:
    """A line as it comes onto a person's list of a day, which is sent at `send_at` or sooner."""

    person: int
    day: date
    send_at: datetime
    urgency: int
    line: Notice


class Digests:
    """Keeps the lists, and the bounds within which they are sent."""

    def __init__(self, connection: Connection, at: datetime) -> None:
        self._connection = connection
        self._at = at

    def add(self, some: Sequence[Noted]) -> None:
        """Put lines on lists, of each person one."""
        if not some:
            return
        same = {"waits": True, "sent": False}
        rows = [
            same | {"person": one.person, "day": one.day, "send_at": one.send_at, "urgency": one.urgency}
            for one in some
        ]
        added = self._connection.execute(_ADD_TO.on(self._connection), rows)
        numbers = {row.person: row.id for row in added}
        self._connection.execute(
            _NOTE.on(self._connection), [{"digest": numbers[one.person]} | _about(one.line) for one in some]
        )

    def claim_due(self) -> Digest | None:
        """Take the most urgent list that is due. Another process that looks at the same moment takes the next."""
        row = self._connection.execute(_CLAIM, {"at": self._at}).first()
        return None if row is None else Digest(*row)

    def gather(self, one: Digest, today: date) -> Digest:
        """Bring everything that is due for a person onto their list of today, which is taken in place of `one`: whoever
        was away finds one list, not one of each day."""
        due = digest.c.waits & (digest.c.send_at <= self._at) | (digest.c.id == one.id)
        mine = select(digest.c.id, digest.c.urgency).where(digest.c.person == one.person)
        # what another process has in hand comes onto the same list from there
        earlier = mine.where(due, digest.c.day != today).order_by(digest.c.day).with_for_update(skip_locked=True)
        rows = self._connection.execute(earlier).all()
        if not rows:
            return one
        urgency = max(row.urgency for row in rows)
        new = {
            "person": one.person,
            "day": today,
            "send_at": self._at,
            "urgency": urgency,
            "waits": True,
            "sent": False,
        }
        number = self._connection.execute(_ADD_TO.on(self._connection), new).scalar_one()
        ids = [row.id for row in rows]
        self._rewrite(number, ids)
        self._connection.execute(delete(digest).where(digest.c.id.in_(ids), ~digest.c.sent))
        self._connection.execute(update(digest).where(digest.c.id.in_(ids)).values(waits=False))
        taken = update(digest).where(digest.c.id == number).values(waits=False).returning(*_DIGEST)
        return Digest(*self._connection.execute(taken).one())

    def _rewrite(self, number: int, earlier: Sequence[int]) -> None:
        """Put the lines of earlier lists onto one, whose own are the latest."""
        merged: dict[tuple[ErrandKind, int], Notice] = {}
        for line in (line for one in (*earlier, number) for line in self.lines(one)):
            before = merged.get((line.kind, line.subject))
            if before and line.kind is ErrandKind.RUN:
                line = replace(line, moment=f"{before.moment},{line.moment}")
            merged[line.kind, line.subject] = line
        self._connection.execute(delete(notice).where(notice.c.digest.in_((*earlier, number))))
        if merged:
            self._connection.execute(
                _NOTE.on(self._connection), [{"digest": number} | _about(line) for line in merged.values()]
            )

    def hold(self, one: Digest, until: datetime) -> None:
        """A list that was taken is sent later after all."""
        self._connection.execute(update(digest).where(digest.c.id == one.id).values(waits=True, send_at=until))

    def is_due(self) -> bool:
        """True where a list is due that was not sent."""
        due = digest.c.waits & (digest.c.send_at <= self._at)
        return bool(self._connection.execute(select(exists().where(due))).scalar())

    def put_off(self) -> None:
        """The next list that is due could not be sent: try it again later, and let the others through."""
        due = digest.c.waits & (digest.c.send_at <= self._at)
        first = select(digest.c.id).where(due).order_by(digest.c.urgency.desc(), digest.c.id).limit(1).scalar_subquery()
        self._connection.execute(update(digest).where(digest.c.id == first).values(send_at=self._at + SETBACK))

    def done(self, one: Digest) -> None:
        """A list was sent; what comes to it from now on has an urgency of its own."""
        self._connection.execute(_DONE, {"of": one.id})

    def lines(self, number: int) -> tuple[Notice, ...]:
        """What stands on a list."""
        return tuple(
            Notice(
                ErrandKind(row.kind),
                row.subject,
                row.moment,
                frozenset(Seat(seat) for seat in row.instead.split(",") if seat),
            )
            for row in self._connection.execute(_LINES, {"of": number})
        )

    def showing(self, kind: ErrandKind, subject: int, day: date) -> tuple[Digest, ...]:
        """The lists of that day that were sent with this on them."""
        found = select(*_DIGEST).join(notice, notice.c.digest == digest.c.id)
        about = (notice.c.kind == kind.value) & (notice.c.subject == subject)
        sent = found.where(about, digest.c.day == day, digest.c.sent)
        return tuple(Digest(*row) for row in self._connection.execute(sent))

    def forget(self, before: date) -> None:
        """Forget the lists of long ago, and what was counted then."""
        old = select(digest.c.id).where(digest.c.day < before, ~digest.c.waits)
        self._connection.execute(delete(notice).where(notice.c.digest.in_(old)))
        self._connection.execute(delete(digest).where(digest.c.day < before, ~digest.c.waits))
        self._connection.execute(delete(allowance).where(allowance.c.day < before))

    # How much a person is sent

    def spend(self, person: int, day: date, most: int) -> bool:
        """Count one more message to a person on that day. False, and nothing counted, where they had `most` already."""
        if most <= 0:
            return False
        one = {"person": person, "day": day, "spent": 1, "most": most}
        return self._connection.execute(_SPEND.on(self._connection), one).first() is not None

    # Who wants none for a while

    def hush(self, person: int, until: datetime) -> None:
        """Send a person no list until then."""
        self._connection.execute(_HUSH.on(self._connection), {"person": person, "until": until})

    def unhush(self, person: int, send_at: datetime) -> None:
        """Send a person their lists again, those that waited at `send_at`."""
        self._connection.execute(delete(hush).where(hush.c.person == person))
        held = (digest.c.person == person) & digest.c.waits & (digest.c.send_at > send_at)
        self._connection.execute(update(digest).where(held).values(send_at=send_at))

    def hushed(self, people: Iterable[int]) -> dict[int, datetime]:
        """Which of these people want none, and until when."""
        rows = self._connection.execute(_HUSHED, {"ids": list(people), "at": self._at})
        return {row.person: row.until for row in rows}


def _about(line: Notice) -> dict[str, Any]:
    """A line as its row has it."""
    instead = ",".join(sorted(line.instead))
    return {"kind": line.kind.value, "subject": line.subject, "moment": line.moment, "instead": instead}
