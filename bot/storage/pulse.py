"""When Telegram was last heard: it tells a silence also where whoever would have noticed it is no more."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from bot.storage.tables import Install, table

install = table(Install)


class Pulse:
    """One moment, kept now and then and not with every answer."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def last(self) -> datetime | None:
        """The moment, None before the first one."""
        found: datetime | None = self._connection.execute(select(install.c.heard_at)).scalar()
        return found

    def beat(self, at: datetime) -> None:
        """Telegram was heard at that moment."""
        self._connection.execute(update(install).values(heard_at=at))
