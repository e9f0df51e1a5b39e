"""What phones must show: cards, painted until they are right, and letters, carried once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Connection,
    Executable,
    Integer,
    Select,
    Table,
    Update,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)

from bot.storage import codec
from bot.storage.tables import CardRow, LetterRow, PerDialect, PersonRow, table
from bot.views.screen import Screen, Sendable

card = table(CardRow)
letter = table(LetterRow)
person = table(PersonRow)

LEASE = timedelta(seconds=90)
"""Longer than any call to Telegram may last; a carrier that takes longer has lost what it carries."""
STRAY = timedelta(seconds=10)
"""Telegram may hold a call for eight seconds, and do what it asks for though the caller died meanwhile."""
FARTHEST = timedelta(hours=2)
"""Nothing is put off longer; a moment further away comes from a clock that was set back since."""
LIST = "digest:"
"""What the subjects of lists of the day begin with, for which nobody waits with the phone in hand."""


def _put_card(insert: Any) -> Executable:
    new = insert(card)
    fresh = {name: new.excluded[name] for name in ("screen", "visit", "next_at", "tries")}
    # a card whose sending was never confirmed to us is the message that was tapped
    message_id = func.coalesce(card.c.message_id, bindparam("tapped"))
    written_below = func.coalesce(message_id, bindparam("seen")) < bindparam("seen")
    anew = or_(card.c.anew, bindparam("below", type_=Boolean()), written_below)
    more = {"want": card.c.want + 1, "message_id": message_id, "anew": anew}
    changed = new.on_conflict_do_update(index_elements=["subject", "chat"], set_=fresh | more)
    statement: Executable = changed.returning(card.c.message_id)
    return statement


def _claim(rows: Table, columns: Select[Any], waits: Any, order: Any) -> Select[Any]:
    """Rows that wait, are due, leased by nobody, and in no chat that is busy."""
    at, far = bindparam("at", type_=rows.c.next_at.type), bindparam("far", type_=rows.c.next_at.type)
    ripe = or_(rows.c.next_at <= at, rows.c.next_at > far)
    free = or_(rows.c.lease_until.is_(None), rows.c.lease_until <= at, rows.c.lease_until > far)
    idle = rows.c.chat.not_in(bindparam("busy", expanding=True))
    some = columns.where(waits, ripe, free, idle).order_by(*order).limit(bindparam("limit"))
    return some.with_for_update(of=rows, skip_locked=True)


def _lease(rows: Table) -> Update:
    these = update(rows).where(rows.c.id.in_(bindparam("ids", expanding=True)))
    return these.values(owner=bindparam("by"), lease_until=bindparam("until"))


_PUT_CARD = PerDialect(_put_card)
_IS_LIST = card.c.subject.like(f"{LIST}%")
_CLAIM_CARDS = _claim(
    card,
    select(card, person.c.seen_id, _IS_LIST.label("is_list")).outerjoin(person, person.c.telegram_id == card.c.chat),
    (card.c.want > card.c.rendered) & (card.c.screen != ""),  # one that was emptied has nothing to be painted
    (_IS_LIST, card.c.next_at, card.c.id),
)
_LEASE_CARDS = _lease(card)
_THIS = (card.c.subject == bindparam("of")) & (card.c.chat == bindparam("to"))
_MESSAGE_OF = select(card.c.message_id).where(_THIS)
_CHATS = select(card.c.chat).where(card.c.subject == bindparam("of"))
_FIRST_SIGHT = card.c.shown_visit.is_distinct_from(bindparam("visit_shown"))
_MESSAGE = bindparam("message", type_=BigInteger())
_WRITTEN_BELOW = exists().where(person.c.telegram_id == card.c.chat, person.c.seen_id > _MESSAGE)
_AT = bindparam("at", type_=card.c.next_at.type)
# what is shown may still be painted over by a call of a carrier that died: then it is painted once more
_UNSURE = card.c.unsure_until.between(_AT, bindparam("strayed", type_=card.c.next_at.type))
_PAINTED = (
    update(card)
    .where(card.c.id == bindparam("card_id"), card.c.owner == bindparam("by"))
    .values(
        rendered=case((_UNSURE, bindparam("shown", type_=Integer()) - 1), else_=bindparam("shown")),
        next_at=case((_UNSURE, card.c.unsure_until), else_=card.c.next_at),
        # a higher one is known by now to be the card
        message_id=case((card.c.message_id > _MESSAGE, card.c.message_id), else_=_MESSAGE),
        # what came to them meanwhile is stripped with all the others once more, which does no harm
        strays=case((card.c.strays == bindparam("stripped"), ""), else_=card.c.strays),
        shown_from=case((_FIRST_SIGHT, bindparam("words_from")), else_=card.c.shown_from),
        shown_visit=bindparam("visit_shown"),
        anew=case(
            # what was wanted while it was sent may have been wanted below what the person wrote then
            (bindparam("was_sent", type_=Boolean()), and_(card.c.want > bindparam("shown"), _WRITTEN_BELOW)),
            else_=card.c.anew,
        ),
        owner=None,
        lease_until=None,
        tries=0,
    )
)
_TWO = (
    update(card)
    .where(_THIS)
    .values(
        message_id=bindparam("higher"),
        strays=card.c.strays + bindparam("stray"),
        want=card.c.want + 1,
        next_at=bindparam("at"),
    )
)
_AWAITED = exists().where(person.c.telegram_id == bindparam("to"), ~person.c.reachable, person.c.seen_id == 0)
_HELD = case((bindparam("owed", type_=Boolean()), "held"), else_="dead")
_FRESH = case((_AWAITED, _HELD), else_="new")
_PUT_LETTER = PerDialect(lambda insert: insert(letter).values(state=_FRESH).on_conflict_do_nothing())
_NO_MORE = {"screen": ""}
"""What is over is not kept: it may hold names, or a link that lets somebody in."""
_CLAIM_LETTERS = _claim(letter, select(letter), letter.c.state == "new", (letter.c.id,))
_LEASE_LETTERS = _lease(letter)


@dataclass(frozen=True, slots=True)
class Shown:
    """What is known of a run's card in a chat: the visit it shows, and from which message id on words belong to it."""

    visit: int | None
    words_from: int | None


@dataclass(frozen=True, slots=True)
class Painting:
    """A card to be painted. `message_id` is None where there is no message yet, `anew` where a new one is wanted.
    `strays` are other messages that show it and are to lose their buttons; `tries` counts those that failed. A list of
    the day is `unhurried`: it waits for its turn among all."""

    id: int
    chat: int
    screen: Screen
    want: int
    visit: int
    message_id: int | None
    strays: tuple[int, ...]
    anew: bool
    seen_id: int
    tries: int
    unhurried: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice to be carried."""

    id: int
    key: str
    chat: int
    screen: Sendable
    must: bool
    tries: int


Parcel = Painting | Letter


class Cards:
    """One message a subject and chat, wanted and shown."""

    def __init__(self, connection: Connection, at: datetime) -> None:
        self._connection = connection
        self._at = at
        self._tapped: dict[tuple[str, int], int] = {}
        self._known: dict[tuple[str, int], int | None] = {}

    def put(self, subject: str, chat: int, screen: Screen, *, seen_id: int, visit: int = 0, anew: bool = False) -> None:
        """Want `screen` on the card, sent anew below where the person has written since or `anew` says so."""
        row = {
            "subject": subject,
            "chat": chat,
            "screen": codec.dump(screen),
            "want": 1,
            "rendered": 0,
            "anew": False,
            "visit": visit,
            "next_at": self._at,
            "tries": 0,
        }
        more = {"tapped": self._tapped.get((subject, chat)), "seen": seen_id, "below": anew}
        self._known[subject, chat] = self._connection.execute(_PUT_CARD.on(self._connection), row | more).scalar()

    def put_off(self, subject: str, chat: int, wait: timedelta) -> None:
        """What is wanted on the card can wait so long."""
        mine = update(card).where(card.c.subject == subject, card.c.chat == chat)
        self._connection.execute(mine.values(next_at=self._at + wait))

    def shown(self, subject: str, chat: int) -> Shown | None:
        """What is known to be shown, None where the card was never wanted."""
        columns = select(card.c.shown_visit, card.c.shown_from)
        row = self._connection.execute(columns.where(card.c.subject == subject, card.c.chat == chat)).first()
        return None if row is None else Shown(row.shown_visit, row.shown_from)

    def adopt(self, subject: str, chat: int, message_id: int) -> None:
        """A tap came from `message_id`: where the sending of the card was never confirmed to us, the next `put` in this
        transaction takes that message for it."""
        self._tapped[subject, chat] = message_id

    def tell_apart(self, subject: str, chat: int) -> None:
        """Where the tap that `adopt` was told of came from a second message that shows the card, the higher number is
        the card from now on, and the other one is to lose its buttons."""
        if (tapped := self._tapped.get((subject, chat))) is None:
            return
        this = {"of": subject, "to": chat}
        if (subject, chat) not in self._known:
            self._known[subject, chat] = self._connection.execute(_MESSAGE_OF, this).scalar()
        known = self._known[subject, chat]
        if known is not None and tapped != known:
            two = {"higher": max(tapped, known), "stray": f"{min(tapped, known)} ", "at": self._at}
            self._connection.execute(_TWO, this | two)

    def is_in(self, subject: str, chat: int, message_id: int | None) -> bool:
        """Whether that message shows the card; one that is not known shows none."""
        return message_id is not None and self.subject_of(chat, message_id) == subject

    def subject_of(self, chat: int, message_id: int) -> str | None:
        """Which card a message is, None where it is none."""
        mine = select(card.c.subject).where(card.c.chat == chat, card.c.message_id == message_id)
        found: str | None = self._connection.execute(mine).scalars().first()
        return found

    def chats(self, subject: str) -> tuple[int, ...]:
        """Every chat that has this card."""
        return tuple(self._connection.execute(_CHATS, {"of": subject}).scalars())

    def waiting(self) -> int:
        """How many cards do not show yet what they should."""
        unpainted = select(func.count()).where(card.c.want > card.c.rendered)
        return int(self._connection.execute(unpainted).scalar_one())

    def claim(
        self, owner: str, limit: int, busy: Sequence[int], room: int, *, quiet: bool = False
    ) -> tuple[Painting, ...]:
        """Lease the card that waits longest in each chat that is not `busy`; lists of the day come last, and only for
        as many calls as there is `room`. While it is `quiet` no list is sent; one that was sent changes in place."""
        first: dict[int, Any] = {}
        for row in self._connection.execute(_CLAIM_CARDS, _waiting(self._at, limit, busy)):
            if not row.is_list or (len(first) < room and not (quiet and _rings(row))):
                first.setdefault(row.chat, row)
        if first:
            self._connection.execute(_LEASE_CARDS, _leased(first.values(), owner, self._at))
        return tuple(
            Painting(
                row.id,
                row.chat,
                codec.load(row.screen),
                row.want,
                row.visit,
                row.message_id,
                tuple(map(int, row.strays.split())),
                row.anew,
                row.seen_id or 0,
                row.tries,
                bool(row.is_list),
            )
            for row in first.values()
        )

    def painted(self, done: Painting, owner: str, message_id: int, *, sent: bool) -> None:
        """The phone shows it. Where the lease was lost meanwhile, a newer picture may be hidden: paint once more."""
        values = {
            "shown": done.want,
            "message": message_id,
            "stripped": "".join(f"{stray} " for stray in done.strays),
            "words_from": message_id if sent else max(message_id, done.seen_id + 1),
            "visit_shown": done.visit,
            "was_sent": sent,
            "at": self._at,
            "strayed": self._at + STRAY,
        }
        if self._connection.execute(_PAINTED, values | {"card_id": done.id, "by": owner}).rowcount == 0:
            self._once_more(done)

    def again(self, painting: Painting, owner: str, at: datetime, *, forget: bool = False) -> None:
        """Paint at `at`; `forget` the message, which is gone or can no longer be edited."""
        values: dict[str, Any] = {"owner": None, "next_at": at, "tries": card.c.tries + 1}
        self._settle(painting, owner, values | ({"message_id": None} if forget else {}))

    def give_up(self, painting: Painting, owner: str) -> None:
        """Nobody can be shown this: they blocked the bot. The next `put` tries again, and so does `release`."""
        self._settle(painting, owner, {"rendered": painting.want, "owner": None, "tries": card.c.tries + 1})

    def release(self, chat: int) -> None:
        """Paint the cards that could not be painted: the person has written to the bot."""
        # one that is painted has no tries: whatever has some was given up, or waits to be tried again
        unseen = update(card).where(card.c.chat == chat, or_(card.c.message_id.is_(None), card.c.tries > 0))
        self._connection.execute(unseen.values(want=card.c.want + 1, next_at=self._at))

    def free(self) -> None:
        """Take back what others have leased: they are gone. One who is not only paints once more."""
        mine = _freed(card, card.c.want > card.c.rendered).values(unsure_until=self._at + STRAY)
        self._connection.execute(mine)

    def _settle(self, painting: Painting, owner: str, values: dict[str, Any]) -> None:
        mine = update(card).where(card.c.id == painting.id, card.c.owner == owner)
        if self._connection.execute(mine.values(lease_until=None, **values)).rowcount == 0:
            self._once_more(painting)

    def _once_more(self, painting: Painting) -> None:
        mine = update(card).where(card.c.id == painting.id)
        self._connection.execute(mine.values(want=card.c.want + 1, next_at=self._at))


class Letters:
    """Notices without buttons, each under a key that says what for."""

    def __init__(self, connection: Connection, at: datetime) -> None:
        self._connection = connection
        self._at = at

    def put(self, key: str, chat: int, screen: Sendable, *, must: bool = True) -> None:
        """Want the letter carried, once for its key. `must`: sent again where it is unknown whether it arrived, and
        held for whoever has not written to the bot yet, to whom Telegram lets nothing through."""
        values = {"key": key, "chat": chat, "screen": codec.dump(screen), "must": must, "tries": 0, "error": ""}
        more = {"created_at": self._at, "next_at": self._at, "to": chat, "owed": must}
        self._connection.execute(_PUT_LETTER.on(self._connection), values | more)

    def put_last(self, series: str, mark: str, chat: int, screen: Sendable) -> None:
        """Want the letter carried as the last of its series, once for its mark. Whatever of the series was put before
        is not carried any more: it must not arrive after this one."""
        key = f"{series}:{mark}"
        mine = letter.c.key.startswith(f"{series}:", autoescape=True)
        passed = or_(letter.c.key != key, letter.c.state == "dead")
        self._connection.execute(delete(letter).where(mine, passed))
        self.put(key, chat, screen)

    def wanted(self, keys: Iterable[str]) -> set[str]:
        """Those of the keys under which a letter was ever put."""
        return set(self._connection.execute(select(letter.c.key).where(letter.c.key.in_(keys))).scalars())

    def dead_ones(self, keys: Iterable[str]) -> set[str]:
        """Those of the keys whose letter could not arrive."""
        lost = (letter.c.key.in_(list(keys))) & (letter.c.state == "dead")
        return set(self._connection.execute(select(letter.c.key).where(lost)).scalars())

    def revive(self, key: str, chat: int, screen: Screen) -> None:
        """Carry once more what could not arrive."""
        lost = update(letter).where(letter.c.key == key, letter.c.state == "dead")
        again = {"state": "new", "chat": chat, "screen": codec.dump(screen), "tries": 0, "error": ""}
        self._connection.execute(lost.values(**again, next_at=self._at))

    def release(self, chat: int) -> None:
        """Carry what was held: the person has written to the bot."""
        held = update(letter).where(letter.c.chat == chat, letter.c.state == "held")
        self._connection.execute(held.values(state="new", next_at=self._at))

    def claim(self, owner: str, limit: int, busy: Sequence[int]) -> tuple[Letter, ...]:
        """Lease the oldest waiting letter of each chat that is not `busy`."""
        waiting = _waiting(self._at, max(0, limit), busy)
        first = {row.chat: row for row in reversed(self._connection.execute(_CLAIM_LETTERS, waiting).all())}
        if first:
            self._connection.execute(_LEASE_LETTERS, _leased(first.values(), owner, self._at))
        return tuple(
            Letter(row.id, row.key, row.chat, codec.load(row.screen), row.must, row.tries) for row in first.values()
        )

    def sent(self, done: Letter) -> None:
        """It arrived, and so nobody need carry it any more, whoever has the lease by now."""
        mine = update(letter).where(letter.c.id == done.id)
        self._connection.execute(mine.values(state="sent", owner=None, lease_until=None, **_NO_MORE))

    def again(self, waiting: Letter, owner: str, at: datetime) -> None:
        """Carry it at `at`."""
        self._settle(waiting, owner, {"next_at": at, "tries": letter.c.tries + 1})

    def dead(self, lost: Letter, owner: str, error: str) -> None:
        """It cannot arrive."""
        self._settle(lost, owner, {"state": "dead", "error": error[:500], **_NO_MORE})

    def free(self) -> None:
        """Take back what others have leased: they are gone. What one of them just sent arrives twice."""
        self._connection.execute(_freed(letter, letter.c.state == "new"))

    def _settle(self, settled: Letter, owner: str, values: dict[str, Any]) -> None:
        mine = update(letter).where(letter.c.id == settled.id, letter.c.owner == owner)
        self._connection.execute(mine.values(owner=None, lease_until=None, **values))

    def count(self, state: str) -> int:
        """How many letters are in `state`."""
        return int(self._connection.execute(select(func.count()).where(letter.c.state == state)).scalar_one())


def _rings(row: Any) -> bool:
    """Whether it comes as a new message."""
    return row.message_id is None or bool(row.anew)


def _waiting(at: datetime, limit: int, busy: Sequence[int]) -> dict[str, Any]:
    return {"at": at, "far": at + FARTHEST, "limit": limit, "busy": list(busy)}


def _leased(rows: Iterable[Any], owner: str, at: datetime) -> dict[str, Any]:
    return {"ids": [row.id for row in rows], "by": owner, "until": at + LEASE}


def _freed(rows: Table, waits: ColumnElement[bool]) -> Update:
    return update(rows).where(waits, rows.c.owner.is_not(None)).values(owner=None, lease_until=None)
