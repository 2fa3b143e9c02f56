"""Pages to keep and to print, and drawings: a Typst template of `content/print` filled with data, as PDF, PNG or SVG.

Fonts come with Typst, so that a page looks the same on every machine; the sans-serif DejaVu comes with matplotlib,
which Rasa needs anyway, and without it the letters only have serifs.
"""

from __future__ import annotations

import importlib.util
import io
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import segno
import typst

from bot.settings import CONTENT

TEMPLATES = CONTENT / "print"
DOTS_PER_INCH = 150  # an A4 page of 1240 × 1754 dots: tone marks stay apart on a phone, and it is light to send
# Points; the largest that fits on one page is taken, the last ones only for what holds a great deal.
SIZES = (17.0, 15.5, 14.0, 12.5, 11.5, 11.0, 10.5, 10.0, 9.5, 9.0, 8.5, 8.0)
TRIAL_DOTS_PER_INCH = 8  # how many pages it would be: drawn to be counted only
DRAWING_DOTS_PER_INCH = 144  # two dots a point: sharp on a phone whose page is 300 points wide
Format = Literal["pdf", "png"]
Drawn = Literal["png", "svg"]


class TooLong(ValueError):
    """Data that do not fit on one page even in the smallest type."""


def page(template: str, data: Mapping[str, Any], form: Format) -> bytes:
    """Return one A4 page in the largest type that fits.

    Raises TooLong when even the smallest does not fit.
    """
    for size in SIZES:
        inputs = {**_inputs(data), "size": str(size)}
        if len(_compiled(template, inputs, "png", TRIAL_DOTS_PER_INCH)) == 1:
            return _compiled(template, inputs, form)[0]
    raise TooLong(f"{template}: the data need more than one page")


def document(template: str, data: Mapping[str, Any]) -> bytes:
    """Return as many pages as the data need, as one PDF."""
    return _compiled(template, _inputs(data), "pdf")[0]


def sheets(template: str, data: Mapping[str, Any]) -> list[bytes]:
    """Return the pages of `document` as pictures, to look at."""
    return _compiled(template, _inputs(data), "png")


def drawing(template: str, data: Mapping[str, Any], form: Drawn) -> bytes:
    """Return a drawing, as large as it needs to be."""
    return _compiled(template, _inputs(data), form, DRAWING_DOTS_PER_INCH)[0]


def qr_svg(address: str) -> str:
    """Return a QR code of an address as SVG; its finder survives a bad printer (error correction M)."""
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", border=1)
    return drawn.getvalue().decode("utf-8")


def _inputs(data: Mapping[str, Any]) -> dict[str, str]:
    return {"data": json.dumps(data, ensure_ascii=False)}


def _compiled(template: str, inputs: dict[str, str], form: Format | Drawn, dots: int = DOTS_PER_INCH) -> list[bytes]:
    compiler = typst.Compiler(
        str(TEMPLATES / template), font_paths=_fonts(), ignore_system_fonts=True, sys_inputs=inputs
    )
    found = compiler.compile(format=form, ppi=dots)
    return [sheet for sheet in (found if isinstance(found, list) else [found]) if sheet is not None]


@lru_cache(maxsize=1)
def _fonts() -> Any:
    """Return the fonts that pages may use, found once: looking for them costs more than a page."""
    spec = importlib.util.find_spec("matplotlib")  # not imported: only its folder is wanted
    folder = Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf" if spec and spec.origin else None
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=True,
        font_paths=[folder] if folder and folder.is_dir() else [],
    )
