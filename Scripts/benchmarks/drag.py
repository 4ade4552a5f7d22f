"""Times, in Chromium, how soon the figures beside the map follow a corner that is dragged: from a pointer's move to the first
frame with the figures of that zone, or of a later one.

Every move counts, also those that no question was asked for: what was waited for before asking is part of it.
"""

import bisect
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "Tests" / "EndToEnd"))
sys.path.insert(0, str(Path(__file__).parent))

from playwright.sync_api import sync_playwright

from cli import Tocsin
from console_page import CHROMIUM, READY
from server import PASSWORD, Server
from synthetic import TOCSIN, build_register, invented_people

MOVES = 600
BETWEEN_SECONDS = 1 / 60
# Notes when the pointer moved, and of each answered question when it was asked and when a frame had its figures.
WATCH = """
window.watched = { moves: [], shown: [], asked: 0 }
addEventListener('pointermove', event => { if (event.buttons) window.watched.moves.push(event.timeStamp) }, true)
const ask = window.fetch
window.fetch = async (...request) => {
  const at = performance.now(), isCount = String(request[0]?.url ?? request[0]).endsWith('/api/zone/counts')
  if (isCount) window.watched.asked += 1
  const response = await ask(...request)
  if (isCount && response.ok) {
    response.clone().arrayBuffer().then(() => requestAnimationFrame(() => requestAnimationFrame(() => {
      window.watched.shown.push([at, performance.now()])
    })), () => {})
  }
  return response
}
"""


def percentile(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(share * len(times)))]


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o711)
        tocsin = Tocsin(Path(TOCSIN), folder)
        x, y, town, (east, north), _ = invented_people(rows)
        build_register(tocsin.database, x, y, town)
        with Server(tocsin) as server, sync_playwright() as playwright:
            server.signed_in()
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
            page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="fr-FR", reduced_motion="reduce")
            page.add_init_script(WATCH)
            page.goto(f"http://127.0.0.1:{server.port}/connexion")
            page.fill("#user", "admin")
            page.fill("#password", PASSWORD)
            page.click("#go")
            page.wait_for_function(READY, timeout=60_000)

            def pixel(longitude: float, latitude: float):
                return page.evaluate("at => window.tocsin.pixel(at)", [longitude, latitude])
            page.click("[data-tool=polygon]")
            corners = [(east - 0.8, north - 0.6), (east + 0.8, north - 0.6), (east + 0.8, north + 0.6), (east - 0.8, north + 0.6)]
            for corner in corners:
                page.mouse.click(*pixel(*corner))
            page.click("[data-key=finish]")
            page.wait_for_function("() => window.tocsin.state.counts.status === 'ok'", timeout=60_000)
            whole = page.evaluate("window.tocsin.state.counts.value.recipients")
            page.click("[data-tool=modify]")
            page.wait_for_timeout(1000)
            start, reach = pixel(*corners[2]), 60
            page.mouse.move(*start)
            page.mouse.down()
            page.evaluate("Object.assign(window.watched, { moves: [], shown: [], asked: 0 })")
            seen = set()
            for step in range(MOVES):
                due = time.perf_counter() + BETWEEN_SECONDS
                # There and back, a little of the way each time.
                along = abs((step % 120) - 60) / 60
                page.mouse.move(start[0] + reach * (1 - along), start[1] - reach * (1 - along) / 2)
                time.sleep(max(0.0, due - time.perf_counter()))
                if step % 50 == 0:
                    seen.add(page.inner_text("#audience strong >> nth=0"))
            page.wait_for_timeout(1000)
            page.mouse.up()
            watched = page.evaluate("window.watched")
            browser.close()
    shown = sorted(watched["shown"])
    asked = [one[0] for one in shown]
    # The first figures on screen of any zone asked about since a move.
    soonest = [0.0] * (len(shown) + 1)
    soonest[-1] = float("inf")
    for at in range(len(shown) - 1, -1, -1):
        soonest[at] = min(shown[at][1], soonest[at + 1])
    late = [soonest[bisect.bisect_left(asked, move)] - move for move in watched["moves"]]
    followed = [one for one in late if one != float("inf")]
    if len(followed) < len(late) - 1 or len(seen) < 3:
        sys.exit(f"the figures did not follow: {len(late) - len(followed)} of {len(late)} moves without, {len(seen)} figures seen")
    print(f"{rows} recipients, {whole} of them in the zone; {len(late)} moves, {watched['asked']} questions, {len(shown)} answers shown")
    print(f"from a move to its figures, in milliseconds: p50 {percentile(followed, .5):.0f}, p95 {percentile(followed, .95):.0f}, "
          f"greatest {max(followed):.0f}")


main(int(sys.argv[1]))
