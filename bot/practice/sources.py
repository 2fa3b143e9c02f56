"""The record beside a clerk's answer, as the assistant would tell it: with its source and date, never copied."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.accounts.guides import guides
from bot.general_questions.answers import say_answer
from bot.general_questions.questions import questions
from bot.practice.scenarios import Record
from bot.procedures import answers
from bot.procedures.cases import UNSURE
from bot.procedures.known import find


@dataclass(frozen=True)
class Shown:
    """A record as the trainee sees it: what it is, its code, what it says."""

    title: str
    code: str
    text: str


def shown(session: Session, record: Record) -> Shown | None:
    """Return the record; None where this installation does not hold it."""
    if record.kind == "procedure":
        known = find(session, record.name)
        told = answers.explain(session, record.name, record.aspect, case=record.case or UNSURE)
        return Shown(known.procedure.name, record.name, told.text) if known and told else None
    if record.kind == "question":
        question = questions().get(record.name)
        return Shown(question.question, question.topic, say_answer(question).text) if question else None
    guide = guides().get(record.name)
    if guide is None:
        return None
    return Shown(guide.title, guide.goal, "\n".join([guide.intro, *(f"- {item}" for item in guide.bring)]))
