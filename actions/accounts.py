"""Actions about accounts: the guide step by step, and everything that is answered at once."""

from __future__ import annotations

from typing import Any

from actions.base import TurnAction
from actions.general_questions import general_answer
from actions.turn import Reply, Turn
from bot.accounts import answers, guides, problems
from bot.key_phrases import plain, score
from bot.text import digits

TOPICS = {
    "ask_account_requirements": "account_requirements",
    "file_online": "file_online",
    "pay_online": "pay_online",
    "report_payment_problem": "payment_problem",
}
FOREIGN = ("nguoi nuoc ngoai", "the tam tru", "the thuong tru")
PROBLEM = "account:"  # `pending` while a problem's checking question is open: "account:no_otp"
YES_NO = ("no_otp", "new_phone")  # whose checking question a yes (first option) or no answers
NO_GUIDE: dict[str, Any] = {"guide": None, "guide_step": None}


class ActionAccountGuide(TurnAction):
    """Walks through the creation of an account."""

    action_name = "action_account_guide"

    def answer(self, turn: Turn) -> Reply:
        """Start a guide, or go one step forth or back in the one under way."""
        goal, number = _under_way(turn)
        if turn.intent == "create_account":
            return _start(turn)
        if goal is None and turn.paused:
            return Reply(then="action_resume_task")  # "làm tiếp đi": what silence cut off is meant
        if goal is None:
            return Reply([answers.guide_offer()])
        of = len(guides.guides()[goal].steps)
        wanted = _wanted(turn, of)
        if turn.intent == "previous_step":
            if number == 1 and wanted is None:
                return _show(goal, 1, "Dạ, đây là bước đầu rồi ạ.")
            return _show(goal, wanted or number - 1)
        if number >= of:
            return Reply([answers.guide_done(goal)], dict(NO_GUIDE))
        return _show(goal, wanted or number + 1)


class ActionAccountHelp(TurnAction):
    """Answers problems with an account, and questions about accounts, filing and paying."""

    action_name = "action_account_help"

    def answer(self, turn: Turn) -> Reply:
        """Return the fix of a problem or the fixed answer of a topic; a guide under way stays open."""
        topic = TOPICS.get(turn.intent)
        if topic in ("file_online", "account_requirements") and (general := general_answer(turn, only="place")):
            return general  # "không có smartphone thì nộp sao": where to go instead
        if turn.intent.startswith("ask_procedure"):
            topic = "account_requirements"  # "có tốn tiền không" in the middle of a guide
        if topic is not None:
            return Reply([answers.topic_answer(topic, turn.text)])
        named = turn.entity("account_problem") or ""
        if named in problems.problems():
            # A pressed button names the problem itself: it answers the checking question.
            return Reply([answers.problem_answer(problems.problems()[named], asked=True)])
        problem = problems.recognise(named, turn.text)
        asked = problem is not None and problem.ask is not None
        return Reply(
            [answers.problem_answer(problem)], {"pending": f"{PROBLEM}{problem.id}" if problem and asked else None}
        )


def answer_problem(turn: Turn, number: int) -> Reply:
    """Answer a checking question: by the option's number, a yes counts as 1 and a no as 2."""
    problem = problems.problems().get(str(turn.slots.get("pending") or "").removeprefix(PROBLEM))
    said_yes_no = turn.intent in ("affirm", "deny")
    if problem is None or not 1 <= number <= len(problem.options) or (said_yes_no and problem.id not in YES_NO):
        return Reply([answers.problem_answer(problem)], {"pending": turn.slots.get("pending")})
    chosen = problems.problems()[problem.options[number - 1].problem]
    return Reply([answers.problem_answer(chosen, asked=True)], {"pending": None})


def _start(turn: Turn) -> Reply:
    if score(plain(turn.text), FOREIGN):
        return Reply([answers.foreigner()], dict(NO_GUIDE))
    guide, number = guides.start(turn.text)
    before = "" if number == 1 else f"Dạ, mình làm từ bước {number} nhé; cần xem bước trước thì bấm Quay lại."
    return _show(guide.goal, number, before)


def _show(goal: str, number: int, before: str = "") -> Reply:
    message = answers.guide_step(goal, number, before)
    return Reply([message], {"guide": goal, "guide_step": message.fields["step"]})


def _under_way(turn: Turn) -> tuple[str | None, int]:
    """Return the guide under way and its step; a guide that is no longer shipped counts as none."""
    goal = turn.slots.get("guide")
    step = turn.slots.get("guide_step")
    if goal not in guides.guides() or not isinstance(step, (int, float)):
        return None, 0
    return goal, max(1, min(int(step), len(guides.guides()[goal].steps)))


def _wanted(turn: Turn, of: int) -> int | None:
    """Return the step somebody names: "về bước số 2"."""
    ordinal = turn.entity("ordinal")
    if ordinal == "last":
        return of
    number = int(digits(ordinal or "")[:2] or 0)
    return number if 1 <= number <= of else None
