"""What may be shown of small numbers, and how rows become totals. Pure."""

from server.totals.rules.counting import NEVER, Silent, Spread, due, equity_counts, line, tried
from server.totals.rules.small_numbers import FEWEST_EVER, HIDE_UP_TO, copied_cells, hidden_rows, rounded, shown_rows

__all__ = [
    "FEWEST_EVER",
    "HIDE_UP_TO",
    "NEVER",
    "Silent",
    "Spread",
    "copied_cells",
    "due",
    "equity_counts",
    "hidden_rows",
    "line",
    "rounded",
    "shown_rows",
    "tried",
]
