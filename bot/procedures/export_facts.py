"""What a row of the national export says, aspect by aspect, put into a clerk's sentences."""

from __future__ import annotations

import re
from typing import Any

_CHANNELS = {"in_person": "Nộp trực tiếp", "online": "Nộp trên mạng", "post": "Nộp qua bưu điện"}
_LONGEST_ITEM = 400
_PLACES = {"province", "commune"}
_OLD_LEVEL = re.compile(r"\b(?:cấp )?(?:huyện|quận)\b", re.IGNORECASE)


def facts_of(row: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the facts of one export row; an aspect that the row does not hold is left out."""
    found = {
        "overview": _overview(row),
        "documents": _documents(row),
        "fee": _fee(row),
        "duration": _duration(row),
        "place": _place(row),
        "steps": _steps(row),
        "online": _online(row),
        "result": _listed("Dạ, làm xong anh/chị nhận:", row.get("results")),
        "eligibility": _eligibility(row),
        "legal_basis": _legal_basis(row),
    }
    return [
        {"aspect": aspect, "body": body, "status": status, "as_of": row.get("as_of")}
        for aspect, fact in found.items()
        if fact is not None
        for body, status in [fact]
    ]


_Fact = tuple[dict[str, Any], str] | None


def _overview(row: dict[str, Any]) -> _Fact:
    if not (row.get("agency") or row.get("field")):
        return None
    parts = [f"Dạ, thủ tục này thuộc lĩnh vực {row['field']}." if row.get("field") else "Dạ,"]
    if row.get("agency") and not _OLD_LEVEL.search(row["agency"]):
        parts.append(f"Nơi giải quyết: {_short(row['agency'], 200)}.")
    return _body(" ".join(parts)), "partial"


def _documents(row: dict[str, Any]) -> _Fact:
    papers, remarks = [], []
    for document in row.get("documents") or []:
        name = _short(str(document.get("name") or ""))
        if len(name) < 4:
            continue
        copies = [
            f"{document[key]} {word}"
            for key, word in (("original", "bản chính"), ("copy", "bản sao"))
            if isinstance(document.get(key), int) and document[key] > 0
        ]
        # The export lists remarks as papers of which none is wanted.
        if document.get("note") or not copies:
            remarks.append(f"Lưu ý: {name}")
        else:
            papers.append(f"{name} ({', '.join(copies)})")
    if not papers and not remarks:
        return None
    return _body("Dạ, theo Cổng dịch vụ công, hồ sơ gồm:", papers + remarks), "partial"


def _fee(row: dict[str, Any]) -> _Fact:
    amounts = list(
        dict.fromkeys(_short(str(fee)) for channel in row.get("channels") or [] for fee in _as_list(channel.get("fee")))
    )
    if amounts:
        text = "Dạ, Cổng dịch vụ công ghi mức thu như sau; anh/chị hỏi lại quầy trước khi nộp:"
        return _body(text, amounts), "partial"
    if not row.get("channels"):
        return None
    return _body(
        "Dạ, Cổng dịch vụ công không ghi mức thu cụ thể. Anh/chị hỏi nơi nhận hồ sơ trước khi nộp giúp em."
    ), "unverified"


def _duration(row: dict[str, Any]) -> _Fact:
    times: dict[str, list[str]] = {}
    for channel in row.get("channels") or []:
        if channel.get("time"):
            names = times.setdefault(_short(str(channel["time"]), 120), [])
            names.append(_CHANNELS.get(str(channel.get("channel")), "Cách khác"))
    if not times:
        return None
    if len(times) == 1:
        return _body(f"Dạ, thời hạn là {next(iter(times))}, tính từ ngày nhận đủ hồ sơ hợp lệ."), "partial"
    text = "Dạ, thời hạn tùy trường hợp, tính từ ngày nhận đủ hồ sơ hợp lệ:"
    if str(row.get("field", "")).startswith("Đất đai"):
        # The export files the three cases of a land procedure as its three channels.
        return _body(text, list(times)), "partial"
    return _body(text, [f"{', '.join(dict.fromkeys(names))}: {time}" for time, names in times.items()]), "partial"


def _place(row: dict[str, Any]) -> _Fact:
    agency = row.get("agency")
    if _PLACES & set(row.get("levels") or []):
        text = "Dạ, anh/chị nộp ở Trung tâm Phục vụ hành chính công, xã hay phường nào trong tỉnh cũng được."
        if agency and not _OLD_LEVEL.search(agency):
            text += f" Nơi giải quyết: {_short(agency, 200)}."
        return _body(text), "partial"
    if agency and not _OLD_LEVEL.search(agency):
        return _body(f"Dạ, nơi nhận và giải quyết là {_short(agency, 200)}."), "partial"
    return None


def _steps(row: dict[str, Any]) -> _Fact:
    steps = row.get("steps")
    lines = steps.split("\n") if isinstance(steps, str) else [str(step) for step in steps or []]
    return _listed("Dạ, các bước như sau:", [line.lstrip("-+*• ").strip() for line in lines])


def _online(row: dict[str, Any]) -> _Fact:
    channels = {str(channel.get("channel")) for channel in row.get("channels") or []}
    if not channels:
        return None
    if "online" in channels:
        return _body("Dạ, Cổng dịch vụ công có kênh nộp trên mạng cho thủ tục này; anh/chị cần VNeID mức 2."), "partial"
    return _body("Dạ, Cổng dịch vụ công chưa ghi kênh nộp trên mạng cho thủ tục này."), "partial"


def _eligibility(row: dict[str, Any]) -> _Fact:
    applicants = ", ".join(str(item) for item in row.get("applicants") or [])
    conditions = str(row.get("conditions") or "").split("\n")
    items = [line.lstrip("-+*• ").strip() for line in conditions]
    if applicants:
        return _body(f"Dạ, người làm được: {_short(applicants, 300)}.", items), "partial"
    return _listed("Dạ, điều kiện như sau:", items)


def _legal_basis(row: dict[str, Any]) -> _Fact:
    basis = [str(item) for item in row.get("legal_basis") or []]
    if row.get("decision"):
        basis.append(f"Quyết định công bố: {row['decision']}")
    return _listed("Dạ, căn cứ pháp lý:", basis)


def _listed(text: str, items: Any) -> _Fact:
    kept = [str(item) for item in items or [] if str(item).strip()]
    return (_body(text, kept), "partial") if kept else None


def _body(text: str, items: list[str] | None = None) -> dict[str, Any]:
    return {"text": text, "items": [_short(item) for item in items or [] if item.strip()]}


def _short(text: str, longest: int = _LONGEST_ITEM) -> str:
    """Return `text` on one line, cut at a word when it is too long for a chat."""
    text = " ".join(text.split())
    return text if len(text) <= longest else text[:longest].rsplit(" ", 1)[0] + " …"


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
