"""A problem with an account: one checking question where it decides, the fix, "được chưa?", a second way, a person."""

from __future__ import annotations

from actions import account_hearing, guiding
from actions.turn import Reply, Turn
from bot.accounts import problem_answers as answers
from bot.accounts import problem_matching, problems, readiness, readiness_answers, yes_no
from bot.accounts.problems import Option, Problem
from bot.key_phrases import plain, score
from bot.text import digits
from bot.tickets import answers as tickets

PROBLEM = "account:"  # `pending` while a checking question is open: "account:no_otp"
FIX = "account_fix:"  # and while "được chưa?" is open: "account_fix:forgot_password:1:forgot_secret"
CHECK = "|"  # before the quick check in which the problem came up: it goes on when the problem is solved
YES_NO = ("no_otp", "new_phone")  # whose checking question a yes (first option) or no answers
LONGEST_ANSWER = 8  # words


def opened(turn: Turn, problem: Problem | None, via: str = "") -> Reply:
    """Ask the problem's checking question, or say its fix; `via` is the problem whose question led here."""
    if problem is None:
        return Reply([answers.unknown()], {"pending": left_open(turn) or None})
    if found := guiding.under_way(turn):
        guiding.note(turn, found[0], "stuck", found[1])
    if problem.ask is not None:
        answers.count(problem, "asked")
        return Reply([answers.question(problem)], {"pending": _pending(turn, f"{PROBLEM}{problem.id}")})
    answers.count(problem, "first")
    message = answers.fix(problem, via=via, step=2 if via else 1)
    return Reply([message], {"pending": _pending(turn, f"{FIX}{problem.id}:1:{via}")})


def left_open(turn: Turn) -> str:
    """Return the quick check that a problem has come up in; empty when there is none."""
    pending = str(turn.slots.get("pending") or "")
    return pending if pending.startswith(readiness.PENDING) else pending.partition(CHECK)[2]


def _pending(turn: Turn, state: str) -> str:
    check = left_open(turn)
    return f"{state}{CHECK}{check}" if check else state


def _state(turn: Turn) -> str:
    """Return what is open about a problem, without the check behind it."""
    return str(turn.slots.get("pending") or "").partition(CHECK)[0]


def pressed(turn: Turn, name: str) -> Reply:
    """Open the problem that a button names; it may answer the checking question of another one."""
    return opened(turn, problems.problems()[name], _asking(turn, name))


def answer_problem(turn: Turn, number: int) -> Reply:
    """Answer a checking question: by the option's number, a yes counts as 1 and a no as 2."""
    problem = problems.problems().get(_state(turn).removeprefix(PROBLEM))
    said_yes_no = turn.intent in ("affirm", "deny")
    if problem is None or not 1 <= number <= len(problem.options) or (said_yes_no and problem.id not in YES_NO):
        return opened(turn, problem)
    return opened(turn, problems.problems()[problem.options[number - 1].problem], problem.id)


def answered(turn: Turn) -> Reply | None:
    """Return what follows an answer to the question just asked about a problem; None when the message answers none."""
    pending = _state(turn)
    if solved := turn.entity("solved"):
        state, _, said = solved.rpartition(":")
        return _tried(turn, state, said == "yes")
    if guiding.pressed(turn) or turn.intent in guiding.FIRST:
        return None
    if pending.startswith(FIX):
        return _after_fix(turn, pending.removeprefix(FIX))
    if pending.startswith(PROBLEM):
        return _after_question(turn, pending.removeprefix(PROBLEM))
    return None


def _after_fix(turn: Turn, state: str) -> Reply | None:
    current = state.split(":")[0]
    other = account_hearing.another(turn)
    if other and other.id != current and current not in (option.problem for option in other.options):
        return opened(turn, other)
    said = yes_no.solved(turn.text)
    if said is None and turn.intent in ("affirm", "deny"):
        said = turn.intent == "affirm"
    return None if said is None else _tried(turn, state, said)


def _after_question(turn: Turn, name: str) -> Reply | None:
    problem = problems.problems().get(name)
    if problem is None or len(turn.text.split()) > LONGEST_ANSWER:
        return None
    option = _option(turn, problem)
    if option is None:
        return None
    return opened(turn, problems.problems()[option.problem], problem.id)


def _option(turn: Turn, problem: Problem) -> Option | None:
    number = digits(turn.entity("ordinal") or "") or (turn.text.strip() if turn.text.strip().isdecimal() else "")
    if number and 1 <= int(number) <= len(problem.options):
        return problem.options[int(number) - 1]
    told = problem_matching.read(turn.text)
    by_signs = {option: _surely(told, option) for option in problem.options}
    best = max(problem.options, key=lambda option: by_signs[option])
    if by_signs[best] >= account_hearing.SURE_WORDS:
        return best
    said = plain(turn.text)
    # Of two equally long ones the later: "con mất rồi" is no "còn".
    most, at = max((score(said, option.says), at) for at, option in enumerate(problem.options))
    if yes_no.unsure(turn.text) and most <= len("khong"):
        return problem.options[-1]  # the kinder way: it holds for whoever does not know
    return problem.options[at] if most else None


def _surely(told: problem_matching.Told, option: Option) -> float:
    problem = problems.problems()[option.problem]
    return problem_matching.score(told, problem.phrases, problem.signs, problem.supports).weight


def _tried(turn: Turn, state: str, works: bool) -> Reply | None:
    """Go on after a way was tried: `state` is "problem:way:via"."""
    name, way, via = (*state.split(":"), "", "")[:3]
    problem = problems.problems().get(name)
    if problem is None:
        return None
    if works:
        answers.count(problem, "solved")
        if check := readiness.read(left_open(turn)):
            asked = readiness_answers.ask(check, "Dạ, tốt quá. Mình kiểm tra tiếp nhé.")
            return Reply([asked], {"pending": check.pending()})
        back = guiding.under_way(turn)
        if back is None:
            return Reply([answers.solved(problem)], {"pending": None})
        reply = guiding.show(turn, back[0].goal, back[0].number, "Dạ, tốt quá. Mình làm tiếp bước này nhé.")
        return reply.and_slots({"pending": None})
    if way == "1":
        answers.count(problem, "second")
        message = answers.second(problem, via=via, step=3 if via else 2)
        return Reply([message], {"pending": _pending(turn, f"{FIX}{problem.id}:2:{via}")})
    answers.count(problem, "person")
    summary = answers.summary(problem, via)
    handed = tickets.handoff(turn.session, turn.conversation_id, "account", summary, subject=problem.id)
    return Reply([handed], {"pending": None})


def _asking(turn: Turn, name: str) -> str:
    """Return the problem whose checking question the option `name` answers: the open one, else any that has it."""
    pending = _state(turn).removeprefix(PROBLEM)
    asking = [p.id for p in problems.problems().values() if any(option.problem == name for option in p.options)]
    return pending if pending in asking else next(iter(asking), "")
