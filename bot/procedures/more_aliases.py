"""Everyday names of procedures that were learnt here, beside those that are shipped."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import clock
from bot.procedures.models import Procedure, ProcedureAlias
from bot.text import fold

SHORTEST, LONGEST = 4, 120  # letters


def may_be_added(session: Session, code: str, alias: str) -> str | None:
    """Return why an alias cannot be added to a procedure, in one sentence; None when it can."""
    if not SHORTEST <= len(alias) <= LONGEST:
        return f"Tên gọi cần từ {SHORTEST} đến {LONGEST} ký tự."
    if session.execute(select(Procedure.id).where(Procedure.code == code)).first() is None:
        return f"Không có thủ tục mã {code}."
    return None


def add(session: Session, code: str, alias: str) -> bool:
    """Give a procedure one more everyday name; False where it has it already, or there is no such procedure.

    The procedure gets a new stamp, by which running processes see that their index is old.
    """
    procedure = session.execute(select(Procedure).where(Procedure.code == code)).scalar_one_or_none()
    if procedure is None:
        return False
    held = session.execute(select(ProcedureAlias.alias).where(ProcedureAlias.procedure_id == procedure.id)).scalars()
    if fold(alias) in {fold(one) for one in held}:
        return False
    session.add(ProcedureAlias(procedure_id=procedure.id, alias=alias))
    latest = session.execute(select(func.max(Procedure.updated_at))).scalar()
    procedure.updated_at = max(clock.now(), latest + timedelta(microseconds=1))
    session.flush()
    return True
