"""Questions about everything ("giấy tờ cũ có phải đổi không"): answered from content, whatever their intent."""

from __future__ import annotations

from actions.base import Reply, Turn
from bot.general_questions import answers, questions


def general_answer(turn: Turn) -> Reply | None:
    """Return the answer to a general question; None when the message asks none."""
    question = questions.recognise(turn.text)
    return Reply([answers.say_answer(question)], {"misunderstandings": 0}) if question else None


def aspect_of_topic(turn: Turn) -> str | None:
    """Return the aspect of the procedure under way that a general question means there ("bản chính hay bản sao?")."""
    question = questions.recognise(turn.text) if turn.slots.get("procedure") else None
    return question.aspect if question else None
