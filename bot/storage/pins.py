"""PINs: what is kept of each is a salt and a hash that takes long to compute."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import Connection, Executable, delete, or_, select, update

from bot.storage.tables import PerDialect, PinRow, table

pin = table(PinRow)

TRIES = 5
LOCKED = timedelta(minutes=15)
"""After so many wrong ones in a row none is taken for so long."""


def _choose(insert: Any) -> Executable:
    new = insert(pin)
    fresh = {"kept": new.excluded.kept, "tries": 0, "locked_until": None}
    statement: Executable = new.on_conflict_do_update(index_elements=["person"], set_=fresh)
    return statement


_CHOOSE = PerDialect(_choose)


def kept(typed: str) -> str:
    """What is kept of a PIN."""
    salt = secrets.token_hex(16)
    return f"{salt}:{_hash(salt, typed)}"


def is_right(typed: str, known: str) -> bool:
    """Whether what is kept is kept of that PIN."""
    salt, _, hashed = known.partition(":")
    return hmac.compare_digest(_hash(salt, typed), hashed)


def _hash(salt: str, typed: str) -> str:
    return hashlib.scrypt(typed.encode(), salt=bytes.fromhex(salt), n=2**14, r=8, p=1).hex()


@dataclass(frozen=True, slots=True)
class Right:
    """It is the PIN."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """It is not; so many tries are left."""

    left: int


@dataclass(frozen=True, slots=True)
class Locked:
    """None is taken until then; `now`: since this try."""

    until: datetime
    now: bool


Tried: TypeAlias = Right | Wrong | Locked


class Pins:
    """Keeps and tries them."""

    def __init__(self, connection: Connection, at: datetime) -> None:
        self._connection = connection
        self._at = at

    def has(self, person: int) -> bool:
        """Whether somebody has chosen one."""
        return self._connection.execute(select(pin.c.person).where(pin.c.person == person)).first() is not None

    def locked(self, person: int) -> Locked | None:
        """Whether none of somebody is taken now."""
        mine = select(pin.c.locked_until).where(pin.c.person == person, pin.c.locked_until > self._at)
        until = self._connection.execute(mine).scalar()
        return None if until is None else Locked(until, now=False)

    def choose(self, person: int, what_is_kept: str) -> None:
        """Keep somebody's PIN, in place of the one before."""
        self._connection.execute(_CHOOSE.on(self._connection), {"person": person, "kept": what_is_kept, "tries": 0})

    def clear(self, person: int) -> bool:
        """Take somebody's PIN away. False where there is none."""
        return self._connection.execute(delete(pin).where(pin.c.person == person)).rowcount == 1

    def tried(self, person: int, typed: str) -> Tried:
        """Try one. It is counted before it is looked at, so that whoever tries in two processes has no more tries."""
        free = or_(pin.c.locked_until.is_(None), pin.c.locked_until <= self._at)
        mine = update(pin).where(pin.c.person == person)
        counted = mine.where(free).values(tries=pin.c.tries + 1).returning(pin.c.kept, pin.c.tries)
        row = self._connection.execute(counted).first()
        if row is None:
            return self.locked(person) or Wrong(0)
        if is_right(typed, row.kept):
            self._connection.execute(mine.values(tries=0, locked_until=None))
            return Right()
        if row.tries < TRIES:
            return Wrong(TRIES - row.tries)
        until = self._at + LOCKED
        self._connection.execute(mine.values(tries=0, locked_until=until))
        return Locked(until, now=True)
