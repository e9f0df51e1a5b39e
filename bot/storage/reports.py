"""Reports that an SOP is wrong."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from bot.engine.reports import Fault
from bot.storage.tables import ReportRow, added, table

report = table(ReportRow)


class Reports:
    """Keeps reports; their numbers are their ids."""

    def __init__(self, connection: Connection, at: datetime) -> None:
        self._connection = connection
        self._at = at

    def add(self, sop: str, version: str, fault: Fault, person: int, *, step: str | None, run: int | None) -> int:
        """Keep a report and return its number."""
        values = {"sop": sop, "version": version, "kind": fault.value, "person": person, "step": step, "run": run}
        return added(self._connection, report, **values, at=self._at, seq=0, state="open")

    def version_of(self, number: int) -> str:
        """The version that was found wrong."""
        return str(self._connection.execute(select(report.c.version).where(report.c.id == number)).scalar_one())

    def journalled(self, number: int, seq: int) -> None:
        """Say which entry of the journal the report is."""
        self._connection.execute(update(report).where(report.c.id == number).values(seq=seq))
