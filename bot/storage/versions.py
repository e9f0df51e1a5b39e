"""Versions of SOPs: their bodies are kept for as long as a run may need them, and their status lives here alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, exists, func, insert, select, update

from bot.engine.review import ReviewKind
from bot.engine.sop import Sop, Status
from bot.storage import codec
from bot.storage.tables import REHEARSED, PerDialect, RehearsedRow, ReviewRow, RunRow, UnderstoodRow, VersionRow, table

version = table(VersionRow)
run = table(RunRow)
rehearsed = table(RehearsedRow)
review = table(ReviewRow)
understood = table(UnderstoodRow)

_DUE = (
    select(func.min(review.c.due))
    .where(review.c.digest == version.c.digest, review.c.decided_at.is_(None), review.c.kind != ReviewKind.REVISION)
    .scalar_subquery()
)
_COLUMNS = (version.c.digest, version.c.status, version.c.loaded_at, version.c.trial_from, _DUE.label("due"))
_LATER = version.alias()
_CONTINUED = exists().where(_LATER.c.continues == version.c.sop, _LATER.c.status.in_(("trial", "in force")))
_VERSIONS = select(*_COLUMNS, _CONTINUED.label("continued")).order_by(version.c.loaded_at.desc())
_UNDERSTAND = PerDialect(lambda insert: insert(understood).on_conflict_do_nothing().returning(understood.c.person))
_OF = _VERSIONS.where(version.c.digest == bindparam("of"))


@dataclass(frozen=True, slots=True)
class Version:
    """A version and how it stands. The status in `sop` is the file's, this one is the truth. `due`: when its next
    review is. `continued`: an SOP that is in use comes after it."""

    sop: Sop
    status: Status
    loaded_at: datetime
    trial_from: date | None
    due: date | None = None
    continued: bool = False


class Versions:
    """Reads and keeps versions. Bodies never change, so they are read once in the life of the process."""

    def __init__(self, connection: Connection, bodies: dict[str, Sop]) -> None:
        self._connection = connection
        self._bodies = bodies
        self._in_state: dict[tuple[Status, ...], tuple[Version, ...]] = {}  # as long as this transaction changes none

    def sop(self, digest: str) -> Sop:
        """The procedure of that digest. Raises LookupError where it was never kept."""
        known = self._bodies.get(digest)
        return self.sops([digest])[digest] if known is None else known

    def sops(self, digests: Iterable[str]) -> dict[str, Sop]:
        """The procedures of those digests, asked for at once. Raises LookupError where one was never kept."""
        wanted = set(digests)
        for kept in (version, rehearsed):
            unread = [digest for digest in wanted if digest not in self._bodies]
            if unread:
                bodies = select(kept.c.digest, kept.c.body).where(kept.c.digest.in_(unread))
                self._bodies.update((one.digest, codec.load(one.body)) for one in self._connection.execute(bodies))
        return {digest: self._bodies[digest] for digest in wanted}

    def of(self, digest: str) -> Version | None:
        """The version of that digest."""
        return next(iter(self._found(_OF, of=digest)), None)

    def digest_of(self, sop_id: str, name: str) -> str | None:
        """The content of the version called `name` of an SOP."""
        mine = (version.c.sop == sop_id) & (version.c.version == name)
        return self._connection.execute(select(version.c.digest).where(mine)).scalar()

    def called(self, names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Sop]:
        """The procedures of those SOPs in the versions called so, asked for at once."""
        wanted = set(names)
        some = version.c.sop.in_({sop_id for sop_id, _ in wanted})
        rows = select(version.c.sop, version.c.version, version.c.digest).where(some) if wanted else None
        found = [] if rows is None else [row for row in self._connection.execute(rows) if (row[0], row[1]) in wanted]
        sops = self.sops(row.digest for row in found)
        return {(row.sop, row.version): sops[row.digest] for row in found}

    def all_of(self, sop_id: str) -> tuple[Version, ...]:
        """Every version of an SOP, the newest first."""
        return self._some(version.c.sop == sop_id)

    def in_state(self, states: Iterable[Status]) -> tuple[Version, ...]:
        """Every version that is in one of the states."""
        asked = tuple(states)
        if asked not in self._in_state:
            self._in_state[asked] = self._some(version.c.status.in_([state.value for state in asked]))
        return self._in_state[asked]

    def newest(self) -> tuple[Version, ...]:
        """The newest version of every SOP, whatever became of it."""
        found = self._found(_VERSIONS)
        return tuple({one.sop.id: one for one in reversed(found)}.values())

    def live(self) -> tuple[Version, ...]:
        """What new runs use, one version an SOP: the one on trial, else the one in force."""
        found = {one.sop.id: one for one in self.in_state([Status.IN_FORCE])}
        found |= {one.sop.id: one for one in self.in_state([Status.TRIAL])}
        return tuple(found.values())

    def live_of(self, sop_id: str) -> Version | None:
        """What a new run of that SOP uses, None where it has no live version."""
        by_status = {one.status: one for one in self.all_of(sop_id)}
        return by_status.get(Status.TRIAL) or by_status.get(Status.IN_FORCE)

    def draft_of(self, sop_id: str) -> Version | None:
        """The newest draft of that SOP."""
        return next((one for one in self.all_of(sop_id) if one.status is Status.DRAFT), None)

    def _some(self, condition: Any) -> tuple[Version, ...]:
        return self._found(_VERSIONS.where(condition))

    def _found(self, which: Select[Any], **values: str) -> tuple[Version, ...]:
        rows = self._connection.execute(which, values).all()
        return tuple(
            Version(self.sop(row.digest), Status(row.status), row.loaded_at, row.trial_from, row.due, row.continued)
            for row in rows
        )

    def knows(self, sop_id: str) -> bool:
        """True where any version of that SOP was ever kept."""
        return bool(self._connection.execute(select(exists().where(version.c.sop == sop_id))).scalar())

    def is_new(self, sop_id: str) -> bool:
        """True where no version of that SOP was ever used."""
        used = exists().where(version.c.sop == sop_id, version.c.status != Status.DRAFT.value)
        return not self._connection.execute(select(used)).scalar()

    def has_run(self, digest: str) -> bool:
        """True where a run of that version was ever started that counts."""
        started = exists().where(run.c.digest == digest, run.c.stage != REHEARSED)
        return bool(self._connection.execute(select(started)).scalar())

    def keep(self, sop: Sop, status: Status, trial_from: date | None, at: datetime, source: str | None = None) -> None:
        """Keep a new version, and the text that it was read from."""
        self._in_state.clear()
        values = {"sop": sop.id, "status": status.value, **_content(sop), "source": source}
        self._connection.execute(insert(version).values(**values, loaded_at=at, trial_from=trial_from))

    def replace(self, old: str, sop: Sop, source: str | None = None) -> None:
        """Give a version that never ran its new content, and the text that it was read from. Where it was rehearsed,
        what it said is kept for that."""
        self._in_state.clear()
        was = select(version.c.digest, version.c.body).where(version.c.digest == old, version.c.digest != sop.digest)
        seen = was.where(exists().where(run.c.digest == old), ~exists().where(rehearsed.c.digest == old))
        self._connection.execute(insert(rehearsed).from_select(["digest", "body"], seen))
        mine = update(version).where(version.c.digest == old)
        self._connection.execute(mine.values(**_content(sop), source=source))

    def source(self, digest: str) -> str | None:
        """The text that a version was read from; None where that is not known."""
        found: str | None = self._connection.execute(
            select(version.c.source).where(version.c.digest == digest)
        ).scalar()
        return found

    def keep_source(self, digest: str, source: str) -> None:
        """The text is another one now, of the same content."""
        mine = update(version).where(version.c.digest == digest, version.c.source.is_distinct_from(source))
        self._connection.execute(mine.values(source=source))

    def move(self, digest: str, status: Status, trial_from: date | None = None) -> None:
        """Change the status of a version."""
        self._in_state.clear()
        mine = update(version).where(version.c.digest == digest)
        self._connection.execute(mine.values(status=status.value, trial_from=trial_from))

    def understand(self, person: int, digest: str, at: datetime) -> bool:
        """Keep that a person understood what a version changes. False where that is kept already."""
        row = {"person": person, "digest": digest, "at": at}
        return self._connection.execute(_UNDERSTAND.on(self._connection), row).first() is not None

    def is_understood(self, person: int, digest: str) -> bool:
        """Whether a person said that they understood what a version changes."""
        mine = exists().where(understood.c.person == person, understood.c.digest == digest)
        return bool(self._connection.execute(select(mine)).scalar())


def _content(sop: Sop) -> dict[str, Any]:
    named = {"digest": sop.digest, "version": sop.version, "title": sop.title}
    return named | {"continues": sop.continues, "body": codec.dump(sop)}
