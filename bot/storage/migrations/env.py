"""How Alembic meets the database: the program hands it a connection whose foreign keys are off."""

from alembic import context
from sqlmodel import SQLModel

from bot.storage import tables

assert tables.InboxRow.__table__ is not None  # type: ignore[attr-defined]

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True, compare_type=False)
with context.begin_transaction():
    context.run_migrations()
