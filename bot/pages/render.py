"""The templates of the pages, and how a page is answered: the same look for all of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.responses import HTMLResponse

HERE = Path(__file__).resolve().parent
CACHED = {"Cache-Control": "public, max-age=3600"}
_pages = Environment(
    loader=FileSystemLoader(HERE / "templates"), autoescape=select_autoescape(), trim_blocks=True, lstrip_blocks=True
)


def page(template: str, status: int = 200, headers: dict[str, str] | None = None, **values: Any) -> HTMLResponse:
    """Return a template filled with values."""
    return HTMLResponse(_pages.get_template(template).render(**values), status, headers)
