"""One of the desks of `python -m bench.desk` as a person has it: typed key by key in Chromium, timed until it shows."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.processes import CouldNotMeasure
from tests import find_browser

KEY_MS = 90  # between two keys of somebody who types well
# For each text that the page asked about: the time from the key that made it, and from the question (which waits a
# moment in the middle of a word), until the frame in which its suggestion stands.
WATCH = """
(() => {
  const typed = new Map(), took = window.motcuaTook = [], fetched = window.fetch;
  document.addEventListener("input", (event) => {
    if (event.target.name === "text") typed.set(event.target.value.trim(), performance.now());
  }, true);
  window.fetch = async (where, options) => {
    const begun = performance.now(), answer = await fetched(where, options);
    if (!String(where).endsWith("/suggest") || answer.status !== 200) return answer;
    const text = options.body.get("text");
    answer.clone().json().then(() => setTimeout(() => requestAnimationFrame(() => {
      const now = performance.now();
      took.push([now - (typed.get(text) ?? begun), now - begun]);
    })));
    return answer;
  };
})();
"""


@dataclass
class Shown:
    """Seconds from the last key, and from the question, until the suggestion could be seen."""

    from_key: list[float] = field(default_factory=list)
    from_asking: list[float] = field(default_factory=list)


def type_calls(base: str, token: str, said: Sequence[str], every: float, until: float, browser: str) -> Shown:
    """Take a call in Chromium and type what the caller says, a sentence about `every` seconds, `until` monotonic time.

    Raises CouldNotMeasure when nothing was shown.
    """
    from playwright.sync_api import sync_playwright

    chance, shown = random.Random(token), Shown()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=list(find_browser.ARGUMENTS))
        context = chromium.new_context(locale="vi-VN", viewport={"width": 1366, "height": 768})
        context.add_cookies([{"name": "mc_desk", "value": token, "url": base}])
        context.add_init_script(WATCH)
        page = context.new_page()
        page.goto(f"{base}/desk/phone")
        page.keyboard.press("Enter")
        page.wait_for_url("**/desk/phone/*")
        words = page.get_by_label("Người gọi nói gì")
        while time.monotonic() < until:
            words.fill("")
            begun = time.monotonic()
            page.keyboard.type(chance.choice(said), delay=KEY_MS)
            page.wait_for_timeout(1_000)
            if chance.random() < 0.3:
                page.keyboard.press("Enter")  # taken: the answer stands in the talk, the field is empty again
            rest = chance.uniform(0.5, 1.5) * every - (time.monotonic() - begun)
            page.wait_for_timeout(max(0.0, min(rest, until - time.monotonic())) * 1e3)
        for from_key, from_asking in page.evaluate("window.motcuaTook"):
            shown.from_key.append(from_key / 1e3)
            shown.from_asking.append(from_asking / 1e3)
        chromium.close()
    if not shown.from_key:
        raise CouldNotMeasure("the browser showed no suggestion")
    return shown
