"""The guide in print: as many pages as it needs, the QR code leads to its page, the scam rule is on every page."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from bot import printing
from bot.accounts.guides import guides, links, printed

DAY = date(2026, 11, 27)


def data(goal: str) -> dict[str, Any]:
    return printed.data(guides()[goal], DAY)


@pytest.mark.parametrize("goal", list(guides()))
def test_every_guide_is_printed_on_a_few_pages(goal: str) -> None:
    guide = guides()[goal]
    pdf = printed.printed(guide, DAY)
    pages = len(re.findall(rb"/Type\s*/Page[^s]", pdf))
    assert pdf.startswith(b"%PDF") and 1 < pages <= len(guide.steps) + 2


def test_the_code_leads_to_the_page_and_the_letters_are_large() -> None:
    first, *rest = printing.sheets(printed.TEMPLATE, data("vneid_level_2"))
    (found,) = [code.text for code in zxingcpp.read_barcodes(Image.open(io.BytesIO(first)))]
    assert found == links.page("vneid_level_2") and rest
    template = (printing.TEMPLATES / printed.TEMPLATE).read_text(encoding="utf-8")
    assert "size: 14pt" in template.partition("#set page")[0]


def test_the_sketch_that_looks_like_a_code_is_none() -> None:
    for sheet in printing.sheets(printed.TEMPLATE, data("portal_login"))[1:]:
        assert zxingcpp.read_barcodes(Image.open(io.BytesIO(sheet))) == []


def test_everything_is_on_it() -> None:
    told = data("vneid_level_2")
    guide = guides()["vneid_level_2"]
    assert [step["title"] for step in told["steps"]] == [step.title for step in guide.steps]
    assert told["bring"] == list(guide.bring) and told["printed"] == "27/11/2026" and guide.version == told["version"]
    assert all(step.as_of in told["sources"] for step in guide.steps)
    assert "OTP" in told["scam"] and "OTP" in dict(told["short_forms"])


def test_every_page_ends_with_the_scam_rule() -> None:
    """Its colour stands at the foot of every page, and nowhere else that low."""
    for sheet in printing.sheets(printed.TEMPLATE, data("vneid_level_2")):
        picture = Image.open(io.BytesIO(sheet)).convert("RGB")
        foot = picture.crop((0, int(picture.height * 0.89), picture.width, picture.height))
        red = sum(n for n, (r, g, b) in foot.getcolors(1 << 20) or [] if r > 140 and g < 90 and b < 60)
        assert red > 1_000
