"""The open question of each person: one row, so that /batal can drop it and any process can take the answer."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Executable, bindparam, update

from bot.engine.questions import Question
from bot.storage import codec
from bot.storage.tables import PerDialect, QuestionRow, table

question = table(QuestionRow)


def _ask(insert: Any) -> Executable:
    new = insert(question)
    fresh = {name: new.excluded[name] for name in ("run", "visit", "body")}
    asked = new.on_conflict_do_update(index_elements=["person"], set_={"ask": question.c.ask + 1} | fresh)
    statement: Executable = asked.returning(question.c.ask)
    return statement


_ASK = PerDialect(_ask)
_GO_ON = update(question).where(question.c.person == bindparam("whose")).values(body=bindparam("now"))
_DROP = update(question).where(question.c.person == bindparam("whose")).values(body=None, run=None)


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
        row = {"person": person, "ask": 1, "run": run, "visit": visit, "body": codec.dump(what)}
        return Asked(int(self._connection.execute(_ASK.on(self._connection), row).scalar_one()), run, visit, what)

    def go_on(self, person: int, asked: Asked, what: Question) -> Asked:
        """The question that is open goes on as `what`; it keeps its number, so that its buttons hold."""
        self._connection.execute(_GO_ON, {"whose": person, "now": codec.dump(what)})
        return replace(asked, what=what)

    def drop(self, person: int) -> None:
        """Ask nothing any more."""
        self._connection.execute(_DROP, {"whose": person})
