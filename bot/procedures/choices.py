"""Asking back about procedures: which of a few, which case, or which one at all."""

from __future__ import annotations

from collections.abc import Sequence

from bot.citing import shortened
from bot.messages import Button, Message, button, say
from bot.procedures.cases import UNSURE, Option
from bot.procedures.known import Known
from bot.procedures.search import Match
from bot.procedures.wording import ASPECT_OBJECTS, intent_of

# Official names run to 400 characters; the whole of it stays in the field `name`.
LONGEST_NAME, LONGEST_BUTTON = 110, 60
_DIFFERING = frozenset({"fee", "duration", "place"})


def choices(matches: Sequence[Match], aspect: str) -> Message:
    """Return the question which of a few procedures is meant."""
    intent = intent_of(aspect)
    options = [{"code": match.code, "name": match.name} for match in matches]
    if len(matches) == 1:
        only = matches[0]
        return say(
            "procedure_choices",
            f"Dạ, có phải anh/chị hỏi về “{shortened(only.name, LONGEST_NAME)}” không ạ?",
            button("Đúng rồi", intent, procedure=only.code),
            button("Không phải", "deny"),
            options=options,
        )
    numbered = [f"{number}. {shortened(match.name, LONGEST_NAME)}" for number, match in enumerate(matches, 1)]
    return say(
        "procedure_choices",
        "\n".join([_which(aspect), *numbered]),
        *(button(shortened(match.name, LONGEST_BUTTON), intent, procedure=match.code) for match in matches),
        options=options,
    )


def _which(aspect: str) -> str:
    """Return the question which of a few is meant; of fees, times and places it says why it is asked."""
    question = "anh/chị hỏi thủ tục nào trong mấy thủ tục này ạ?"
    if aspect not in _DIFFERING:
        return f"Dạ, {question}"
    return f"Dạ, {ASPECT_OBJECTS[aspect]} tùy thủ tục, {question}"


def case_question(known: Known, aspect: str) -> Message:
    """Return the question on which the answer about an aspect depends; whoever is not sure hears every case."""
    code, intent = known.procedure.code, intent_of(aspect)
    asked = known.open_cases(aspect)
    numbered = [f"{number}. {option.title}" for number, option in enumerate(asked, 1)]
    return say(
        "procedure_choices",
        "\n".join([shortened(known.procedure.name, LONGEST_NAME), known.procedure.cases["question"], *numbered]),
        *(case_button(code, option, aspect) for option in asked),
        button("Chưa rõ", intent, procedure=code, case=UNSURE),
        options=case_rows(code, asked),
    )


def case_button(code: str, option: Option, aspect: str) -> Button:
    """Return the button of one case: it asks for the same aspect again, of this procedure or of the one it leads to."""
    intent = intent_of(aspect)
    if option.procedure:
        return button(option.title, intent, procedure=option.procedure)
    return button(option.title, intent, procedure=code, case=option.id)


def case_rows(code: str, options: Sequence[Option]) -> list[dict[str, str | None]]:
    """Return the cases for machines: where each leads, what it is called, and its id."""
    return [
        {"code": option.procedure or code, "name": option.title, "case": None if option.procedure else option.id}
        for option in options
    ]


def ask_which(about: str = "", *buttons: Button) -> Message:
    """Return the question which procedure is meant, when nothing in the text says so.

    `about` is what was talked of ("hồ sơ H36…"): it is asked for first, with its buttons.
    """
    text = (
        "Dạ, anh/chị cần làm thủ tục gì ạ? Anh/chị gõ vài chữ là được, ví dụ “khai sinh cho con” hay “sang tên sổ đỏ”."
    )
    if about:
        text = f"Dạ, anh/chị hỏi về {about}, hay cần làm thủ tục gì ạ? Hỏi thủ tục thì anh/chị gõ tên giúp em."
    return say("procedure_choices", text, *buttons, options=[])


def not_found() -> Message:
    """Return that no procedure fits, without guessing one."""
    return say(
        "procedure_choices",
        "Dạ, em chưa tìm ra thủ tục đó. Anh/chị nói cách khác giúp em, hoặc gặp nhân viên để được chỉ ngay ạ.",
        button("Gặp nhân viên", "talk_to_human"),
        options=[],
    )
