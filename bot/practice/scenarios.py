"""The played citizens: what they say, what a good answer holds and never holds, how a clerk answered, and by what."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.content_files import ContentError, Mapping, line_of, read_yaml, shaped
from bot.settings import CONTENT

FOLDER = CONTENT / "practice"
MANNERS = {"careful": "viết kỹ, có dấu", "unmarked": "gõ không dấu", "hurried": "nhắn vội, viết tắt"}
ABOUT = {
    "procedure": "Thủ tục",
    "dossier": "Hồ sơ",
    "pickup": "Bưu điện đến nhà",
    "account": "Tài khoản, nộp trên mạng",
    "complaint": "Phản ánh",
    "scam": "Lừa đảo",
}
RECORDS = ("procedure", "question", "guide")
_KEYS = {"title", "manner", "about", "citizen", "turns"}
_TURN = {"says", "record", "needs", "avoids", "clerk"}


@dataclass(frozen=True)
class Point:
    """Something an answer holds, or must not hold, and the key phrases by which it is seen ("…": up to three words)."""

    what: str
    any: tuple[str, ...]


@dataclass(frozen=True)
class Record:
    """Where the facts of an answer stand: a procedure's aspect (of one case), a general question, or a guide."""

    kind: str
    name: str
    aspect: str = "overview"
    case: str | None = None


@dataclass(frozen=True)
class PlayedTurn:
    """One message of a played citizen."""

    says: str
    record: Record
    needs: tuple[Point, ...]
    avoids: tuple[Point, ...]
    clerk: str


@dataclass(frozen=True)
class Scenario:
    """A played citizen."""

    id: str
    title: str
    manner: str
    about: str
    citizen: str
    turns: tuple[PlayedTurn, ...]


@lru_cache(maxsize=1)
def scenarios(folder: Path = FOLDER) -> dict[str, Scenario]:
    """Return all played citizens by id (the file's name). Raises ContentError for one that does not fit."""
    found = [_scenario(path, read_yaml(path)) for path in sorted(folder.glob("*.yml"))]
    order = list(ABOUT)
    return {one.id: one for one in sorted(found, key=lambda one: (order.index(one.about), one.title))}


def _scenario(path: Path, row: Any) -> Scenario:
    if not isinstance(row, Mapping) or set(row) != _KEYS:
        raise ContentError(path, 1, f"cần đúng các mục {', '.join(sorted(_KEYS))}")
    if str(row["manner"]) not in MANNERS or str(row["about"]) not in ABOUT:
        raise ContentError(path, row.line, f"manner là {', '.join(MANNERS)}; about là {', '.join(ABOUT)}")
    if not row["turns"]:
        raise ContentError(path, row.line, "người dân chưa nói câu nào")
    with shaped(path, row.line):
        turns = tuple(_turn(path, turn) for turn in row["turns"])
    return Scenario(path.stem, row["title"], row["manner"], row["about"], row["citizen"], turns)


def _turn(path: Path, row: Any) -> PlayedTurn:
    if not isinstance(row, Mapping) or set(row) != _TURN:
        raise ContentError(path, line_of(row, 1), f"mỗi câu cần đúng các mục {', '.join(sorted(_TURN))}")
    if not row["needs"]:
        raise ContentError(path, row.line, "chưa ghi câu trả lời tốt phải có gì")
    given = dict(row["record"])
    kinds = [kind for kind in RECORDS if kind in given]
    if len(kinds) != 1 or not set(given) <= {kinds[0], "aspect", "case"}:
        raise ContentError(path, row.line, f"record ghi đúng một trong {', '.join(RECORDS)}")
    record = Record(kinds[0], str(given[kinds[0]]), given.get("aspect", "overview"), given.get("case"))
    return PlayedTurn(row["says"], record, _points(row["needs"]), _points(row["avoids"]), row["clerk"])


def _points(rows: list[Any]) -> tuple[Point, ...]:
    return tuple(Point(one["what"], tuple(map(str, one["any"]))) for one in rows)
