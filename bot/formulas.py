"""What goes into a spreadsheet is data, whoever wrote it: a cell that begins like a formula would be run by Excel."""

from __future__ import annotations

# Also their wide forms: Excel on an East Asian Windows takes them for the same.
_BEGINNINGS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")


def is_formula(text: str) -> bool:
    """Tell whether a spreadsheet might take a text for a formula."""
    return text.startswith(_BEGINNINGS)


def as_data(text: str) -> str:
    """Return a text as a cell of a CSV file in which nothing is run."""
    return f"'{text}" if is_formula(text) else text
