"""Questions about everything ("giấy tờ cũ có phải đổi không"): answered from content, whatever their intent."""

from __future__ import annotations

from actions.turn import Reply, Turn
from bot.general_questions import answers, questions
from bot.general_questions.questions import GeneralQuestion
from bot.procedures import search
from bot.procedures.words import names_something


def general_answer(turn: Turn, *, only: str | None = None, but: str | None = None) -> Reply | None:
    """Return the answer to a general question; None when the message asks none.

    `only`: none but one of this aspect; `but`: not the one with this topic.
    """
    question = _asked(turn)
    if question and question.topic == but:
        return None
    if question and only and question.aspect != only:
        return None
    return Reply([answers.say_answer(question)], {"misunderstandings": 0}) if question else None


def aspect_of_topic(turn: Turn) -> str | None:
    """Return the aspect of the procedure under way that a general question means there ("bản chính hay bản sao?")."""
    question = _asked(turn) if turn.slots.get("procedure") else None
    return question.aspect if question else None


def _asked(turn: Turn) -> GeneralQuestion | None:
    """Return the general question of a message; none when it surely names one procedure, which answers itself.

    What the question's own phrases say is no such name ("đăng ký nuôi chó" is no adoption); what stands beside them may
    be one ("đã ly hôn, giờ xin giấy độc thân").
    """
    question = questions.recognise(turn.text)
    if question is None:
        return None
    spans = [str(e["value"]) for e in turn.entities if e["entity"] == "procedure"]
    named = [span for span in spans if names_something(questions.beside(question, span))]
    if any(search.link(turn.session, span, named=True).best for span in named):
        return None
    return None if search.link(turn.session, questions.beside(question, turn.text)).best else question
