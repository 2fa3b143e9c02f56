"""What is known of a procedure on one day: the facts that hold, by aspect and by case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from bot import clock
from bot.procedures import catalogue
from bot.procedures.cases import Option, options
from bot.procedures.models import Procedure, ProcedureFact


@dataclass(frozen=True)
class Known:
    """A procedure with the facts that hold on one day."""

    procedure: Procedure
    day: date
    facts: dict[tuple[str, str | None], ProcedureFact]

    @property
    def is_described(self) -> bool:
        """Return whether more than the name is known."""
        return bool(self.facts)

    def has(self, aspect: str) -> bool:
        """Return whether something is known of the aspect, be it of some case only."""
        return any(held == aspect for held, _ in self.facts)

    def fact(self, aspect: str, case: str | None = None) -> ProcedureFact | None:
        """Return what holds of an aspect in a case; what holds for everybody where the case has nothing of its own."""
        return self.facts.get((aspect, case)) or self.facts.get((aspect, None))

    def open_cases(self, aspect: str) -> tuple[Option, ...]:
        """Return the options to ask about before the aspect can be answered; none when one answer fits all."""
        if not any(held == aspect and case for held, case in self.facts):
            return ()
        return options(self.procedure.cases)

    def option(self, case: str | None) -> Option | None:
        """Return the option of this procedure's cases that is called `case`."""
        return next((option for option in options(self.procedure.cases) if option.id == case), None)

    @property
    def usual_case(self) -> str | None:
        """Return the case of nearly everybody; None where people have to be asked."""
        return (self.procedure.cases or {}).get("usual")

    def expired(self, aspect: str) -> date | None:
        """Return the last day of the newest fact of the aspect that holds no more; None when there is none."""
        ends = [fact.valid_to for fact in self.procedure.facts if fact.aspect == aspect and fact.valid_to]
        return max((end for end in ends if end < self.day), default=None)


def find(session: Session, code: str, day: date | None = None) -> Known | None:
    """Return the procedure and what holds on `day` (today); None for an unknown code."""
    procedure = catalogue.find(session, code)
    if procedure is None:
        return None
    day = day or clock.today()
    facts = {
        (fact.aspect, fact.case_id): fact
        for fact in procedure.facts
        if (fact.valid_from is None or fact.valid_from <= day) and (fact.valid_to is None or day <= fact.valid_to)
    }
    return Known(procedure, day, facts)
