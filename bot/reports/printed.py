"""The report of a month to print and to send: the pictures, each with its table, as one PDF."""

from __future__ import annotations

from bot import clock, printing
from bot.reports import pictures
from bot.reports.monthly import ONLY_WHOLE, Figures
from bot.reports.tables import as_data

TEMPLATE = "monthly_report.typ"


def as_pdf(figures: Figures) -> bytes:
    """Return the report of a month as PDF."""
    parts = []
    for table in figures.tables:
        drawn = pictures.picture(table)
        parts.append(
            {
                **as_data(table),
                "picture": drawn.decode("utf-8") if drawn else None,
                "alt": pictures.alt(table) if drawn else "",
            }
        )
    return printing.document(
        TEMPLATE,
        {
            "title": figures.title,
            "made": f"Lập lúc {clock.say_time(clock.now())} từ dữ liệu của Một Cửa.",
            "whole": ONLY_WHOLE if figures.centre else "",
            "parts": parts,
        },
    )
