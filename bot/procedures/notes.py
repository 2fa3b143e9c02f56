"""What a clerk adds to an answer out of the rest of the record: who must come, the post, mistakes, joined ones."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.citing import shortened
from bot.procedures import catalogue
from bot.procedures.models import Procedure, ProcedureFact

_COLLECT = {"yes": "Bưu điện đến nhà lấy hồ sơ đi nộp được.", "no": "Hồ sơ này không nộp qua bưu điện được."}
_RETURN = {"yes": "Kết quả nhờ bưu điện mang về nhà được.", "no": "Kết quả phải đến lấy, không gửi bưu điện được."}
_LONGEST = 300


def notes(session: Session, procedure: Procedure, fact: ProcedureFact) -> list[str]:
    """Return the lines that belong under an answer about the aspect of `fact`; what it says already is left out."""
    aspect, said = fact.aspect, " ".join([fact.body["text"], *(fact.body.get("items") or [])]).lower()
    found: list[str] = []
    if aspect == "overview":
        found += _joined(session, procedure)
    if aspect == "documents" and procedure.mistakes:
        found.append(shortened(f"Hay bị trả vì: {'; '.join(procedure.mistakes)}.", _LONGEST))
    if aspect in ("online", "proxy") and procedure.in_person and procedure.in_person.strip(" .").lower() not in said:
        found.append(procedure.in_person)
    if "bưu điện" not in said:
        if aspect == "place":
            found += [_COLLECT[procedure.bcci_collect]] if procedure.bcci_collect in _COLLECT else []
        if aspect == "result":
            found += [_RETURN[procedure.bcci_return]] if procedure.bcci_return in _RETURN else []
    return found


def _joined(session: Session, procedure: Procedure) -> list[str]:
    others = [catalogue.find(session, code) for code in procedure.joined]
    names = [shortened(other.name, 90) for other in others if other is not None]
    return [f"Nên làm luôn một lần: {'; '.join(names)}."] if names else []
