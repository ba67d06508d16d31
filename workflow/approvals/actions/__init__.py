"""Write circuits under way: decisions, projections, what time brings."""

from workflow.approvals.actions.ahead import Ahead, in_its_turn, judged_ahead, write_judged
from workflow.approvals.actions.deciding import act, act_as, append, change_version, never_shown, pass_seats, start
from workflow.approvals.actions.entering import (
    ALL,
    Entry,
    carry_out,
    close_sitting,
    could_not,
    enter,
    keep_scan,
    take_back,
)
from workflow.approvals.actions.looking import look_again, refresh, refresh_these, tell
from workflow.approvals.actions.projecting import project, rebuild
from workflow.approvals.actions.sittings import (
    Seated,
    SittingDraft,
    change_sitting,
    drop_sitting,
    open_sitting,
    put_agenda,
    put_attendance,
)
from workflow.approvals.actions.timing import pass_time, unknown_courses

__all__ = [
    "ALL",
    "Ahead",
    "Entry",
    "Seated",
    "SittingDraft",
    "act",
    "act_as",
    "append",
    "carry_out",
    "change_sitting",
    "change_version",
    "close_sitting",
    "could_not",
    "drop_sitting",
    "enter",
    "in_its_turn",
    "judged_ahead",
    "keep_scan",
    "look_again",
    "never_shown",
    "open_sitting",
    "pass_seats",
    "pass_time",
    "project",
    "put_agenda",
    "put_attendance",
    "rebuild",
    "refresh",
    "refresh_these",
    "start",
    "take_back",
    "tell",
    "unknown_courses",
    "write_judged",
]
