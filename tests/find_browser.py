"""Find the Chromium that the page is tested in; run before pytest: python tests/find_browser.py .

Prints one line. Where no browser is found and none can be installed, the browser tests are skipped, and say so;
with CI=true that is a failure (exit code 1).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
INSTALL_SECONDS = 300
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run",
)  # fmt: skip


def find() -> str | None:
    """Return the path of a Chromium on this machine, or of the one that Playwright installed."""
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    try:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            path = playwright.chromium.executable_path
    except Exception:  # Playwright is not installed, or has no driver for this machine
        return None
    return path if Path(path).is_file() else None


def install() -> None:
    """Let Playwright fetch its Chromium; without a network it just fails, soon."""
    try:
        subprocess.run(
            [sys.executable, "-m", "playwright", "install", "chromium"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=INSTALL_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return


def main() -> int:
    """Print what was found; returns the exit code."""
    found = find()
    if found is None:
        install()
        found = find()
    if found:
        sys.stdout.write(f"Browser for the tests: {found}\n")
        return 0
    if os.environ.get("CI") == "true":
        sys.stderr.write(
            "No Chromium on this machine and Playwright could not install one; with CI=true that is a failure: "
            "install the package chromium.\n"
        )
        return 1
    sys.stdout.write(
        "No Chromium on this machine and Playwright could not install one: the browser tests will be skipped.\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
