"""The state diagram of the documentation and the table of moves say the same, both ways."""

from __future__ import annotations

import re
import runpy

import pytest

from bot.pickups.models import ENDED, STATES
from bot.pickups.states import ENDS, MOVES, NOT_FOR, STILL_OURS
from bot.settings import ROOT

PAGE = (ROOT / "docs/pickups.md").read_text(encoding="utf-8")
_ARROW = re.compile(r"^ *(\S+) --> (\S+?)(?:: (.+))?$")
OUTSIDE = "[*]"  # where a diagram begins and ends


def diagram(page: str) -> dict[tuple[str, str], str]:
    """Return the arrows of the page's one state diagram with their labels; a line that is no arrow is a fault."""
    (block,) = re.findall(r"^```mermaid\nstateDiagram-v2\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    arrows: dict[tuple[str, str], str] = {}
    for line in block.splitlines():
        match = _ARROW.match(line)
        assert match, f"not an arrow: {line}"
        assert (match[1], match[2]) not in arrows, f"drawn twice: {line}"
        arrows[match[1], match[2]] = match[3] or ""
    return arrows


def differences(page: str) -> set[str]:
    """Return what is drawn and not allowed, or allowed and not drawn."""
    drawn = set(diagram(page))
    allowed = {(state, following) for state, moves in MOVES.items() for following in moves}
    allowed |= {(OUTSIDE, "requested"), *((state, OUTSIDE) for state in ENDS)}
    return {f"drawn, not allowed: {arrow}" for arrow in drawn - allowed} | {
        f"allowed, not drawn: {arrow}" for arrow in allowed - drawn
    }


def test_the_diagram_shows_every_move_and_no_other() -> None:
    assert not differences(PAGE)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("    failed_2 --> returned: closed\n", ""),
        ("    failed_2 --> returned: closed\n", "    failed_2 --> cancelled: closed\n"),
        ("    [*] --> requested", "    [*] --> confirmed"),
        ("    delivered --> [*]\n", ""),
        ("    delivered --> [*]\n", "    delivered --> [*]\n    delivered --> returned\n"),
    ],
)
def test_a_diagram_that_differs_is_noticed(before: str, after: str) -> None:
    assert before in PAGE
    assert differences(PAGE.replace(before, after, 1))


def test_a_table_of_moves_that_differs_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MOVES, "failed_2", MOVES["failed_2"] | {"delivered"})
    assert differences(PAGE) == {"allowed, not drawn: ('failed_2', 'delivered')"}
    monkeypatch.setitem(MOVES, "failed_2", frozenset())
    assert "drawn, not allowed: ('failed_2', 'returned')" in differences(PAGE)


def test_the_picture_is_drawn_from_the_table_as_it_is_now() -> None:
    drawn = runpy.run_path(str(ROOT / "scripts/draw_pickup_states.py"))["picture"]()
    kept = (ROOT / "docs/images/pickup-states.svg").read_text(encoding="utf-8")
    assert kept == drawn, "run scripts/draw_pickup_states.py"
    shown = set(re.findall(r'data-move="(\w+) (\w+)"', kept))
    assert shown == {(state, following) for state, moves in MOVES.items() for following in moves}


def test_what_a_collection_never_does_is_marked() -> None:
    marked = {following for (_, following), label in diagram(PAGE).items() if label == "not for a collection"}
    into = {label for (_, following), label in diagram(PAGE).items() if following in NOT_FOR["collect"]}
    assert marked == NOT_FOR["collect"] and into == {"not for a collection"}


def test_who_may_cancel_is_marked() -> None:
    by = {state: label for (state, following), label in diagram(PAGE).items() if following == "cancelled"}
    assert {state for state, label in by.items() if label == "by the citizen"} == STILL_OURS
    assert set(by.values()) == {"by the citizen", "by the staff"}


def test_the_page_explains_every_state_and_no_other() -> None:
    table = PAGE.partition("| State |")[2].partition("\n\n")[0]
    assert re.findall(r"^\| `(\w+)`", table, re.MULTILINE) == list(STATES)
    assert set(STATES) == set(MOVES) and set(ENDED) == ENDS


def test_states_lead_to_an_end_and_come_from_the_beginning() -> None:
    reached, todo = set(), ["requested"]
    while todo:
        state = todo.pop()
        if state not in reached:
            reached.add(state)
            todo.extend(MOVES[state])
    assert reached == set(MOVES)
