"""What this database is told once: by which settings its office works."""

from sqlalchemy import Connection, select, update

from bot.storage.tables import Install, table

install = table(Install)


class Installation:
    """The one row of a database about itself."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def settings(self) -> str | None:
        """The digest of the settings that the journal told last, None where it told none."""
        found: str | None = self._connection.execute(select(install.c.settings)).scalar()
        return found

    def work_by(self, digest: str) -> bool:
        """From now on the office works by these settings. False where it did already."""
        others = update(install).where(install.c.settings.is_distinct_from(digest))
        return self._connection.execute(others.values(settings=digest)).rowcount == 1
