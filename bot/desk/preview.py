"""What the assistant would say to what a caller is just saying: while it is typed, and without a trace."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from bot.citing import shortened
from bot.conversation import guard, scratch
from bot.conversation.exchange import Answering
from bot.conversation.guard import Found
from bot.conversation.scratch import Suggested
from bot.db.engine import Database
from bot.desk.spoken import HUMAN, parted
from bot.dossiers import codes as dossier_codes
from bot.linking import codes
from bot.procedures import search

LONGEST, SHORTEST = 1_000, 2  # characters
MOST_PROCEDURES, LONGEST_NAME = 5, 90
LIKELY = 0.01  # a procedure below this chance is noise
NO_HELP = frozenset({"handoff", "fallback"})  # what is said when the assistant cannot help is no suggestion
_FOUND = {
    Found.OTP: "mã OTP",
    Found.PASSWORD: "mật khẩu",
    Found.CARD: "số thẻ ngân hàng",
    Found.IDENTITY_NUMBER: "số căn cước",
    Found.IDENTITY_DOCUMENT: "ảnh giấy tờ tùy thân",
}


def suggest(session: Session, engine: Answering, conversation_id: int, text: str) -> dict[str, Any]:
    """Return what fits to a text: answers, what to ask next, likely procedures, the step of a guide, a warning.

    To be called inside `scratch.undone`: what a turn would have done must not happen.
    """
    text = text.strip()[:LONGEST]
    if len(text) < SHORTEST:
        return _nothing()
    if found := guard.screen(text).found:
        return _nothing(f"Có {_FOUND[found]} trong câu này: máy che lại, không lưu. Anh/chị đừng hỏi, đừng ghi ra.")
    if codes.find(text):
        return _nothing("Mã nối kênh: bấm Enter để nối cuộc gọi này với kênh của người gọi.")
    suggested = scratch.suggest(session, engine, conversation_id, text)
    matches = search.rank(session, text, MOST_PROCEDURES)
    named = dossier_codes.find(text)
    return {**_shown(suggested, matches), "dossier": named[0].code if named else None}


def warm(database: Database) -> None:
    """Have the index of the catalogue in memory: the first suggestion after a start would wait for it."""
    with database.reading() as session:
        search.rank(session, "khai sinh", 1)


def _nothing(warning: str = "") -> dict[str, Any]:
    return {
        "answers": [],
        "ask": [],
        "procedures": [],
        "guide": None,
        "dossier": None,
        "helpless": False,
        "warning": warning,
    }


def _shown(suggested: Suggested | None, matches: list[search.Match]) -> dict[str, Any]:
    messages = suggested.messages if suggested else []
    useful = [m for m in messages if m["text"] and (m.get("custom") or {}).get("kind") not in NO_HELP]
    told = [parted(m["text"], m["custom"]) for m in useful]
    return {
        **_nothing(),
        "answers": [{"text": one.text, "source": one.source} for one in told],
        "ask": [b["title"] for m in useful for b in m.get("buttons") or [] if b["payload"] != HUMAN],
        "procedures": _procedures([one.custom for one in told], matches),
        "guide": next((_step(one.custom) for one in told if one.custom.get("kind") == "account_guide"), None),
        "helpless": not useful,
    }


def _procedures(customs: list[dict[str, Any]], matches: list[search.Match]) -> list[dict[str, Any]]:
    """Return the procedures that the answer names, then those that the words may mean."""
    chances = {match.code: match.score for match in matches}
    named = [c for c in customs if c["kind"] == "procedure"]
    named += [option for c in customs if c["kind"] == "procedure_choices" for option in c.get("options") or []]
    found = {str(one["code"]): str(one["name"]) for one in named if one.get("code") and one.get("name")}
    found |= {match.code: match.name for match in matches if match.score >= LIKELY and match.code not in found}
    return [
        {"code": code, "name": shortened(name, LONGEST_NAME), "chance": round(chances.get(code, 0.0), 3)}
        for code, name in list(found.items())[:MOST_PROCEDURES]
    ]


def _step(custom: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": custom.get("title"),
        "step": custom.get("step"),
        "of": custom.get("of"),
        "counter": f"/huong-dan/{custom.get('goal')}/tai-quay",
    }
