"""Sums and decisions about what was agreed: when it falls due, what fills it, how definite a plan is. Pure."""

from server.assignments.rules.differences import Change, Difference, changes, differences
from server.assignments.rules.filling import ANSWER_OF, OpenTime, fill, happened_by, in_order, on_day
from server.assignments.rules.load import goes_on, last_day, times_a_week, weekly_load
from server.assignments.rules.merging import Merged, Wish, left_out, merge, readable
from server.assignments.rules.plans import BARRIERS, EXEMPTING, fewer_words, needs_when, plan_specificity, unsaid
from server.assignments.rules.settling import Answer, Filled, Head, settle
from server.assignments.rules.slots import (
    Rhythm,
    Slot,
    Span,
    Window,
    end_of_day,
    next_times,
    slots,
)
from server.assignments.rules.smaller import SURE_ENOUGH, Amount, smaller

__all__ = [
    "ANSWER_OF",
    "BARRIERS",
    "EXEMPTING",
    "SURE_ENOUGH",
    "Amount",
    "Answer",
    "Change",
    "Difference",
    "Filled",
    "Head",
    "Merged",
    "OpenTime",
    "Rhythm",
    "Slot",
    "Span",
    "Window",
    "Wish",
    "changes",
    "differences",
    "end_of_day",
    "fewer_words",
    "fill",
    "goes_on",
    "happened_by",
    "in_order",
    "last_day",
    "left_out",
    "merge",
    "needs_when",
    "next_times",
    "on_day",
    "plan_specificity",
    "readable",
    "settle",
    "slots",
    "smaller",
    "times_a_week",
    "unsaid",
    "weekly_load",
]
