"""Who may do what, and who is told of what. Rights are read at each tap, here and nowhere else."""

from collections.abc import Iterable
from enum import StrEnum

from bot.engine.run import Run
from bot.engine.sop import Status


class Role(StrEnum):
    """What one may do in the bot; several at once are usual."""

    PERFORMER = "performer"
    AUTHOR = "author"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    ADMIN = "admin"


WATCHERS = (Role.ADMIN, Role.SUPERVISOR)
"""Told where a step cannot be done."""

REVIEWERS = (Role.ADMIN, Role.AUTHOR, Role.SUPERVISOR)
"""Told where a procedure is said to be wrong, when a review opens and when it is due."""


def may_act(person: int, run: Run) -> bool:
    """Whether a person may move a run: whoever started it plays every position, until work is handed over."""
    return person == run.starter


def may_start_trial(roles: Iterable[Role], status: Status) -> bool:
    """Whether a person may put a version on trial: an admin or an author may, a draft."""
    return status is Status.DRAFT and bool({Role.ADMIN, Role.AUTHOR} & set(roles))


def may_post(roles: Iterable[Role]) -> bool:
    """Whether a person may have the code of an SOP drawn that is put up on the wall."""
    return bool({Role.ADMIN, Role.AUTHOR, Role.SUPERVISOR} & set(roles))
