"""Ways in: invitations, of whose token only the hash is kept, and the requests of strangers."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, or_, select, update

from bot.engine.people import Role
from bot.engine.staffing import Post
from bot.storage import codec
from bot.storage.people import joined, parted
from bot.storage.tables import InvitationRow, RequestRow, added, table

invitation = table(InvitationRow)
request = table(RequestRow)

LASTS = timedelta(hours=72)
_TOKEN_BYTES = 16
_FORGOTTEN: dict[str, Any] = {"name": "", "nip": None}
"""Whom it is for is kept only until it is used or void."""


@dataclass(frozen=True, slots=True)
class Terms:
    """With what somebody is admitted."""

    roles: tuple[Role, ...]
    unit: str | None = None
    positions: tuple[Post, ...] = ()
    name: str = ""
    nip: str | None = None


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation as its inviter sees it."""

    id: int
    terms: Terms
    inviter: int
    expires_at: datetime


class Invitations:
    """Reads and keeps invitations."""

    def __init__(self, connection: Connection, at: datetime) -> None:
        self._connection = connection
        self._at = at

    def add(self, inviter: int, terms: Terms) -> tuple[Invitation, str]:
        """Keep an invitation, and return it with its token, which nothing keeps."""
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        values = {
            "hash": _hash(token),
            "roles": joined(terms.roles),
            "unit": terms.unit,
            "positions": codec.dump(list(terms.positions)),
            "name": terms.name,
            "nip": terms.nip,
            "inviter": inviter,
            "made_at": self._at,
            "expires_at": self._at + LASTS,
        }
        number = added(self._connection, invitation, **values)
        return Invitation(number, terms, inviter, self._at + LASTS), token

    def use(self, token: str, person: int) -> Invitation | None:
        """Use up the invitation of that token. None where there is none, or it is used, revoked or expired."""
        mine = (invitation.c.hash == _hash(token)) & self._valid()
        row = self._connection.execute(select(invitation).where(mine)).first()
        # two may bring the same token at once: the row count tells who was first
        used = update(invitation).where(mine).values(used_by=person, used_at=self._at, **_FORGOTTEN)
        return _invitation(row) if row and self._connection.execute(used).rowcount == 1 else None

    def get(self, invitation_id: int) -> Invitation | None:
        """The invitation of that number, as long as it can be used."""
        row = self._connection.execute(select(invitation).where(self._valid(), invitation.c.id == invitation_id))
        return next((_invitation(one) for one in row), None)

    def valid(self) -> tuple[Invitation, ...]:
        """Every invitation that can be used, the newest first."""
        rows = self._connection.execute(select(invitation).where(self._valid()).order_by(invitation.c.id.desc()))
        return tuple(_invitation(row) for row in rows)

    def revoke(self, invitation_id: int) -> bool:
        """Take an invitation back. False where it cannot be used anyway."""
        mine = update(invitation).where(self._valid(), invitation.c.id == invitation_id)
        return self._connection.execute(mine.values(revoked_at=self._at, **_FORGOTTEN)).rowcount == 1

    def forget(self) -> None:
        """Whom the expired ones were for is of no use any more."""
        over = or_(invitation.c.name != "", invitation.c.nip.is_not(None)) & (invitation.c.expires_at <= self._at)
        self._connection.execute(update(invitation).where(over).values(**_FORGOTTEN))

    def _valid(self) -> Any:
        open_still = invitation.c.used_at.is_(None) & invitation.c.revoked_at.is_(None)
        return open_still & (invitation.c.expires_at > self._at)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _invitation(row: Any) -> Invitation:
    terms = Terms(parted(row.roles), row.unit, tuple(codec.load(row.positions)), row.name, row.nip)
    return Invitation(row.id, terms, row.inviter, row.expires_at)


@dataclass(frozen=True, slots=True)
class Request:
    """That a stranger asked to be let in."""

    id: int
    person: int
    made_at: datetime
    decided_at: datetime | None
    decided_by: int | None
    allowed: bool


class Requests:
    """Reads and keeps requests. A person has one open request at most."""

    def __init__(self, connection: Connection, at: datetime) -> None:
        self._connection = connection
        self._at = at

    def add(self, person: int) -> int:
        """Keep a request, and return the number of it."""
        values = {"person": person, "made_at": self._at, "allowed": False}
        return added(self._connection, request, **values)

    def get(self, request_id: int) -> Request | None:
        """The request of that number."""
        return self._last(request.c.id == request_id)

    def last_of(self, person: int) -> Request | None:
        """The latest request of a person."""
        return self._last(request.c.person == person)

    def _last(self, which: Any) -> Request | None:
        statement = select(request).where(which).order_by(request.c.id.desc()).limit(1)
        return next((Request(**row._mapping) for row in self._connection.execute(statement)), None)

    def undecided(self) -> tuple[Request, ...]:
        """Every request without an answer, the oldest first."""
        rows = self._connection.execute(select(request).where(request.c.decided_at.is_(None)).order_by(request.c.id))
        return tuple(Request(**row._mapping) for row in rows)

    def decide(self, request_id: int, by: int, *, allowed: bool) -> bool:
        """Answer a request. False where somebody else did before."""
        mine = update(request).where(request.c.id == request_id, request.c.decided_at.is_(None))
        return self._connection.execute(mine.values(decided_at=self._at, decided_by=by, allowed=allowed)).rowcount == 1
