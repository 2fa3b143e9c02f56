"""The answer to a general question, with where it comes from."""

from __future__ import annotations

from bot import clock
from bot.citing import UNVERIFIED, source_line
from bot.dated_facts import holding
from bot.general_questions.questions import GeneralQuestion
from bot.messages import Message, button, lines, say

_ENDED = "Dạ, quy định về chuyện này vừa đổi, em chưa có bản mới đã kiểm tra. Anh/chị gặp nhân viên giúp em."


def say_answer(question: GeneralQuestion) -> Message:
    """Return what holds today; an answer whose days are over is not shown."""
    fact = holding(question.facts, clock.today())
    if fact is None:
        return say("info", _ENDED, button("Gặp nhân viên", "talk_to_human"), topic=question.topic)
    parts = [lines(fact.text, list(fact.items))]
    if fact.status == "unverified":
        parts.append(UNVERIFIED)
    parts.append(source_line(fact.source or "", fact.legal_basis, fact.as_of, fact.checked_at))
    return say(
        "info",
        "\n".join(parts),
        *question.next,
        topic=question.topic,
        as_of=fact.as_of,
        legal_basis=list(fact.legal_basis),
    )
