"""What must be true of a database and of its phones after whatever happened: `Ledger.of(…)`, then its checks."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, get_args

from sqlalchemy import BigInteger, Column, Connection, Engine, MetaData, Table, Text, create_engine, func, select

from bot.engine.errands import ErrandKind
from bot.engine.run import (
    Attached,
    Completed,
    Ending,
    Entered,
    Event,
    Explained,
    Recorded,
    Run,
    Started,
    begin,
    evolve,
)
from bot.engine.sop import Sop
from bot.sandbox.markup import cleaned, parse_html
from bot.sandbox.world import World
from bot.services import hands
from bot.services.house import House
from bot.storage import codec, migrate
from bot.storage.audit import agree, verify
from bot.storage.database import Transaction
from bot.storage.tables import (
    CardRow,
    InboxRow,
    JournalRow,
    JournalTextRow,
    LetterRow,
    PersonRow,
    ReportRow,
    RunRow,
    table,
)
from bot.storage.versions import Versions
from bot.views.screen import Menu, Screen
from tests.chaos.errands import Errands
from tests.chaos.staff import Button, Witness, buttons, plain, run_of

card, inbox, journal, letter, run = (table(row) for row in (CardRow, InboxRow, JournalRow, LetterRow, RunRow))
journal_text, person, report = table(JournalTextRow), table(PersonRow), table(ReportRow)

ENDINGS = get_args(Ending)

minutes = Table("minutes", MetaData(), Column("chat", BigInteger), Column("message", BigInteger))
"""Which messages were acted upon. The transaction that acts on one notes in `person` how far that chat is read."""

carried = Table("carried", MetaData(), Column("letter", BigInteger), Column("screen", Text))
"""What the letters said that are carried by now, and so no longer kept."""

MINUTES = {
    "sqlite": (
        """CREATE TRIGGER keep_minutes AFTER UPDATE OF seen_id ON person WHEN new.seen_id != old.seen_id
        BEGIN INSERT INTO minutes VALUES (new.telegram_id, new.seen_id); END""",
        """CREATE TRIGGER keep_letters AFTER UPDATE OF screen ON letter WHEN new.screen != old.screen
        BEGIN INSERT INTO carried VALUES (old.id, old.screen); END""",
    ),
    "postgresql": (
        """CREATE FUNCTION keep_minutes() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN INSERT INTO minutes VALUES (new.telegram_id, new.seen_id); RETURN new; END'""",
        """CREATE TRIGGER keep_minutes AFTER UPDATE OF seen_id ON person FOR EACH ROW
        WHEN (new.seen_id != old.seen_id) EXECUTE FUNCTION keep_minutes()""",
        """CREATE FUNCTION keep_letters() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN INSERT INTO carried VALUES (old.id, old.screen); RETURN new; END'""",
        """CREATE TRIGGER keep_letters AFTER UPDATE OF screen ON letter FOR EACH ROW
        WHEN (new.screen != old.screen) EXECUTE FUNCTION keep_letters()""",
    ),
}


def keep_minutes(url: str) -> None:
    """Make a database that is still empty, and let it keep minutes."""
    migrate.upgrade(url, datetime.now(UTC))
    engine = create_engine(url)
    with engine.begin() as connection:
        minutes.create(connection)
        carried.create(connection)
        for statement in MINUTES[engine.dialect.name]:
            connection.exec_driver_sql(statement)
    engine.dispose()


@dataclass(frozen=True)
class Ledger:
    """The record as it is kept: the events of each run with their turns and times, and each run as its row tells it."""

    connection: Connection
    histories: Mapping[int, list[tuple[int, Event, datetime]]]
    runs: Mapping[int, Run]

    @classmethod
    def of(cls, connection: Connection) -> "Ledger":
        """Read all of it."""
        words = {(row.seq, row.name): row.text for row in connection.execute(select(journal_text))}
        histories: dict[int, list[tuple[int, Event, datetime]]] = {}
        for row in connection.execute(select(journal).where(journal.c.turn.is_not(None)).order_by(journal.c.seq)):
            histories.setdefault(row.run, []).append((row.turn, _event(row, words), row.at))
        runs = {row.id: codec.load(row.state) for row in connection.execute(select(run.c.id, run.c.state))}
        return cls(connection, histories, runs)

    @property
    def answers(self) -> Counter[tuple[int, int, str]]:
        """Every value and every word in the journal, with its run and visit, and how often it is there."""
        return Counter((number, visit, _said(event)) for number, visit, event in self._visited())

    @property
    def endings(self) -> int:
        """How many visits of a step were ended."""
        return sum(isinstance(event, ENDINGS) for event in self._events())

    def count(self, *kinds: type[Event]) -> int:
        """How often such things happened."""
        return sum(isinstance(event, kinds) for event in self._events())

    def _events(self) -> Iterator[Event]:
        return (event for history in self.histories.values() for _, event, _ in history)

    def _visited(self) -> Iterator[tuple[int, int, Event]]:
        for number, history in self.histories.items():
            visit = 0
            for _, event, _ in history:
                visit = event.visit if isinstance(event, Entered) else visit
                yield number, visit, event

    def check_the_chain(self) -> None:
        """The journal is whole, no run has a gap, and no deviation is lost or kept twice."""
        count, broken, *_ = verify(self.connection)
        assert broken is None, broken
        assert agree(self.connection) is None
        assert count == self.connection.execute(select(func.count()).select_from(journal)).scalar()
        assert self.histories.keys() == self.runs.keys()
        for history in self.histories.values():
            assert [turn for turn, _, _ in history] == list(range(1, len(history) + 1))

    def check_the_reports(self) -> int:
        """Each report is in the journal once and has its row; one stands for all that say the same, and counts its
        answers. How many there are."""
        told: dict[str, list[int]] = {"reported": [], "report_merged": [], "report_answered": []}
        for row in self.connection.execute(select(journal).where(journal.c.kind.in_(told)).order_by(journal.c.seq)):
            told[row.kind].append(json.loads(row.body)["data"]["number"])
        rows = {row.id: row for row in self.connection.execute(select(report))}
        assert sorted(told["reported"]) == sorted(rows)
        assert sorted(told["report_merged"]) == sorted(row.id for row in rows.values() if row.merged_into)
        assert all(rows[row.merged_into].merged_into is None for row in rows.values() if row.merged_into)
        assert Counter(told["report_answered"]) == {row.id: row.answers for row in rows.values() if row.answers}
        return len(rows)

    def check_the_runs(self) -> None:
        """Each run is what its journal says; its visits are counted without gap, and each is ended at most once."""
        ended = Counter((number, visit) for number, visit, event in self._visited() if isinstance(event, ENDINGS))
        assert max(ended.values(), default=1) == 1
        for number, history in self.histories.items():
            assert _replayed(number, history) == self.runs[number]
            visits = [event.visit for _, event, _ in history if isinstance(event, Entered)]
            assert visits == list(range(1, len(visits) + 1))
            files = Counter(event.file.unique for _, event, _ in history if isinstance(event, Attached))
            assert max(files.values(), default=1) == 1

    def check_what_was_seen(self, witness: Witness, typed: Iterable[str]) -> int:
        """What a phone ever confirmed is in the journal, at most once a visit: a later one may keep what was typed.

        How many answers were confirmed."""
        mine = set(typed)
        kept = {entry: times for entry, times in self.answers.items() if entry[-1] in mine}
        assert [entry for entry, times in kept.items() if times != 1] == []
        confirmed = witness.answers & mine
        assert confirmed - {answer for *_, answer in kept} == set()
        entered = {
            (number, self._sop(number).step(event.step).number)
            for number, history in self.histories.items()
            for _, event, _ in history
            if isinstance(event, Entered)
        }
        assert witness.steps - entered == set()
        done = {number for number, history in self.histories.items() for _, event, _ in history if event == Completed()}
        assert witness.ended - done == set()
        return len(confirmed)

    def _sop(self, number: int) -> Sop:
        return Versions(self.connection, {}).sop(self.runs[number].digest)

    def check_the_errands(self, errands: Errands) -> dict[str, int]:
        """Whatever somebody on an errand was told as done is in the journal, once; of the rest, what they set about may
        be, once. How often it was told, by its kind."""
        happened, words = Counter[tuple[int, str]](), Counter[tuple[str, str]]()
        said: dict[int, str] = {}
        for seq, text in self.connection.execute(select(journal_text.c.seq, journal_text.c.text)):
            said[seq] = said.get(seq, "") + text
        entries = select(journal.c.seq, journal.c.kind, journal.c.body, person.c.telegram_id)
        joined = entries.join(person, person.c.id == journal.c.person).where(journal.c.turn.is_(None))
        for row in self.connection.execute(joined):
            happened[row.telegram_id, row.kind] += 1
            words.update((word, row.kind) for word in errands.typed if word in row.body + said.get(row.seq, ""))
        assert {act: times for act, times in errands.told.items() if happened[act] < times} == {}
        assert {act: happened[act] for act, times in errands.tried.items() if happened[act] > times} == {}
        assert [found for found, times in words.items() if times > 1] == []
        assert {word for word, done in errands.typed.items() if done} - {word for word, _ in words} == set()
        told = Counter[str]()
        for (_, kind), times in errands.told.items():
            told[kind] += times
        return dict(told)

    def check_who_is_called(self, house: House) -> None:
        """Every run that is not over calls somebody, and is a task of theirs and of nobody else."""
        tx = Transaction(self.connection, Versions(self.connection, {}), datetime.now(UTC))
        for number, one in self.runs.items():
            if one.rehearsal:
                continue  # which is nobody's task
            called = hands.calls(tx, house, one, tx.versions.sop(one.digest))
            assert set(tx.errands.whose(ErrandKind.RUN, number)) == set(called), number
            assert bool(called) != one.over, number

    def check_the_inbox(self, world: World, first: int) -> int:
        """Every update that Telegram had for the bot from the first of them on was kept and handled. How many."""
        assert world.updates.pending(world.now) == []
        handled = {row.update_id for row in self.connection.execute(select(inbox).where(inbox.c.state == "done"))}
        assert set(range(first, world.updates.next_id)) - handled == set()
        return len(handled)

    def check_the_minutes(self, world: World) -> None:
        """Every message was acted upon, once."""
        acted = Counter((row.chat, row.message) for row in self.connection.execute(select(minutes)))
        everything = ((chat, message) for chat in world.chats for message in world.history(chat))
        assert acted == Counter((chat, one["message_id"]) for chat, one in everything if not one["from"]["is_bot"])

    def check_the_phones(self, world: World) -> None:
        """Every phone shows what the database wants it to, and no second card of a run has buttons."""
        for row in self.connection.execute(select(card)).all():
            assert row.want == row.rendered, row.subject
            shown, wanted = world.message(row.chat, row.message_id), codec.load(row.screen)
            assert _look(wanted) == (shown["text"], [(one.label, one.data) for one in buttons(shown)])
            if row.subject.startswith("run:"):
                number = row.subject.removeprefix("run:")
                assert {one.message_id for one in copies(world, row.chat, number)} <= {row.message_id}
                if any(buttons(shown)):
                    assert row.message_id == max(_messages_about(world, row.chat, number))

    def check_the_letters(self, world: World) -> int:
        """Every letter has arrived, and everybody has the menu that was wanted last. How many letters arrived once too
        often."""
        wanted: Counter[tuple[int, str]] = Counter()
        # who never wrote to the bot has no menu yet
        unwritten = letter.c.key.startswith("menu:") & (letter.c.state == "held")
        said = {row.letter: row.screen for row in self.connection.execute(select(carried))}
        for row in self.connection.execute(select(letter).where(~unwritten)).all():
            arrived_or_gone = row.state == "sent" or row.error == "unreachable"
            assert arrived_or_gone or not row.must, (row.key, row.state, row.error)
            match codec.load(said[row.id]) if row.state == "sent" else None:
                case Menu(commands=commands):
                    found = [(one["command"], one["description"]) for one in world.commands(row.chat)]
                    assert found == list(commands)
                case Screen() as screen:
                    wanted[row.chat, _look(screen)[0]] += 1
                case _:
                    pass
        messages = ((chat, message) for chat in world.chats for message in world.history(chat))
        arrived = Counter((chat, message.get("text", message.get("caption", ""))) for chat, message in messages)
        missing = [look for look, times in wanted.items() if arrived[look] < times]
        assert missing == []
        return sum(arrived[look] - times for look, times in wanted.items())


def run_cards(connection: Connection) -> list[tuple[int, str, int | None]]:
    """The chats that have a card of a run, with the number of the run and the message that is known to be the card."""
    rows = connection.execute(select(card).where(card.c.subject.startswith("run:")))
    return [(row.chat, row.subject.removeprefix("run:"), row.message_id) for row in rows]


def settled(engine: Engine, world: World) -> bool:
    """True where nothing waits in Telegram, in the inbox, or to be painted."""
    with engine.connect() as connection:
        new = connection.execute(select(func.count()).where(inbox.c.state == "new")).scalar()
        unpainted = connection.execute(select(func.count()).where(card.c.want > card.c.rendered)).scalar()
    return not (new or unpainted or world.updates.pending(world.now))


def letters_waiting(engine: Engine) -> bool:
    """True where a letter is still to be carried."""
    with engine.connect() as connection:
        return bool(connection.execute(select(func.count()).where(letter.c.state == "new")).scalar())


def _event(row: Any, words: Mapping[tuple[int, str], str]) -> Event:
    data = json.loads(row.body)["data"]
    for name, value in data.items():
        if (row.seq, name) in words:
            assert value.keys() == {"digest"}
            data[name] = json.loads(words[row.seq, name])
    event: Event = codec.load(json.dumps(data))
    return event


def _replayed(number: int, history: list[tuple[int, Event, datetime]]) -> Run:
    _, first, began = history[0]
    assert isinstance(first, Started)
    replayed = begin(number, first, began)
    for _, event, at in history[1:]:
        replayed = evolve(replayed, event, at)
    return replayed


def _said(event: Event) -> str:
    match event:
        case Recorded(value=Decimal() as number):
            return str(number)
        case Recorded(value=str(words)) | Explained(text=words):
            return plain(words)
        case _:
            return ""


def _look(screen: Screen) -> tuple[str, list[tuple[str, str]]]:
    """A screen as a phone shows it: its characters, its buttons."""
    rows = [(button.label, button.data) for row in screen.rows for button in row]
    return cleaned(parse_html(screen.text)).plain, rows


def copies(world: World, chat: int, number: str) -> list[Button]:
    """One button of every message of a chat that a run can be moved with, the oldest message first."""
    kinds = re.compile(rf"r\d+\.{number}\.(?!.*jot)")
    found = {
        one.message_id: one for message in world.history(chat) for one in buttons(message) if kinds.match(one.data)
    }
    return list(found.values())


def _messages_about(world: World, chat: int, number: str) -> Iterator[int]:
    """The cards of a run, those without buttons too."""
    ours = (one for one in world.history(chat) if not one.get("text", "").startswith("💬"))
    return (one["message_id"] for one in ours if run_of(one.get("text", "")) == int(number))
