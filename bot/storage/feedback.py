"""Who was asked what they think of an SOP, and what they answered: two tables that nothing joins."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Executable, and_, exists, select, update

from bot.engine.feedback import EVERY, OPEN_FOR, SENTENCE_FOR, Opinion, Opinions, opinions
from bot.storage.journal import journal_text
from bot.storage.tables import FeedbackAskRow, FeedbackRow, PerDialect, PersonRow, QuestionRow, added, table

feedback = table(FeedbackRow)
asked = table(FeedbackAskRow)
person = table(PersonRow)
question = table(QuestionRow)
MOST = 1000
"""Answers that one look takes in at most, the latest ones."""


def _ask(insert: Any) -> Executable:
    new: Executable = insert(asked).on_conflict_do_nothing()
    return new


_ASK = PerDialect(_ask)
_OPEN = asked.c.state == "open"


class Feedback:
    """Asks, and keeps answers. That somebody answered is known, and what they said only where they gave their name."""

    def __init__(self, connection: Connection, at: datetime) -> None:
        self._connection = connection
        self._at = at

    # Asking

    def unasked(self, people: Iterable[int]) -> tuple[int, ...]:
        """Those of the people who were not asked about any SOP for a while."""
        some = set(people)
        lately = select(asked.c.person).where(asked.c.person.in_(some), asked.c.at > self._at - EVERY)
        return tuple(sorted(some - set(self._connection.execute(lately).scalars())))

    def ask(self, person: int, run: int, digest: str) -> None:
        """The run's card asks a person from now on."""
        row = {"person": person, "run": run, "digest": digest, "at": self._at, "state": "open"}
        self._connection.execute(_ASK.on(self._connection), row)

    def is_open(self, person: int, run: int) -> bool:
        """Whether the run's card asks the person."""
        mine = exists().where(asked.c.person == person, asked.c.run == run, _OPEN)
        return bool(self._connection.execute(select(mine)).scalar())

    def claim_old(self) -> tuple[int, int] | None:
        """Take one question back that nobody answered, or that waits in vain for a sentence: of which person, on the
        card of which run."""
        old = select(asked.c.person, asked.c.run).where(_OPEN, asked.c.at <= self._at - OPEN_FOR)
        found = self._connection.execute(old.order_by(asked.c.at).limit(1)).first()
        if found is None:
            return self._claim_unsaid()
        return (found.person, found.run) if self._end(found.person, found.run, "closed") else self.claim_old()

    def _claim_unsaid(self) -> tuple[int, int] | None:
        # when somebody answered is kept nowhere, since the log has that moment: it was before the question closed
        waits = question.c.body.contains('"Saying"')
        joined = (asked.c.person == question.c.person) & (asked.c.run == question.c.run)
        long_ago = (asked.c.state == "answered") & (asked.c.at <= self._at - OPEN_FOR - SENTENCE_FOR)
        late = select(asked.c.person, asked.c.run).join(question, joined).where(waits, long_ago).limit(1)
        found = self._connection.execute(late).first()
        if found is None:
            return None
        mine = update(question).where(question.c.person == found.person, question.c.run == found.run, waits)
        self._connection.execute(mine.values(body=None, run=None))
        return found.person, found.run

    def answer(self, person: int, run: int) -> bool:
        """The person answers. False where they are not asked, or have answered already."""
        return self._end(person, run, "answered")

    def _end(self, person: int, run: int, state: str) -> bool:
        mine = update(asked).where(asked.c.person == person, asked.c.run == run, _OPEN)
        return self._connection.execute(mine.values(state=state)).rowcount == 1

    def answered(self, digest: str) -> tuple[int, ...]:
        """Everyone who ever answered about a version, with their name or without."""
        mine = select(asked.c.person).distinct().where(asked.c.digest == digest, asked.c.state == "answered")
        return tuple(sorted(self._connection.execute(mine).scalars()))

    # What was answered

    def add(
        self, sop: str, digest: str, day: date, score: int, *, trial: bool, person: int | None, unit: str | None
    ) -> int:
        """Keep an answer and return its number. Neither person nor unit where it is without a name."""
        values = {"sop": sop, "digest": digest, "day": day, "score": score, "trial": trial}
        return added(self._connection, feedback, **values, person=person, unit=unit)

    def add_words(self, number: int, seq: int, step: str | None) -> None:
        """Say which entry of the journal holds the sentence of an answer, and which step it names."""
        self._connection.execute(update(feedback).where(feedback.c.id == number).values(seq=seq, step=step))

    def of(
        self,
        sop: str,
        *,
        digest: str | None = None,
        since: date | None = None,
        until: date | None = None,
        units: Iterable[str] | None = None,
        trial: bool | None = None,
    ) -> Opinions:
        """What was answered about an SOP: about one version, from `since` to before `until`, in units, in runs on trial
        or in regular ones, where that is given. Sentences that were erased are missing."""
        within = (
            feedback.c.sop == sop,
            *((feedback.c.digest == digest,) if digest is not None else ()),
            *((feedback.c.day >= since,) if since is not None else ()),
            *((feedback.c.day < until,) if until is not None else ()),
            *((feedback.c.unit.in_(tuple(units)),) if units is not None else ()),
            *((feedback.c.trial.is_(trial),) if trial is not None else ()),
        )
        said = and_(journal_text.c.seq == feedback.c.seq, journal_text.c.name == "text")
        columns = select(feedback.c.score, feedback.c.step, journal_text.c.text, person.c.name)
        joined = feedback.outerjoin(journal_text, said).outerjoin(person, person.c.id == feedback.c.person)
        rows = columns.select_from(joined).where(*within).order_by(feedback.c.id.desc()).limit(MOST)
        return opinions(
            Opinion(row.score, row.step, json.loads(row.text) if row.text else "", row.name or "")
            for row in self._connection.execute(rows)
        )
