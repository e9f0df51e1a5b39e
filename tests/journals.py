"""What somebody does to a journal who owns the database."""

from sqlalchemy import Connection, text


def unguarded(connection: Connection) -> None:
    """Take away what keeps the journal from being changed."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("DROP FUNCTION journal_refuses() CASCADE"))
        return
    triggers = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
    for name in triggers:
        connection.execute(text(f"DROP TRIGGER {name}"))
