"""What each tap is: the rights that it needs are looked up by this, and a tap that is nothing of it is no tap."""

from typing import assert_never

from bot.engine.rights import Action
from bot.views import approval_taps as a
from bot.views import draft_taps as e
from bot.views import office_change_taps as o
from bot.views import report_taps as r
from bot.views import review_taps as v
from bot.views import taps as t
from bot.views.figures import Move


def action_of(tap: t.Tap | None) -> Action:
    """What somebody does who taps that. A button from long ago is only told so."""
    match tap:
        case None:
            return Action.USE
        case t.AskIn():
            return Action.ENTER
        case t.ShowSop() | t.Favour() | t.Browse() | t.Speak() | t.Search() | r.Leave() | t.Help():
            return Action.USE
        case t.OnRun() | t.StartRun() | t.Understood() | t.GoOn() | t.ShowRun() | t.Runs() | t.Tasks() | t.ForRun():
            return Action.RUN
        case t.WhereIs() | t.WhereAll():
            return Action.RUN
        case r.Report() | r.Steps() | r.StepIs() | r.FaultIs() | r.Same() | r.Another() | r.Add() | r.Reword():
            return Action.REPORT
        case r.Mine() | r.ShowReport() | r.SendReportFiles():
            return Action.REPORT  # one's own; whose else, is decided where it is looked up
        case r.Reports() | r.ReportsOf():
            return Action.SEE_REPORTS
        case v.Reviews() | v.ShowReview() | v.SendDates():
            return Action.SEE_REVIEWS
        case v.Remark() | v.LeaveReview() | v.RunsBehind():
            return Action.JOIN_REVIEW
        case v.ReviewPaper():
            return Action.SEE_FIGURES
        case v.Decide() | v.AnswerOne() | v.Grounded():
            return Action.REVIEW
        case v.Hush():
            return Action.USE
        case r.AnswerIs() | r.NoWords() | r.Merge():
            return Action.ANSWER_REPORTS
        case t.Departures():
            return Action.JUDGE_DEVIATIONS
        case t.ShowDeviation() | t.FollowUps() | t.Follow():
            return Action.FOLLOW_UP  # whose, and whether they may judge it, is decided where it is looked up
        case t.DrawCode():
            return Action.POST_CODE
        case o.TickTouched() | o.TurnTouched() | o.Announce():
            return Action.ANNOUNCE_CHANGE
        case a.Submit() | e.OpenDraft() | e.OnDraft():
            return Action.WRITE
        case a.ShowVersion() | a.Endorse() | a.EndorseTrial() | a.TurnDown() | a.WalkVersion():
            return Action.APPROVE_VERSION
        case t.Rehearse():
            return Action.REHEARSE  # what of, is decided where it is looked up
        case t.StartTrial():
            return Action.START_TRIAL
        case t.LetIn() | t.KeepOut():
            return Action.ADMIT
        case t.Desk():
            return Action.SEE_PEOPLE
        case t.Figures(move=Move.FACTS):
            return Action.EXPORT
        case t.Figures():
            return Action.SEE_FIGURES
        case _:
            assert_never(tap)
