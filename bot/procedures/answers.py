"""What a good clerk answers about a procedure: the answer first, then the list, then source and next step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from bot import clock
from bot.messages import Button, Message, button, lines, say
from bot.procedures import catalogue
from bot.procedures.models import Procedure, ProcedureFact
from bot.procedures.search import Match

# Lines of a list that a small screen shows at once; the rest comes on request.
FOLD_AT = 9
BASES_SHOWN = 2
# Official names run to 400 characters; the whole of it stays in the field `name`.
LONGEST_NAME = 110

ASPECT_TITLES = {
    "overview": "Tóm tắt",
    "documents": "Giấy tờ cần có",
    "fee": "Lệ phí",
    "duration": "Bao lâu có",
    "place": "Nộp ở đâu",
    "steps": "Các bước",
    "online": "Nộp trên mạng",
    "forms": "Mẫu đơn",
    "legal_basis": "Căn cứ pháp lý",
    "result": "Kết quả",
    "eligibility": "Ai làm được",
    "proxy": "Nhờ người đi thay",
}
_NEXT_ASPECTS = ("documents", "fee", "duration", "place", "online")
_MISSING = {
    "overview": "phần tóm tắt",
    "documents": "danh sách giấy tờ",
    "fee": "mức lệ phí",
    "duration": "thời hạn giải quyết",
    "place": "nơi nộp",
    "steps": "các bước làm",
    "online": "việc nộp trên mạng",
    "forms": "mẫu đơn",
    "legal_basis": "căn cứ pháp lý",
    "result": "giấy tờ nhận được",
    "eligibility": "điều kiện",
    "proxy": "việc nhờ người đi thay",
}
_LEVELS = {
    "commune": "cấp xã",
    "province": "cấp tỉnh",
    "ministry": "bộ, ngành trung ương",
    "district": "cấp xã hoặc cấp tỉnh",
}
_ONLINE = {
    "full": "nộp trên mạng trọn vẹn",
    "partial": "nộp trên mạng một phần",
    "none": "chưa nộp trên mạng được",
}
_UNVERIFIED = "Thông tin này chưa kiểm chứng, anh/chị hỏi lại cán bộ trước khi đi giúp em."


@dataclass(frozen=True)
class Known:
    """A procedure with the facts that hold on one day, by aspect."""

    procedure: Procedure
    facts: dict[str, ProcedureFact]


def find(session: Session, code: str, day: date | None = None) -> Known | None:
    """Return the procedure and what holds on `day` (today); None for an unknown code."""
    procedure = catalogue.find(session, code)
    if procedure is None:
        return None
    day = day or clock.today()
    facts: dict[str, ProcedureFact] = {}
    for fact in procedure.facts:
        if (fact.valid_from is None or fact.valid_from <= day) and (fact.valid_to is None or day <= fact.valid_to):
            facts[fact.aspect] = fact
    return Known(procedure, facts)


def explain(session: Session, code: str, aspect: str, offset: int = 0) -> Message | None:
    """Return the answer about one aspect of a procedure; None for an unknown code.

    `offset` continues a long list that was folded.
    """
    known = find(session, code)
    if known is None:
        return None
    procedure, fact = known.procedure, known.facts.get(aspect)
    if fact is not None:
        text, more = _from_fact(procedure, fact, offset)
    elif known.facts:
        text, more = _missing(procedure, aspect), None
    else:
        text, more = _by_name_only(procedure), None
    buttons = [*([more] if more else []), *_next_buttons(known, aspect)]
    return say(
        "procedure",
        text,
        *buttons,
        code=procedure.code,
        name=procedure.name,
        aspect=aspect,
        as_of=(fact.as_of if fact else None) or procedure.as_of,
        legal_basis=list((fact.legal_basis if fact else None) or procedure.legal_basis),
    )


def choices(matches: Sequence[Match], aspect: str) -> Message:
    """Return the question which of a few procedures is meant."""
    intent = intent_of(aspect)
    if len(matches) == 1:
        only = matches[0]
        return say(
            "procedure_choices",
            f"Dạ, có phải anh/chị hỏi về “{_short(only.name, 120)}” không ạ?",
            button("Đúng rồi", intent, procedure=only.code),
            button("Không phải", "deny"),
            options=[{"code": only.code, "name": only.name}],
        )
    numbered = [f"{number}. {_short(match.name, LONGEST_NAME)}" for number, match in enumerate(matches, 1)]
    return say(
        "procedure_choices",
        "\n".join(["Dạ, anh/chị hỏi thủ tục nào trong mấy thủ tục này ạ?", *numbered]),
        *(button(_short(match.name), intent, procedure=match.code) for match in matches),
        options=[{"code": match.code, "name": match.name} for match in matches],
    )


def ask_which() -> Message:
    """Return the question which procedure is meant, when nothing in the text says so."""
    return say(
        "procedure_choices",
        "Dạ, anh/chị cần làm thủ tục gì ạ? Anh/chị gõ vài chữ là được, ví dụ “khai sinh cho con” hay “sang tên sổ đỏ”.",
        options=[],
    )


def not_found(query: str) -> Message:
    """Return that no procedure fits, without guessing one."""
    return say(
        "procedure_choices",
        "Dạ, em chưa tìm ra thủ tục đó. Anh/chị nói cách khác giúp em, hoặc gặp nhân viên để được chỉ ngay ạ.",
        button("Gặp nhân viên", "talk_to_human"),
        options=[],
    )


def intent_of(aspect: str) -> str:
    """Return the intent that asks for an aspect."""
    return "ask_procedure" if aspect == "overview" else f"ask_procedure_{aspect}"


def aspect_of(intent: str) -> str:
    """Return the aspect that an intent asks for; overview for every other intent."""
    aspect = intent.removeprefix("ask_procedure_")
    return aspect if aspect in ASPECT_TITLES else "overview"


def _from_fact(procedure: Procedure, fact: ProcedureFact, offset: int) -> tuple[str, Button | None]:
    items = fact.body.get("items") or []
    shown = items[offset : offset + FOLD_AT]
    left = len(items) - offset - len(shown)
    first = fact.body["text"] if offset == 0 else "Dạ, còn mấy mục nữa:"
    # The name stands first: a citizen must see at once when another procedure was meant.
    parts = [_short(procedure.name, LONGEST_NAME), lines(first, shown)]
    if left > 0:
        parts.append(f"Còn {left} mục nữa.")
    if fact.status == "unverified":
        parts.append(_UNVERIFIED)
    parts.append(_source(procedure, fact))
    more = None
    if left > 0:
        more = button("Xem tiếp", intent_of(fact.aspect), procedure=procedure.code, offset=offset + len(shown))
    return "\n".join(parts), more


def _missing(procedure: Procedure, aspect: str) -> str:
    return (
        f"Dạ, em chưa có {_MISSING[aspect]} đã kiểm tra của thủ tục {_short(procedure.name, LONGEST_NAME)}. "
        "Anh/chị hỏi nhân viên giúp em để khỏi đi lại nhiều lần.\n" + _source(procedure, None)
    )


def _by_name_only(procedure: Procedure) -> str:
    """Say what is known of a procedure that nobody has described yet."""
    known = [f"lĩnh vực {procedure.field}"] if procedure.field else []
    levels = [_LEVELS[level] for level in procedure.levels if level in _LEVELS]
    if levels:
        known.append("giải quyết ở " + ", ".join(dict.fromkeys(levels)))
    if procedure.online_level in _ONLINE:
        known.append(f"{_ONLINE[procedure.online_level]} (theo danh mục {procedure.as_of})")
    said = "; ".join(known) or "em mới chỉ có tên"
    return (
        f"Dạ, thủ tục {_short(procedure.name, LONGEST_NAME)}: {said}. Chi tiết giấy tờ, lệ phí em chưa có, "
        "anh/chị hỏi Trung tâm Phục vụ hành chính công gần nhất hoặc gặp nhân viên giúp em.\n"
        + _source(procedure, None)
    )


def _source(procedure: Procedure, fact: ProcedureFact | None) -> str:
    basis = list((fact.legal_basis if fact else None) or procedure.legal_basis)[:BASES_SHOWN]
    parts = [f"Nguồn: {_short(procedure.source_title or 'danh mục thủ tục', LONGEST_NAME)}"]
    if basis:
        parts.append(f"căn cứ {', '.join(basis)}")
    as_of = (fact.as_of if fact else None) or procedure.as_of
    if as_of:
        parts.append(f"cập nhật {_month(as_of)}")
    return "; ".join(parts) + "."


def _month(as_of: str) -> str:
    """Return "2026-07" as "07/2026", the way people write it."""
    return "/".join(reversed(as_of.split("-")))


def _next_buttons(known: Known, aspect: str) -> list[Button]:
    code = known.procedure.code
    offered = [name for name in _NEXT_ASPECTS if name != aspect and name in known.facts][:3]
    buttons = [button(ASPECT_TITLES[name], intent_of(name), procedure=code) for name in offered]
    if known.procedure.bcci_collect == "yes":
        buttons.append(button("Bưu điện đến lấy hồ sơ", "book_collection", procedure=code))
    if not known.facts or aspect not in known.facts:
        buttons.append(button("Gặp nhân viên", "talk_to_human"))
    return buttons


def _short(name: str, longest: int = 60) -> str:
    return name if len(name) <= longest else name[: longest - 1].rsplit(" ", 1)[0] + "…"
