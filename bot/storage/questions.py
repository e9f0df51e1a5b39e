"""The open question of each person: one row, so that /batal can drop it and any process can take the answer."""

from dataclasses import dataclass

from sqlalchemy import Connection, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.engine.questions import Question
from bot.storage import codec
from bot.storage.tables import QuestionRow, table

question = table(QuestionRow)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person is being asked, and the run and visit it is about, where it is about one."""

    ask: int
    run: int | None
    visit: int
    what: Question


class Questions:
    """Asks and drops questions."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ask(self, person: int, what: Question, run: int | None = None, visit: int = 0) -> Asked:
        """Ask `what`, in place of whatever was asked before. The number of the question only goes up."""
        upsert = postgresql.insert if self._connection.dialect.name == "postgresql" else sqlite.insert
        body = codec.dump(what)
        new = upsert(question).values(person=person, ask=1, run=run, visit=visit, body=body)
        asked = new.on_conflict_do_update(
            index_elements=["person"], set_={"ask": question.c.ask + 1, "run": run, "visit": visit, "body": body}
        ).returning(question.c.ask)
        return Asked(int(self._connection.execute(asked).scalar_one()), run, visit, what)

    def drop(self, person: int) -> None:
        """Ask nothing any more."""
        self._connection.execute(update(question).where(question.c.person == person).values(body=None, run=None))
