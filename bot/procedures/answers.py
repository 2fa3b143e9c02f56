"""What a good clerk answers about a procedure: the answer first, then the list, then source and next step."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.citing import UNVERIFIED, month, shortened, source_line
from bot.messages import MOST_BUTTONS, Button, Message, button, lines, say
from bot.procedures import pointed
from bot.procedures.cases import UNSURE, Option
from bot.procedures.choices import LONGEST_NAME, case_button, case_question, case_rows
from bot.procedures.known import Known, find
from bot.procedures.models import Procedure, ProcedureFact
from bot.procedures.notes import notes, of_the_old_level
from bot.procedures.wording import ASPECT_OBJECTS, ASPECT_TITLES, LEVELS, ONLINE_LEVELS, intent_of

# Lines of a list that a small screen shows at once, and letters of them (Zalo takes 2,000 in a message, with name,
# notes and source); the rest comes on request.
FOLD_AT, ROOM = 9, 1_200
PORTAL = "dichvucong.gov.vn"
_NEXT_ASPECTS = ("documents", "fee", "duration", "place", "online")


def explain(
    session: Session, code: str, aspect: str, offset: int = 0, case: str | None = None, asked_in: str = ""
) -> Message | None:
    """Return the answer about one aspect of a procedure; None for an unknown code.

    `offset` continues a long list that was folded. Where the answer depends on a case, `case` names its option
    (`UNSURE`: every case is told); without it the question is asked. `asked_in` are the citizen's own words: what
    answers them best is said first.
    """
    known = find(session, code)
    if known is None:
        return None
    asked = known.open_cases(aspect)
    if asked and case == UNSURE:
        return _every_case(known, aspect)
    others: list[Option] = []
    if asked and case not in {option.id for option in asked}:
        if known.usual_case is None:
            return case_question(known, aspect)
        case = known.usual_case
        others = [option for option in asked if option.id != case]
    fact = known.fact(aspect, case)
    more: Button | None = None
    if fact is not None:
        text, more = _from_fact(session, known, fact, offset, case, asked_in)
    elif known.is_described:
        text = _missing(known, aspect)
    else:
        text = _by_name_only(known.procedure)
    if others and more is None:
        return _with_other_cases(_said(known, aspect, fact, text, None, case), known, aspect, others)
    return _said(known, aspect, fact, text, more, case)


def _with_other_cases(answer: Message, known: Known, aspect: str, others: list[Option]) -> Message:
    """Return the answer for nearly everybody with the question whether one is of another case."""
    code = known.procedure.code
    named = "; ".join(f"{option.title[0].lower()}{option.title[1:]}" for option in others)
    *told, source = answer.text.split("\n")
    text = "\n".join([*told, f"Anh/chị thuộc trường hợp khác ({named}) thì chọn bên dưới ạ.", source])
    buttons = [case_button(code, option, aspect) for option in others]
    room = MOST_BUTTONS - len(buttons)
    last = answer.buttons[-1:] if len(answer.buttons) > room else ()
    kept = (*answer.buttons[: room - len(last)], *last)
    return Message(text, answer.kind, {**answer.fields, "cases": case_rows(code, others)}, (*buttons, *kept))


def _said(
    known: Known, aspect: str, fact: ProcedureFact | None, text: str, more: Button | None, case: str | None = None
) -> Message:
    procedure = known.procedure
    first = [more] if more else []
    return say(
        "procedure",
        text,
        *first,
        *_next_buttons(known, aspect, MOST_BUTTONS - len(first), case),
        code=procedure.code,
        name=procedure.name,
        aspect=aspect,
        as_of=(fact.as_of if fact else None) or procedure.as_of,
        legal_basis=list((fact.legal_basis if fact else None) or procedure.legal_basis),
        **({"case": case} if case else {}),
    )


def _from_fact(
    session: Session, known: Known, fact: ProcedureFact, offset: int, case: str | None, asked_in: str
) -> tuple[str, Button | None]:
    procedure = known.procedure
    said, items = pointed.ordered(fact.aspect, fact.body["text"], fact.body.get("items") or [], asked_in)
    shown = _page(items[offset:])
    left = len(items) - offset - len(shown)
    first = said if offset == 0 else "Dạ, còn mấy mục nữa:"
    # The name stands first: a citizen must see at once when another procedure was meant.
    parts = [_heading(known, case), lines(first, shown)]
    if left > 0:
        parts.append(f"Còn {left} mục nữa.")
    else:
        parts += notes(session, procedure, fact)
    parts += of_the_old_level(procedure, parts[1])
    if fact.status == "unverified":
        parts.append(UNVERIFIED)
    parts.append(source_of(procedure, fact))
    more = None
    if left > 0:
        entities = {"procedure": procedure.code, "offset": offset + len(shown)} | ({"case": case} if case else {})
        more = button("Xem tiếp", intent_of(fact.aspect), **entities)
    return "\n".join(parts), more


def _page(items: list[str]) -> list[str]:
    """Return as many items as a message shows: at least one."""
    shown: list[str] = []
    for item in items[:FOLD_AT]:
        if shown and sum(map(len, shown)) + len(item) > ROOM:
            break
        shown.append(item)
    return shown


def _heading(known: Known, case: str | None) -> str:
    name = shortened(known.procedure.name, LONGEST_NAME)
    option = known.option(case)
    return f"{name} ({option.title[0].lower()}{option.title[1:]})" if option else name


def _every_case(known: Known, aspect: str) -> Message:
    """Tell each case after the other, briefly, for somebody who is not sure which one is theirs."""
    told = []
    for option in known.open_cases(aspect):
        fact = known.fact(aspect, option.id)
        if option.procedure:
            told.append(f"- {option.title}: đây là thủ tục khác, anh/chị bấm chọn để xem riêng.")
        elif fact is not None:
            first = fact.body["text"].removeprefix("Dạ, ")
            inside = "; ".join(fact.body.get("items") or [])
            told.append(shortened(f"- {option.title}: {first} {inside}".strip(), ROOM // 3))
    fact = next(held for (name, case), held in known.facts.items() if name == aspect and case)
    text = "\n".join([_heading(known, None), "Dạ, tùy trường hợp:", *told, source_of(known.procedure, fact)])
    question = case_question(known, aspect)
    said = _said(known, aspect, fact, text, None)
    return Message(
        said.text, said.kind, said.fields, (*question.buttons[:-1], button("Gặp nhân viên", "talk_to_human"))
    )


def _missing(known: Known, aspect: str) -> str:
    """Say what is not known; what is known but holds no more is not shown."""
    name, what = shortened(known.procedure.name, LONGEST_NAME), ASPECT_OBJECTS[aspect]
    ended = known.expired(aspect)
    if ended:
        said = (
            f"Dạ, quy định cũ về {what} của thủ tục {name} hết hiệu lực ngày {ended:%d/%m/%Y}, em chưa có quy định mới."
        )
    else:
        said = f"Dạ, em chưa có {what} đã kiểm tra của thủ tục {name}."
    return f"{said} Anh/chị hỏi nhân viên giúp em để khỏi đi lại nhiều lần.\n{source_of(known.procedure, None)}"


def _by_name_only(procedure: Procedure) -> str:
    """Say what is known of a procedure that nobody has described yet, and where the rest is."""
    known = [f"lĩnh vực {procedure.field}"] if procedure.field else []
    levels = [LEVELS[level] for level in procedure.levels if level in LEVELS]
    if levels:
        known.append("giải quyết ở " + ", ".join(dict.fromkeys(levels)))
    if procedure.online_level in ONLINE_LEVELS:
        listed = f" (theo danh mục {month(procedure.as_of)})" if procedure.as_of else ""
        known.append(f"{ONLINE_LEVELS[procedure.online_level]}{listed}")
    said = "; ".join(known) or "em mới chỉ có tên"
    return (
        f"{shortened(procedure.name, LONGEST_NAME)}\n"
        f"Dạ, thủ tục này em mới biết: {said}. Giấy tờ, lệ phí em chưa có. Anh/chị tra theo mã {procedure.code} trên "
        f"Cổng Dịch vụ công quốc gia {PORTAL}, hỏi Trung tâm Phục vụ hành chính công gần nhất, hoặc gặp nhân viên ạ.\n"
        + source_of(procedure, None)
    )


def source_of(procedure: Procedure, fact: ProcedureFact | None) -> str:
    """Return the line that says where a fact comes from, on what basis and how old it is."""
    return source_line(
        (fact.source if fact else None) or procedure.source_title or "danh mục thủ tục",
        list((fact.legal_basis if fact else None) or procedure.legal_basis),
        (fact.as_of if fact else None) or procedure.as_of,
        fact.checked_at if fact else None,
    )


def _next_buttons(known: Known, aspect: str, room: int, case: str | None) -> list[Button]:
    """Return what to ask next, and one step to take: have it collected, file it online, or a person."""
    code = known.procedure.code
    last = [_next_step(known, aspect)]
    if aspect == "documents" and known.has("documents"):
        of_case = {"case": case} if case else {}
        last.insert(
            0, button("Lưu danh sách giấy tờ", "ask_procedure_documents", procedure=code, sheet="yes", **of_case)
        )
    offered = [name for name in _NEXT_ASPECTS if name != aspect and known.has(name)][: room - len(last)]
    return [*(button(ASPECT_TITLES[name], intent_of(name), procedure=code) for name in offered), *last]


def _next_step(known: Known, aspect: str) -> Button:
    procedure = known.procedure
    if not known.has(aspect):
        return button("Gặp nhân viên", "talk_to_human")
    if procedure.bcci_collect == "yes" and aspect != "online":
        return button("Bưu điện đến lấy hồ sơ", "book_collection", procedure=procedure.code)
    if procedure.online_level in ("full", "partial"):
        return button("Cách nộp trên mạng", "file_online")
    return button("Gặp nhân viên", "talk_to_human")
