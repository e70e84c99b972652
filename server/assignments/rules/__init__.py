"""Sums and decisions about what was agreed: when it falls due, what fills it, how definite a plan is. Pure."""

from server.assignments.rules.filling import ANSWER_OF, OpenTime, fill, happened_by, in_order, on_day
from server.assignments.rules.plans import BARRIERS, EXEMPTING, fewer_words, plan_specificity
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

__all__ = [
    "ANSWER_OF",
    "BARRIERS",
    "EXEMPTING",
    "Answer",
    "Filled",
    "Head",
    "OpenTime",
    "Rhythm",
    "Slot",
    "Span",
    "Window",
    "end_of_day",
    "fewer_words",
    "fill",
    "happened_by",
    "in_order",
    "next_times",
    "on_day",
    "plan_specificity",
    "settle",
    "slots",
]
