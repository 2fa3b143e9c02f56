"""What the quick check says: its questions with buttons, and its endings."""

from __future__ import annotations

from bot.accounts.readiness import Check, Choice, Result, questions
from bot.accounts.wording import SCAM, told_by
from bot.messages import MOST_BUTTONS, Button, Message, button, lines, say

TOPIC = "readiness"
_TALK = button("Gặp nhân viên", "talk_to_human")
_INTRO = "Dạ, em hỏi nhanh vài câu, không cần số căn cước hay mã gì."
_FIRST = "Dạ, đây là câu đầu rồi ạ."
_AGAIN = "Dạ, em chưa rõ ý mình. Anh/chị chọn giúp em một ý:"
_BACK_IN_WORDS, _TALK_IN_WORDS = "(Sửa câu trước thì gõ “quay lại”.)", "(Gặp người thật thì gõ “gặp nhân viên”.)"
_STILL = "Dạ, em vẫn chưa rõ, em xin lỗi. Anh/chị bấm một nút dưới đây, hoặc gặp nhân viên ạ."


def ask(check: Check, before: str = "") -> Message:
    """Return the question at which the check stands; `before` is said first."""
    question = questions().questions[check.question]
    if check.number == 1 and not before and not check.misses:
        before = _INTRO
    if check.misses:
        before = _AGAIN if check.misses == 1 else _STILL
    text = f"{before}\n{question.ask}" if before else f"Dạ. {question.ask}"
    if check.misses == 1:
        text = lines(f"{before} {question.ask}", [choice.title for choice in question.choices])
    options = [_button(choice, check) for choice in (*question.choices, question.unsure)]
    more = [_TALK] if check.misses > 1 else [button("Quay lại", "previous_step", readiness="back")]
    if len(options) >= MOST_BUTTONS:
        text = f"{text}\n{_BACK_IN_WORDS if check.misses <= 1 else _TALK_IN_WORDS}"
    buttons = [*options, *more][:MOST_BUTTONS]
    return say("info", text, *buttons, topic=TOPIC, question=question.id, number=check.number)


def first(check: Check) -> Message:
    """Return the first question once more, for whoever wants to go back before it."""
    return ask(check, _FIRST)


def stopped() -> Message:
    """Return that the check ends here, and how to begin it again."""
    text = "Dạ, em dừng kiểm tra ở đây. Muốn làm lại, anh/chị gõ “kiểm tra nhanh” là được ạ."
    return say("cancelled", text, _TALK, what="readiness")


def ending(check: Check, result: Result, before: str = "") -> Message:
    """Return how the check ends: what is to do, what to bring, where, and the way on as buttons."""
    items = [f"Cần có: {'; '.join(_lower(thing) for thing in result.bring)}", f"Việc tiếp theo: {_lower(result.do)}"]
    if result.police:
        items.append("Nơi làm: công an xã, phường nào cũng được, không cần đúng nơi thường trú")
    last = "\n".join([*check.notes(), SCAM, f"(Thông tin: {told_by(result.as_of, result.tag)}.)"])
    head = f"{before} Em xem xong rồi: {result.say}." if before else f"Dạ, em xem xong rồi: {result.say}."
    buttons = [_way_on(result), *_office(result), _TALK]
    return say("info", lines(head, items, last), *buttons, topic=TOPIC, outcome=result.outcome, result=result.id)


def _way_on(result: Result) -> Button:
    if result.guide:
        return button(result.button, "create_account", goal=result.guide)
    return button(result.button, "report_account_problem", account_problem=result.problem)


def _office(result: Result) -> list[Button]:
    """Return the button to the nearest office: our records hold centres; the police may be any."""
    near = result.police or result.outcome == "paper"
    return [button("Trung tâm gần nhất", "ask_office")] if near else []


def _button(choice: Choice, check: Check) -> Button:
    return button(choice.title, "inform", readiness=f"{choice.id}@{check.pending()}")


def _lower(text: str) -> str:
    return text if text[:2].isupper() else text[0].lower() + text[1:]
