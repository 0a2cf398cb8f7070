"""The page in a real browser, where Chromium, node and axe-core (`npm install axe-core`) are there."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from .conftest import Rendered

ASK = """
addEventListener("load", async () => {
  const width = [document.documentElement.scrollWidth, innerWidth];
  const names = performance.getEntriesByType("resource").map((one) => one.name);
  const asked = names.filter((name) => !name.startsWith("data:"));
  const buttons = [...document.querySelectorAll("button")].map((one) => one.textContent);
  const found = await axe.run(document, { resultTypes: ["violations"] });
  const violations = found.violations.map((one) => [one.id, one.help, one.nodes.map((node) => node.html)]);
  const answer = document.createElement("pre");
  answer.id = "answer";
  answer.textContent = JSON.stringify({ violations, passes: found.passes.length, asked, width, buttons });
  document.body.append(answer);
});
"""


@pytest.fixture(scope="module")
def axe() -> str:
    node = shutil.which("node")
    asked = [node or "node", "-p", "require.resolve('axe-core/axe.min.js')"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False) if node else None
    if done is None or done.returncode != 0:
        pytest.skip("axe-core is not installed")
    return Path(done.stdout.strip()).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def browser() -> str:
    found = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), ""
    )
    if not found:
        pytest.skip("Chromium is not installed")
    return found


def seen(browser: str, axe: str, page: str, folder: Path, *flags: str) -> dict[str, Any]:
    """What the browser says of a page. Its policy is kept, but lets the questions in beside the page's own script."""
    page = re.sub(r"script-src 'sha256-[^']+'", "script-src 'unsafe-inline'", page)
    asking = folder / "page.html"
    asking.write_text(page.replace("</body>", f"<script>{axe}</script><script>{ASK}</script></body>"), encoding="utf-8")
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=30000", "--dump-dom"]
    command += [f"--user-data-dir={folder / 'profile'}", *flags, asking.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    answer = re.search(r'<pre id="answer">(.*?)</pre>', done.stdout, flags=re.DOTALL)
    assert answer is not None, done.stderr[-500:]
    told: dict[str, Any] = json.loads(html.unescape(answer[1]))
    return told


@pytest.mark.slow
@pytest.mark.parametrize("flags", [(), ("--window-size=360,740",), ("--blink-settings=preferredColorScheme=0",)])
def test_axe_finds_nothing_and_nothing_is_asked_for(
    rendered: Rendered, browser: str, axe: str, tmp_path: Path, flags: tuple[str, ...]
) -> None:
    told = seen(browser, axe, rendered.html, tmp_path, *flags)
    assert told["violations"] == [] and told["passes"] > 20
    assert told["asked"] == []
    assert told["width"][0] <= told["width"][1]
    assert told["buttons"].count("CSV") == 4 and told["buttons"][0].endswith(" page")
