"""Reading a guide file: every fault is told with its file, line, step and field, and what to write instead."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from bot.accounts.guides.model import ITEMS, PICTURED, SCREENS, TAGS, Guide, Item, Screen, Step
from bot.content_files import ContentError, Mapping, read_yaml

MOST_ITEMS = 7  # a sketch with more is too small to read on a cheap phone
LONGEST_GUIDE = 240  # minutes
_ID = re.compile(r"[a-z][a-z0-9_]*")
_CODE = re.compile(r"\d{4,}")
_NEEDED_OF_GUIDE = ("goal", "title", "intro", "done", "minutes", "bring", "steps")
_NEEDED_OF_STEP = ("id", "title", "do", "see", "if_not", "tag", "as_of", "screen")
_GUIDE = (*_NEEDED_OF_GUIDE, "starts", "related")
_STEP = (*_NEEDED_OF_STEP, "problem", "warn", "starts")
_SCREEN = ("kind", "alt", "app", "title", "items")


class GuideError(ContentError):
    """A guide that cannot be used; its text says which file, line, step and field, and what to do."""


class _Fields:
    """A mapping of a guide file, with where it stands, so that a fault can be told."""

    def __init__(self, path: Path, raw: Any, where: str, line: int) -> None:
        """Take `raw` as a mapping; raises GuideError when it is none."""
        self.path, self.where, self.line = path, where, line
        if not isinstance(raw, Mapping):
            raise self.fault(None, "phải là các dòng “tên: nội dung”")
        self.raw = raw
        self.line = raw.line

    def fault(self, field: str | None, problem: str) -> GuideError:
        """Return the error about a field, or about the whole mapping."""
        at = self.raw.lines.get(field, self.line) if field else self.line
        place = ", ".join(part for part in (self.where, field and f"mục {field}") if part)
        return GuideError(self.path, at, f"{place}: {problem}" if place else problem)

    def only(self, known: tuple[str, ...]) -> None:
        """Check that no field is misspelt."""
        for name in self.raw:
            if name not in known:
                raise self.fault(str(name), f"không có mục này; các mục dùng được: {', '.join(known)}")

    def text(self, name: str, otherwise: str | None = None) -> str:
        """Return a text; a field without `otherwise` must be there."""
        if name not in self.raw and otherwise is not None:
            return otherwise
        value = self.raw.get(name)
        if not isinstance(value, str) or not value.strip():
            raise self.fault(name, "thiếu, hoặc không phải chữ; ghi một câu (số thì đặt trong dấu nháy)")
        return " ".join(value.split())

    def texts(self, name: str, least: int = 0) -> tuple[str, ...]:
        """Return a list of texts."""
        value = self.raw.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise self.fault(name, "phải là danh sách, mỗi dòng “- …” là chữ")
        if len(value) < least:
            raise self.fault(name, f"thiếu hoặc trống; ghi ít nhất {least} dòng “- …”")
        return tuple(" ".join(item.split()) for item in value)

    def flag(self, name: str) -> bool:
        """Return a yes or no; left out it is no."""
        value = self.raw.get(name, False)
        if not isinstance(value, bool):
            raise self.fault(name, "chỉ nhận true hoặc false")
        return value

    def one_of(self, name: str, known: tuple[str, ...]) -> str:
        """Return a text that must be one of `known`."""
        value = self.text(name)
        if value not in known:
            raise self.fault(name, f"“{value}” không dùng được; chọn một trong: {', '.join(known)}")
        return value

    def name(self, name: str) -> str:
        """Return a name that may stand in an address."""
        value = self.text(name)
        if not _ID.fullmatch(value):
            raise self.fault(name, f"“{value}”: chỉ dùng chữ thường không dấu, số và “_”")
        return value


def load(path: Path) -> Guide:
    """Read one guide; raises GuideError."""
    try:
        raw = read_yaml(path)
    except ContentError as error:
        raise GuideError(error.path, error.line, error.problem) from error
    guide = _Fields(path, raw, "", 1)
    guide.only(_GUIDE)
    if guide.name("goal") != path.stem:
        raise guide.fault("goal", f"phải giống tên tệp: {path.stem}")
    minutes = guide.raw.get("minutes")
    if isinstance(minutes, bool) or not isinstance(minutes, int) or not 1 <= minutes <= LONGEST_GUIDE:
        raise guide.fault("minutes", f"phải là số phút, từ 1 đến {LONGEST_GUIDE}")
    if "bring" not in guide.raw:
        raise guide.fault("bring", "thiếu; ghi những thứ cần có trong tay, không cần gì thì ghi []")
    texts = {name: guide.text(name) for name in ("goal", "title", "intro", "done")}
    return Guide(
        **texts,
        minutes=minutes,
        bring=guide.texts("bring"),
        starts=guide.texts("starts"),
        related=guide.texts("related"),
        steps=_steps(guide),
    )


def _steps(guide: _Fields) -> tuple[Step, ...]:
    raw = guide.raw.get("steps")
    if not isinstance(raw, list) or not raw:
        raise guide.fault("steps", "thiếu hoặc trống; ghi từng bước, mỗi bước bắt đầu bằng “- id:”")
    steps: list[Step] = []
    for number, row in enumerate(raw, 1):
        fields = _Fields(guide.path, row, f"bước {number}", guide.raw.lines.get("steps", guide.line))
        if isinstance(row.get("id"), str):
            fields.where = f"bước {number} ({row['id']})"
        step = _step(fields)
        if any(step.id == other.id for other in steps):
            raise fields.fault("id", f"{step.id} đã có ở bước trước; đặt tên khác")
        steps.append(step)
    return tuple(steps)


def _step(step: _Fields) -> Step:
    step.only(_STEP)
    texts = {name: step.text(name) for name in ("title", "see", "if_not", "as_of")}
    return Step(
        **texts,
        id=step.name("id"),
        do=step.texts("do", least=1),
        tag=step.one_of("tag", TAGS),
        problem=step.name("problem") if "problem" in step.raw else None,
        warn=step.flag("warn"),
        starts=step.texts("starts"),
        screen=_screen(step),
    )


def _screen(step: _Fields) -> Screen:
    if "screen" not in step.raw:
        raise step.fault("screen", "thiếu; ghi kind, items và alt của hình vẽ")
    screen = _Fields(step.path, step.raw["screen"], f"{step.where}, screen", step.raw.lines["screen"])
    screen.only(_SCREEN)
    raw = screen.raw.get("items")
    if not isinstance(raw, list) or not 1 <= len(raw) <= MOST_ITEMS:
        raise screen.fault("items", f"phải có từ 1 đến {MOST_ITEMS} dòng, từ trên xuống dưới")
    items = (
        _item(_Fields(step.path, row, f"{screen.where}, dòng hình {n}", screen.line)) for n, row in enumerate(raw, 1)
    )
    return Screen(
        kind=screen.one_of("kind", SCREENS),
        alt=screen.text("alt"),
        app=screen.text("app", ""),
        title=screen.text("title", ""),
        items=tuple(items),
    )


def _item(item: _Fields) -> Item:
    raw: dict[Any, Any] = item.raw
    if True in raw:
        raw["on"] = raw.pop(True)  # YAML reads the bare word `on` as true
    kinds = [name for name in item.raw if name in ITEMS]
    if len(kinds) != 1:
        raise item.fault(None, f"cần đúng một trong: {', '.join(ITEMS)}")
    (kind,) = kinds
    item.only((kind, "press", *(("filled",) if kind == "field" else ()), *(("on",) if kind == "check" else ())))
    drawn_only = kind in PICTURED and item.raw[kind] is True
    text = "" if kind == "list" or drawn_only else item.text(kind)
    if kind == "message" and _CODE.search(text):
        raise item.fault(kind, "không ghi mã hay số thật trong tin nhắn; thay bằng “…”")
    return Item(
        kind=kind,
        text=text,
        entries=item.texts(kind, least=1) if kind == "list" else (),
        press=item.flag("press"),
        filled=item.flag("filled"),
        on=item.flag("on"),
    )
