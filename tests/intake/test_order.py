"""A tap may be kept before a message that is older. On PostgreSQL the message is still handled first."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, func, select, text

from bot.storage.tables import InboxRow, table
from bot.telegram.intake import Intake
from tests.conftest import Office
from tests.intake.conftest import eventually
from tests.postgres import Postgres

inbox = table(InboxRow)

HOLD = """
CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN IF NEW.update_id = {number} THEN PERFORM pg_advisory_xact_lock(1); END IF; RETURN NEW; END $$;
CREATE TRIGGER hold BEFORE UPDATE ON inbox FOR EACH ROW EXECUTE FUNCTION hold();
"""
HELD = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = 1")


@pytest.fixture
def database_url(postgres: Postgres) -> str:
    return postgres.new_database()


@pytest.fixture
async def beside(database_url: str, office: Office) -> AsyncIterator[Connection]:
    """A connection that is not the bot's."""
    engine = create_engine(database_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def asks_for_help(number: int) -> dict[str, Any]:
    andi = {"id": 101, "is_bot": False, "first_name": "Andi"}
    chat = {"id": 101, "type": "private", "first_name": "Andi"}
    entity = {"type": "bot_command", "offset": 0, "length": 8}
    message = {"message_id": 4000, "date": 1, "chat": chat, "from": andi, "text": "/bantuan", "entities": [entity]}
    return {"update_id": number, "message": message}


async def test_a_tap_waits_for_an_older_message_that_is_kept_after_it(office: Office, beside: Connection) -> None:
    await office.clerk.says("/start")
    card = office.clerk.messages[-1]
    number = office.world.updates.next_id
    beside.exec_driver_sql(HOLD.format(number=number))
    beside.execute(select(func.pg_advisory_lock(1)))
    tap = office.world.tap(101, card["message_id"], card["reply_markup"]["inline_keyboard"][0][0]["callback_data"])
    await eventually(lambda: beside.execute(HELD).scalar())

    await Intake(office.app.database, office.app.updates.wake).keep([asks_for_help(number - 1000)])
    beside.execute(select(func.pg_advisory_unlock(1)))

    await office.settle()
    states = select(inbox.c.state).where(inbox.c.update_id.in_([number - 1000, number]))
    assert list(beside.execute(states).scalars()) == ["done", "done"]
    assert office.world.answers(tap)[0]["text"] == ""
