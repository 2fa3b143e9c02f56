"""Pages to keep and to print: a Typst template of `content/print` filled with data, as PDF or PNG.

Fonts come with Typst, so that a page looks the same on every machine.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any, Literal

import segno
import typst

from bot.settings import CONTENT

TEMPLATES = CONTENT / "print"
DOTS_PER_INCH = 110  # an A4 page of 909 × 1286 dots: read on a phone, light to send
SIZES = (17.0, 15.5, 14.0, 12.5, 11.0, 10.0, 9.0)  # points, the largest that fits on one page is taken
Format = Literal["pdf", "png"]


class TooLong(ValueError):
    """Data that do not fit on one page even in the smallest type."""


def page(template: str, data: Mapping[str, Any], form: Format) -> bytes:
    """Return one A4 page in the largest type that fits.

    Raises TooLong when even the smallest does not fit.
    """
    for size in SIZES:
        inputs = {"data": json.dumps(data, ensure_ascii=False), "size": str(size)}
        sheets = _compiled(template, inputs, "png")
        if len(sheets) == 1:
            return sheets[0] if form == "png" else _compiled(template, inputs, "pdf")[0]
    raise TooLong(f"{template}: the data need more than one page")


def qr_svg(address: str) -> str:
    """Return a QR code of an address as SVG; its finder survives a bad printer (error correction M)."""
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", border=1)
    return drawn.getvalue().decode("utf-8")


def _compiled(template: str, inputs: dict[str, str], form: Format) -> list[bytes]:
    found = typst.compile(
        str(TEMPLATES / template),
        format=form,
        ppi=DOTS_PER_INCH,
        sys_inputs=inputs,
        ignore_system_fonts=True,
    )
    return list(found) if isinstance(found, list) else [found]
