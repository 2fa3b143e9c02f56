"""The sketches: every step draws, in both forms, not blank, with its sentence; light, readable, without a real code."""

from __future__ import annotations

import io
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

from bot.accounts.guides import Item, Screen, Step, drawing, guides
from bot.accounts.guides.model import ITEMS, SCREENS
from bot.settings import CONTENT

STEPS = [(goal, step) for goal, guide in guides().items() for step in guide.steps]
NAMES = [f"{goal}-{step.id}" for goal, step in STEPS]


@pytest.mark.parametrize(("goal", "step"), STEPS, ids=NAMES)
def test_every_step_is_drawn(goal: str, step: Step) -> None:
    png = drawing.drawn(step.screen, "png")
    with Image.open(io.BytesIO(png)) as picture:
        colours = picture.convert("RGB").getcolors(maxcolors=256)
        assert picture.info["Description"] == step.screen.alt
        assert colours is not None and len(colours) >= 6, "blank"
        assert picture.width == 2 * drawing.size(step.screen)[0] == 632
        assert picture.convert("L").getpixel((2, 2)) >= 250, "the ground is light"
    assert len(png) < 40_000, "too heavy for a slow network"
    root = ElementTree.fromstring(drawing.drawn(step.screen, "svg"))
    titles = [element.text for element in root if element.tag.endswith("title")]
    assert titles == [step.screen.alt] and root.get("role") == "img" and len(list(root.iter())) > 20


def one_of_each(kind: str) -> Screen:
    items = tuple(
        Item(
            name, text="" if name == "list" else "Chữ “<&>” $x$ #let", entries=("Một", "*Hai*"), press=name == "button"
        )
        for name in ITEMS
    )
    return (
        Screen(kind, "Câu tả <hình> & “chữ”", "Tên", "Tiêu đề", items[:7])
        if kind != "paper"
        else Screen(kind, "Câu tả", "", "", items[4:])
    )


@pytest.mark.parametrize("kind", SCREENS)
def test_every_kind_of_item_is_drawn_and_no_text_becomes_markup(kind: str) -> None:
    screen = one_of_each(kind)
    assert drawing.drawn(screen, "png").startswith(b"\x89PNG")
    root = ElementTree.fromstring(drawing.drawn(screen, "svg"))
    assert next(element.text for element in root) == screen.alt


def test_what_is_pressed_is_numbered_where_there_are_several() -> None:
    items = (Item("button", "A", press=True), Item("text", "B"), Item("link", "C", press=True))
    rows = drawing.sketch(Screen("phone", "x", items=items))["items"]
    assert [(row["press"], row["several"]) for row in rows] == [(1, True), (0, True), (2, True)]
    (only,) = drawing.sketch(Screen("phone", "x", items=items[:1]))["items"]
    assert (only["press"], only["several"]) == (1, False)


def test_the_mark_is_seen(tmp_path: Path) -> None:
    """The ring around what to press is there, in its own colour, and nowhere when nothing is to be pressed."""

    def marked(press: bool) -> int:
        png = drawing.drawn(Screen("phone", "x", items=(Item("button", "Tiếp", press=press),)), "png")
        picture = Image.open(io.BytesIO(png)).convert("RGB")
        return sum(count for count, (r, g, b) in picture.getcolors(256) or [] if r > 140 and g < 90 and b < 60)

    assert marked(True) > 2_000 and marked(False) == 0


def test_numbers_stay_with_their_word() -> None:
    screen = Screen("phone", "x", title="Mức 2", items=(Item("text", "mức 1 hoặc 2"),))
    drawn = drawing.sketch(screen)
    assert drawn["title"] == "Mức\u00a02" and drawn["items"][0]["text"] == "mức\u00a01 hoặc\u00a02"


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_letters_and_marks_have_enough_contrast() -> None:
    source = (CONTENT / "print" / "look.typ").read_text(encoding="utf-8")
    colours = dict(re.findall(r'#let (\w+) = rgb\("#(\w{6})"\)', source))
    for name in ("ink", "quiet", "deep", "action", "mark"):
        for ground in ("ffffff", colours["soft"]):
            light, dark = luminance(ground), luminance(colours[name])
            if (name, ground) != ("deep", colours["soft"]):
                assert (light + 0.05) / (dark + 0.05) >= 4.5, (name, ground)
