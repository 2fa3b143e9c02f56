"""Draw docs/images/pickup-states.svg from the table of moves, so that the picture cannot say anything else.

Run `.venv/bin/python scripts/draw_pickup_states.py` after a change of the table; a test says when.
"""

from __future__ import annotations

from math import hypot
from pathlib import Path

from bot.pickups.states import ENDS, MOVES, NOT_FOR, STILL_OURS

TARGET = Path(__file__).resolve().parent.parent / "docs/images/pickup-states.svg"
WIDTH, HEIGHT = 1300, 490
BOX_WIDTH, BOX_HEIGHT = 156, 40
PLACES = {
    "requested": (100, 200),
    "rejected": (210, 60),
    "cancelled": (320, 350),
    "confirmed": (320, 200),
    "assigned": (540, 200),
    "picked_up": (740, 200),
    "out_for_delivery": (960, 60),
    "failed_1": (885, 350),
    "delivered": (1200, 200),
    "failed_2": (1200, 350),
    "returned": (1200, 445),
}
_STYLE = """
text { font: 15px "DejaVu Sans Mono", Menlo, Consolas, monospace; text-anchor: middle; fill: #1b2733 }
.note { font: 13px "DejaVu Sans", Arial, sans-serif; text-anchor: start; fill: #44525f }
rect { fill: #ffffff; stroke: #44525f; stroke-width: 1.5 }
.ours { fill: #e3f1e7; stroke: #1d6b3c }
.end { fill: #e8eaee; stroke-width: 3 }
path { fill: none; stroke: #44525f; stroke-width: 1.6; marker-end: url(#tip) }
.some { stroke-dasharray: 6 4 }
"""
_TIP = (
    '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto">'
    '<path d="M0 0L10 5L0 10z" style="fill:#44525f;stroke:none;marker-end:none"/></marker></defs>'
)


def picture() -> str:
    """Return the picture as SVG."""
    if set(PLACES) != set(MOVES):
        raise SystemExit(f"no place for {set(MOVES) ^ set(PLACES)}")
    arrows = [_arrow(state, following) for state in MOVES for following in sorted(MOVES[state])]
    boxes = [_box(state) for state in MOVES]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
            "<title>States of a booking and the moves between them</title>",
            f"<style>{_STYLE}</style>",
            _TIP,
            f'<rect width="{WIDTH}" height="{HEIGHT}" style="stroke:none"/>',
            *arrows,
            *boxes,
            '<text class="note" x="22" y="430">green: the citizen may change or cancel here</text>',
            '<text class="note" x="22" y="450">thick border: an end</text>',
            '<text class="note" x="22" y="470">dashed: not for a collection of papers</text>',
            "</svg>\n",
        ]
    )


def _box(state: str) -> str:
    x, y = PLACES[state]
    kind = "ours" if state in STILL_OURS else "end" if state in ENDS else "under-way"
    left, top = x - BOX_WIDTH / 2, y - BOX_HEIGHT / 2
    return (
        f'<rect class="{kind}" x="{left:g}" y="{top:g}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="9"/>'
        f'<text x="{x}" y="{y + 5}">{state}</text>'
    )


def _arrow(state: str, following: str) -> str:
    """Return a bent line from border to border; two that run against each other bend to either side."""
    (x1, y1), (x2, y2) = PLACES[state], PLACES[following]
    length = hypot(x2 - x1, y2 - y1)
    bend = 22 if state in MOVES[following] else 0
    side_x, side_y = -(y2 - y1) / length * bend, (x2 - x1) / length * bend
    middle = ((x1 + x2) / 2 + side_x * 2, (y1 + y2) / 2 + side_y * 2)
    start, end = _border((x1, y1), middle), _border((x2, y2), middle)
    kind = "some" if any(following in states for states in NOT_FOR.values()) else "all"
    return (
        f'<path class="{kind}" data-move="{state} {following}" d="M{start[0]:.1f} {start[1]:.1f}'
        f'Q{middle[0]:.1f} {middle[1]:.1f} {end[0]:.1f} {end[1]:.1f}"/>'
    )


def _border(centre: tuple[float, float], towards: tuple[float, float]) -> tuple[float, float]:
    """Return where the line from the centre of a box leaves it."""
    dx, dy = towards[0] - centre[0], towards[1] - centre[1]
    scale = min(
        (BOX_WIDTH / 2 + 3) / abs(dx) if dx else float("inf"), (BOX_HEIGHT / 2 + 3) / abs(dy) if dy else float("inf")
    )
    return centre[0] + dx * scale, centre[1] + dy * scale


if __name__ == "__main__":
    TARGET.write_text(picture(), encoding="utf-8")
