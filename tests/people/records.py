"""What the database knows of people, for tests to look at."""

from sqlalchemy import select

from bot.engine.staffing import Acting, Span
from bot.storage.database import Transaction
from bot.storage.people import Person
from bot.storage.tables import JournalRow, table
from tests.conftest import Office

journal = table(JournalRow)


async def known(office: Office, user_id: int) -> Person:
    """What is known of somebody."""
    found: Person | None = await office.app.database.run(lambda tx: tx.people.by_chat(user_id))
    assert found is not None
    return found


async def held(office: Office, user_id: int) -> list[tuple[str, Span, Acting]]:
    """What somebody holds, past and to come."""
    me = (await known(office, user_id)).id

    def work(tx: Transaction) -> list[tuple[str, Span, Acting]]:
        return [(one.position, one.span, one.acting) for one in tx.holdings.of(me)]

    return await office.app.database.run(work)


async def kinds(office: Office) -> list[str]:
    """What the journal tells, in order."""

    def work(tx: Transaction) -> list[str]:
        return list(tx.connection.execute(select(journal.c.kind).order_by(journal.c.seq)).scalars())

    return await office.app.database.run(work)
