"""Sums and decisions about what was agreed: when it falls due, what fills it, how definite a plan is. Pure."""

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
    "BARRIERS",
    "EXEMPTING",
    "Answer",
    "Filled",
    "Head",
    "Rhythm",
    "Slot",
    "Span",
    "Window",
    "end_of_day",
    "fewer_words",
    "next_times",
    "plan_specificity",
    "settle",
    "slots",
]
