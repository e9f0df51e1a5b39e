"""Whatever the journal tells: each event that is written into it is one of these."""

from typing import TypeAlias

from bot.engine import approval, drafting, feedback, followup, office_changes, records, reports, review, run, staffing

Told: TypeAlias = (
    run.Event
    | approval.ChangeUnderstood
    | approval.VersionApproved
    | approval.VersionSigned
    | approval.VersionSubmitted
    | approval.VersionTurnedDown
    | drafting.DraftEdited
    | drafting.DraftOpened
    | drafting.DraftReplaced
    | drafting.DraftUndone
    | drafting.DraftDiscarded
    | drafting.FilePassed
    | drafting.ProposalRefused
    | drafting.ProposalTaken
    | drafting.VersionWritten
    | feedback.Rated
    | feedback.RatedInWords
    | followup.FollowUpClosed
    | followup.FollowUpDone
    | followup.FollowUpGiven
    | followup.FollowUpMoved
    | followup.FollowUpOpened
    | followup.FollowUpPlanned
    | followup.FollowUpReopened
    | followup.FollowUpSettled
    | followup.FollowUpWeighed
    | followup.SeverityChanged
    | office_changes.ChangeAnnounced
    | records.AttemptDenied
    | records.FactsExported
    | records.Restored
    | records.SettingsTaken
    | records.TakenOut
    | reports.ReportAnswered
    | reports.Reported
    | reports.ReportExplained
    | reports.ReportMerged
    | reports.ReportPublished
    | reports.ReportReminded
    | reports.ReportReworded
    | review.Decided
    | review.Hushed
    | review.Remarked
    | review.Reminded
    | review.ReviewPlanned
    | review.StatusChanged
    | review.TrialStarted
    | review.VersionLoaded
    | staffing.AccessAsked
    | staffing.AccessRefused
    | staffing.AccessRestored
    | staffing.AccessStopped
    | staffing.Admitted
    | staffing.CameBack
    | staffing.InvitationRevoked
    | staffing.Invited
    | staffing.NameChanged
    | staffing.NipChanged
    | staffing.PersonErased
    | staffing.PinChosen
    | staffing.PinCleared
    | staffing.PinLocked
    | staffing.PositionEnded
    | staffing.PositionGiven
    | staffing.RolesChanged
    | staffing.UnitChanged
    | staffing.WentAway
)
