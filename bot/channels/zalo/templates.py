"""ZBS templates: which one tells what, and how a message's facts fill it (`bot/content/zbs_templates.yml`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot import clock
from bot.channels.zalo.parts import shorten
from bot.content_files import ContentError, read_yaml
from bot.content_files import Mapping as Row
from bot.settings import CONTENT

FILE = CONTENT / "zbs_templates.yml"
LONGEST_VALUE = 200  # the most that any type of parameter takes (facts §1.10)
_KEYS = {"from", "as", "max", "text"}
_FORMS = (None, "date", "time")


class MissingFact(LookupError):
    """A message lacks a fact that its template needs; the text is the parameter's name."""


@dataclass(frozen=True)
class Param:
    """How one parameter of a template is filled: from a field of the message, or with a fixed text."""

    field: str | None
    text: str | None
    form: str | None
    longest: int

    def value(self, facts: Mapping[str, Any]) -> str | None:
        """Return the parameter's value; None where the message has no such fact."""
        if self.text is not None:
            return self.text
        found = facts.get(str(self.field))
        if found in (None, "", []):
            return None
        return shorten(_written(found, self.form), self.longest)


@dataclass(frozen=True)
class Template:
    """An approved template and its parameters."""

    template_id: str
    params: Mapping[str, Param]

    def data(self, facts: Mapping[str, Any]) -> dict[str, str]:
        """Return what fills the template; raises MissingFact for a parameter that nothing fills."""
        filled = {}
        for name, param in self.params.items():
            value = param.value(facts)
            if value is None:
                raise MissingFact(name)
            filled[name] = value
        return filled


@lru_cache(maxsize=4)
def templates(path: Path = FILE) -> Mapping[str, Template]:
    """Return the templates by kind of message; raises ContentError for one that does not fit."""
    rows = read_yaml(path)
    if not isinstance(rows, Row):
        raise ContentError(path, 1, "tệp phải là danh sách “loại tin: {template_id, params}”, hoặc {}")
    return {str(kind): _template(path, str(kind), row, rows.lines[kind]) for kind, row in rows.items()}


def fitted(data: Mapping[str, str], listed: Any) -> dict[str, str]:
    """Return `data` as the template's own `listParams` want it: known names only, no value too long.

    Raises MissingFact for one that is required and not there, or too short.
    """
    wanted = {str(row.get("name")): row for row in listed if isinstance(row, dict)} if isinstance(listed, list) else {}
    if not wanted:
        return dict(data)
    for name, row in wanted.items():
        value = data.get(name, "")
        if (row.get("require") and not value) or (value and len(value) < _number(row.get("minLength"), 0)):
            raise MissingFact(name)
    longest = {name: _number(row.get("maxLength"), LONGEST_VALUE) for name, row in wanted.items()}
    return {name: shorten(value, longest[name]) for name, value in data.items() if name in wanted}


def _template(path: Path, kind: str, row: Any, line: int) -> Template:
    if not isinstance(row, Row) or set(row) != {"template_id", "params"} or not isinstance(row["params"], Row):
        raise ContentError(path, line, f"{kind}: cần đúng hai mục template_id và params")
    if not str(row["template_id"]).isalnum():
        raise ContentError(path, row.line, f"{kind}: template_id là dãy số mà Zalo cấp")
    return Template(
        str(row["template_id"]),
        {
            str(name): _param(path, f"{kind}.{name}", raw, row["params"].lines[name])
            for name, raw in row["params"].items()
        },
    )


def _param(path: Path, where: str, raw: Any, line: int) -> Param:
    if not isinstance(raw, Row) or set(raw) - _KEYS or ("from" in raw) == ("text" in raw):
        raise ContentError(path, line, f"{where}: cần from (tên trường) hoặc text (chữ cố định), thêm được as, max")
    if raw.get("as") not in _FORMS:
        raise ContentError(path, line, f"{where}: as chỉ nhận date hoặc time")
    longest = raw.get("max", LONGEST_VALUE)
    if not isinstance(longest, int) or not 1 <= longest <= LONGEST_VALUE:
        raise ContentError(path, line, f"{where}: max từ 1 đến {LONGEST_VALUE}")
    field, text = raw.get("from"), raw.get("text")
    return Param(field and str(field), None if text is None else str(text)[:longest], raw.get("as"), longest)


def _written(value: Any, form: str | None) -> str:
    if form is None:
        return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
    moment = clock.to_vietnam(clock.parse(str(value)))
    return f"{moment:%d/%m/%Y}" if form == "date" else f"{moment:%H:%M %d/%m/%Y}"


def _number(value: Any, otherwise: int) -> int:
    """Return a whole number of at most four digits: a longer one is no length of a text, and perhaps no `int`."""
    written = str(value) if isinstance(value, (int, str)) else ""
    return int(written) if written.isdecimal() and len(written) <= 4 else otherwise
