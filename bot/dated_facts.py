"""Answers with days: what is said, from when to when it holds, on what basis, and who checked it when.

Content files write a fact as a mapping (docs/content.md). An answer that changes on a day stands there twice; an
item of its list may have days of its own, and the fact is then cut into periods. `use` takes a shared sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

STATUSES = ("verified", "partial", "unverified")
FACT_KEYS = frozenset({
    "text", "items", "status", "valid_from", "valid_to", "legal_basis", "source", "as_of", "checked_by", "checked_at",
    "review_by", "case", "use",
})  # fmt: skip
_ITEM_KEYS = frozenset({"text", "valid_from", "valid_to", "legal_basis"})
_ONE_DAY = timedelta(days=1)


class FactError(ValueError):
    """A fact that does not fit; the text says what is wrong and what to do."""


@dataclass(frozen=True)
class Fact:
    """One answer: its first sentence, the list under it, and everything that says how far to trust it."""

    text: str
    items: tuple[str, ...] = ()
    status: str = "partial"
    valid_from: date | None = None
    valid_to: date | None = None
    legal_basis: tuple[str, ...] = ()
    source: str | None = None
    as_of: str | None = None
    checked_by: str | None = None
    checked_at: date | None = None
    review_by: date | None = None
    case: str | None = None

    def holds_on(self, day: date) -> bool:
        """Return whether the fact holds on `day`; both ends belong to its period."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class _Item:
    text: str
    valid_from: date | None = None
    valid_to: date | None = None
    legal_basis: tuple[str, ...] = ()

    def holds(self, first: date, last: date) -> bool:
        return (self.valid_from or date.min) <= first and last <= (self.valid_to or date.max)


@dataclass(frozen=True)
class Clauses:
    """Sentences that many records share, by name: items of a list, and whole facts."""

    items: Mapping[str, list[Any]]
    facts: Mapping[str, list[Any]]


NO_CLAUSES = Clauses({}, {})


def read_facts(raw: Any, defaults: Fact, clauses: Clauses = NO_CLAUSES) -> list[Fact]:
    """Return the facts of one aspect, cut into periods; what a fact leaves out it takes from `defaults`.

    Raises FactError for an unknown key, a status or day that does not fit, or two facts that hold at once.
    """
    found = [piece for one in _as_list(raw) for piece in _read(one, defaults, clauses)]
    if not found:
        raise FactError("chưa có nội dung; viết ít nhất một câu ở text")
    _refuse_overlaps(found)
    return found


def holding(facts: Iterable[Fact], day: date) -> Fact | None:
    """Return the fact that holds on `day`; None when none does."""
    return next((fact for fact in facts if fact.holds_on(day)), None)


def read_day(value: Any, key: str) -> date | None:
    """Return a day of a content file; raises FactError when it is none."""
    try:
        return None if value is None else date.fromisoformat(str(value))
    except ValueError:
        raise FactError(f"{key}: {value!r} không phải ngày dạng 2026-11-27") from None


def _read(raw: Any, defaults: Fact, clauses: Clauses) -> list[Fact]:
    if not isinstance(raw, Mapping):
        raise FactError("mỗi dữ kiện là một nhóm có text:")
    unknown = set(raw) - FACT_KEYS
    if unknown:
        raise FactError(
            f"không có mục {', '.join(sorted(map(str, unknown)))}; các mục có: {', '.join(sorted(FACT_KEYS))}"
        )
    if "use" in raw:
        return [
            piece
            for shared in _shared(clauses.facts, raw["use"])
            for piece in _read(_filled(shared, raw), defaults, clauses)
        ]
    text = raw.get("text")
    if not isinstance(text, str) or not text.strip():
        raise FactError("thiếu text: câu trả lời đầu tiên")
    status = raw.get("status", defaults.status)
    if status not in STATUSES:
        raise FactError(f"status {status!r} không có; chọn {', '.join(STATUSES)}")
    for key in ("source", "as_of", "checked_by", "case"):
        if not isinstance(raw.get(key, ""), str):
            raise FactError(f"{key} phải là chữ; số và ngày thì đặt trong nháy")
    fact = replace(
        defaults,
        text=text.strip(),
        status=status,
        valid_from=read_day(raw.get("valid_from"), "valid_from"),
        valid_to=read_day(raw.get("valid_to"), "valid_to"),
        legal_basis=tuple(map(str, raw.get("legal_basis") or defaults.legal_basis)),
        source=raw.get("source", defaults.source),
        as_of=raw.get("as_of", defaults.as_of),
        checked_by=raw.get("checked_by", defaults.checked_by),
        checked_at=read_day(raw["checked_at"], "checked_at") if "checked_at" in raw else defaults.checked_at,
        review_by=read_day(raw["review_by"], "review_by") if "review_by" in raw else defaults.review_by,
        case=raw.get("case"),
    )
    if fact.valid_from and fact.valid_to and fact.valid_from > fact.valid_to:
        raise FactError(f"valid_from {fact.valid_from} sau valid_to {fact.valid_to}; đổi lại cho đúng thứ tự")
    items = [item for one in raw.get("items") or [] for item in _items(one, clauses)]
    return _cut(fact, items, own_basis=bool(raw.get("legal_basis")))


def _filled(shared: Mapping[str, Any], raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return a shared fact with what the record adds to it: more items, its own case."""
    own = {key: value for key, value in raw.items() if key not in ("use", "items")}
    return {**shared, **own, "items": [*(shared.get("items") or []), *(raw.get("items") or [])]}


def _shared(known: Mapping[str, list[Any]], name: Any) -> list[Any]:
    if name not in known:
        raise FactError(f"use: không có câu chung tên {name!r}; có: {', '.join(sorted(known)) or 'chưa có câu nào'}")
    return known[name]


def _items(raw: Any, clauses: Clauses) -> list[_Item]:
    if isinstance(raw, str):
        return [_Item(raw.strip())]
    if not isinstance(raw, Mapping):
        raise FactError(f"mục {raw!r} phải là một câu; câu có dấu “: ” thì đặt trong nháy")
    if "use" in raw:
        return [item for shared in _shared(clauses.items, raw["use"]) for item in _items(shared, NO_CLAUSES)]
    if set(raw) - _ITEM_KEYS or not isinstance(raw.get("text"), str):
        raise FactError(
            "mục không đúng dạng; câu có dấu “: ” thì đặt trong nháy, câu có ngày thì ghi text, valid_from, valid_to"
        )
    days = (read_day(raw.get("valid_from"), "valid_from"), read_day(raw.get("valid_to"), "valid_to"))
    return [_Item(raw["text"].strip(), *days, tuple(map(str, raw.get("legal_basis") or ())))]


def _cut(fact: Fact, items: list[_Item], *, own_basis: bool) -> list[Fact]:
    """Return `fact` as one fact for each period in which the same items hold."""
    start, end = fact.valid_from or date.min, fact.valid_to or date.max
    starts = {start}
    for item in items:
        if item.valid_from and start < item.valid_from <= end:
            starts.add(item.valid_from)
        if item.valid_to and start <= item.valid_to < end:
            starts.add(item.valid_to + _ONE_DAY)
    ordered = sorted(starts)
    pieces = []
    for at, first in enumerate(ordered):
        last = ordered[at + 1] - _ONE_DAY if at + 1 < len(ordered) else end
        held = [item for item in items if item.holds(first, last)]
        more = tuple(basis for item in held for basis in item.legal_basis)
        # The basis of an item stands beside the fact's own; the procedure's whole list would drown it.
        basis = tuple(dict.fromkeys((*more, *fact.legal_basis))) if own_basis or more else fact.legal_basis
        pieces.append(
            replace(
                fact,
                items=tuple(item.text for item in held),
                valid_from=None if first == date.min else first,
                valid_to=None if last == date.max else last,
                legal_basis=basis,
            )
        )
    return pieces


def _refuse_overlaps(facts: list[Fact]) -> None:
    for at, one in enumerate(facts):
        for other in facts[at + 1 :]:
            apart = (one.valid_to or date.max) < (other.valid_from or date.min) or (
                (other.valid_to or date.max) < (one.valid_from or date.min)
            )
            if one.case == other.case and not apart:
                raise FactError(
                    f"hai dữ kiện cùng có hiệu lực (từ {one.valid_from or 'đầu'} và từ {other.valid_from or 'đầu'}); "
                    "sửa valid_to của câu trước thành ngày liền trước valid_from của câu sau"
                )


def _as_list(raw: Any) -> list[Any]:
    return raw if isinstance(raw, list) else [raw]
