"""Cases of a procedure: the one question whose answer changes what holds, and how it is answered.

A record that has some asks for instance "child older than 60 days?"; an option leads to facts of this procedure,
or to another procedure altogether. What the citizen said already is not asked. Where nearly everybody is of one
case, the record calls it `usual`: it is answered at once, and the others are asked about under the answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.key_phrases import plain, score
from bot.procedures import ages

UNSURE = "unsure"  # "chưa rõ": every case is told
MOST_OPTIONS = 4  # one button is left for "chưa rõ"
LONGEST_TITLE = 40
_KEYS = {"id", "title", "words", "procedure"}


class CaseError(ValueError):
    """Cases of a record that do not fit; the text says what to do."""


@dataclass(frozen=True)
class Option:
    """One answer to the question: its button, the folded words that say it, and where it leads."""

    id: str
    title: str
    words: tuple[str, ...] = ()
    procedure: str | None = None  # another procedure answers this case


def checked_cases(raw: Any) -> dict[str, Any] | None:
    """Return the cases of a record as they are stored; raises CaseError for what does not fit."""
    if raw is None:
        return None
    if not isinstance(raw, Mapping) or not {"question", "options"} <= set(raw) <= {"question", "options", "usual"}:
        raise CaseError("cases cần question và options, có thể thêm usual")
    if not isinstance(raw["options"], list):
        raise CaseError("options của cases là một danh sách")
    if not str(raw["question"]).startswith("Dạ"):
        raise CaseError("câu hỏi của cases bắt đầu bằng “Dạ, …”")
    if not 2 <= len(raw["options"]) <= MOST_OPTIONS:
        raise CaseError(f"cases có từ 2 đến {MOST_OPTIONS} lựa chọn")
    for option in raw["options"]:
        if not isinstance(option, Mapping) or not {"id", "title"} <= set(option) <= _KEYS:
            raise CaseError("mỗi lựa chọn của cases có id, title, có thể thêm words và procedure")
        if option["id"] == UNSURE or len(str(option["title"])) > LONGEST_TITLE:
            raise CaseError(f"lựa chọn {option['id']}: đổi id, hoặc rút title còn tối đa {LONGEST_TITLE} ký tự")
    ids = [option["id"] for option in raw["options"]]
    if len(set(ids)) < len(ids):
        raise CaseError("hai lựa chọn của cases trùng id")
    own = [option["id"] for option in raw["options"] if not option.get("procedure")]
    usual = raw.get("usual")
    if usual is not None and usual not in own:
        raise CaseError(f"usual {usual!r} phải là id của một lựa chọn không dẫn sang thủ tục khác")
    kept = [dict(option) for option in raw["options"]]
    return {"question": str(raw["question"]).strip(), "options": kept, "usual": usual}


def options(cases: Mapping[str, Any] | None) -> tuple[Option, ...]:
    """Return the options of a procedure's cases; none when it asks nothing."""
    return tuple(
        Option(row["id"], row["title"], tuple(row.get("words") or ()), row.get("procedure"))
        for row in (cases or {}).get("options", ())
    )


def said(cases: Mapping[str, Any] | None, text: str) -> Option | None:
    """Return the option that `text` says in its own words or by an age; None when it says none, or two alike."""
    told, every = plain(text), options(cases)
    age = ages.said(text)
    made = ages.fitting(age, (option.title for option in every)) if age is not None else None
    if made is not None:
        return every[made]
    scores = [(score(told, (*option.words, plain(option.title))), option) for option in every]
    best = sorted(scores, key=lambda pair: -pair[0])[:2]
    if not best or not best[0][0] or (len(best) > 1 and best[0][0] == best[1][0]):
        return None
    return best[0][1]
