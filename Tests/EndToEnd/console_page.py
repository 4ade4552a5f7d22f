"""Drives the console in a real Chromium and watches over what it does: requests, errors, the content policy."""

import base64
import json
import re
import tempfile
from pathlib import Path

import shapely
from playwright.sync_api import Browser, Page, TimeoutError
from shapely.geometry import shape

import somme
from console_server import ConsoleServer

CHROMIUM = "/usr/bin/chromium"
# What carries data of the register; the rest is the same files for everyone.
ANSWERS = re.compile(r"/(api|tiles)/")
# A campaign's groups of recipients, as the page calls them and as reports do.
GROUPS = {"Accusé reçu": "answered_validated", "Répondu sans accusé": "answered_not_validated", "Passé": "passed",
          "Échec": "failed", "Injoignables": "unreachable", "Annulés": "cancelled", "En attente": "pending"}
READY = "() => document.body?.dataset.ready === 'true'"
MORE_ITEMS = "count => window.tocsin.state.draft.items.length > count"
LISTEN = "addEventListener('securitypolicyviolation', e => window.breach(`${e.violatedDirective} ${e.blockedURI}`))"


def body(content: dict) -> str:
    """A body as an archive keeps it."""
    text = content.get("text", "")
    return base64.b64decode(text).decode(errors="replace") if content.get("encoding") == "base64" else text


class ConsolePage:
    """One tab. `close` says what went wrong beside what the test looked at."""

    def __init__(self, browser: Browser, server: ConsoleServer, folder: Path, session: dict | None = None, **device):
        self.server = server
        self.archive = folder / "answers.har"
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}} | device, locale="fr-FR",
            timezone_id="Europe/Paris", reduced_motion="reduce", storage_state=session, record_har_path=self.archive,
            record_har_content="embed", record_har_url_filter=ANSWERS)
        self.context.set_default_timeout(15_000)
        self.page: Page = self.context.new_page()
        self.requests: list[str] = []
        self.faults: list[str] = []
        self.expected: list[str] = []
        # Starts of foreign addresses that this page may ask: a background map's.
        self.allowed: tuple[str, ...] = ()
        self.page.on("request", lambda request: self.requests.append(f"{request.method} {request.url}"))
        self.page.on("console", lambda line: line.type == "error" and self._note(f"{line.text} at {line.location['url']}"))
        self.page.on("pageerror", lambda error: self._note(f"page error: {error}"))
        self.page.expose_function("breach", lambda text: self._note(f"content policy: {text}"))
        self.page.add_init_script(LISTEN)

    def _note(self, fault: str) -> None:
        if not any(words in fault for words in self.expected):
            self.faults.append(fault)

    def expect_refusal(self, *statuses: int) -> None:
        """Chromium writes an error for every answer of this kind: the test asks for one."""
        self.expected += [f"the server responded with a status of {status}" for status in statuses]

    def expect_cut(self) -> None:
        """The server is about to go away."""
        self.expected += ["net::ERR_"]

    # Coming and going

    def open(self, path: str = "/") -> None:
        self.page.goto(self.server.url + path)
        self.wait(READY)

    def sign_in(self, user: str, password: str) -> None:
        self.page.fill("#user", user)
        self.page.fill("#password", password)
        self.page.click("#go")

    def reload(self) -> None:
        self.page.reload()
        self.wait(READY)

    def shoot(self) -> Path:
        path = Path(tempfile.mkdtemp(prefix="tocsin-console-")) / "page.png"
        self.page.screenshot(path=path)
        return path

    def close(self) -> list[str]:
        self.context.close()
        foreign = [request for request in self.requests if not request.split(" ", 1)[1].startswith(
            (self.server.url + "/", "data:", "blob:", *self.allowed))]
        leaks = [f"{url}: {found[:3]}" for url, body in self.answers() if (found := somme.personal(body))]
        return self.faults + [f"asked elsewhere: {request}" for request in foreign] + [f"leak: {leak}" for leak in leaks]

    def answers(self) -> list[tuple[str, str]]:
        """Every body that came from the API, and the tiles; once closed."""
        entries = json.loads(self.archive.read_text(encoding="utf-8"))["log"]["entries"]
        return [(entry["request"]["url"], body(entry["response"]["content"])) for entry in entries]

    # What is on screen

    def wait(self, condition: str, argument=None, seconds: float = 15):
        """Waits until a function of the page gives something true, and returns it."""
        try:
            return self.page.wait_for_function(condition, arg=argument, timeout=seconds * 1000).json_value()
        except TimeoutError:
            raise AssertionError(f"did not come within {seconds} s: {condition} {argument or ''}") from None

    @property
    def state(self) -> dict:
        return self.page.evaluate("window.tocsin.state")

    @property
    def zone(self) -> dict:
        return self.page.evaluate("window.tocsin.zone")

    @property
    def items(self) -> list[dict]:
        return self.state["draft"]["items"]

    def text(self, selector: str) -> str:
        return self.page.inner_text(selector)

    def number(self, selector: str) -> int:
        """A figure as people read it, its groups of digits apart."""
        return int(re.sub(r"[\s\u202f\u00a0]", "", self.text(selector)))

    def counted(self, items: int) -> dict:
        """Waits until so many items are counted; returns the figures on screen, not those of the state."""
        self.wait(
            "count => { const { draft, preview, counts } = window.tocsin.state;"
            " return draft.items.length === count && preview === null && counts.status === 'ok' }", items)
        certain, possible = (self.number(f"#audience .split span:nth-child({place}) strong") for place in (1, 2))
        figures = {"recipients": self.number("#audience .big"), "certain": certain, "possible": possible}
        lines = self.page.query_selector_all("#audience .by-channel tbody tr:not(.unreachable) td.number")
        channels = [int(re.sub(r"\D", "", line.inner_text())) for line in lines]
        return figures | dict(zip(("sms", "voice", "email", "fax"), channels, strict=True))

    # Gestures

    def tool(self, name: str) -> None:
        self.page.click(f"[data-tool={name}]")

    def pixel(self, longitude: float, latitude: float) -> tuple[float, float]:
        x, y = self.page.evaluate("position => window.tocsin.pixel(position)", [longitude, latitude])
        return x, y

    def click(self, longitude: float, latitude: float) -> None:
        self.page.mouse.click(*self.pixel(longitude, latitude))

    def draw(self, ring: list[tuple[float, float]], tool: str = "polygon") -> None:
        """Draws corner by corner, then presses the button that ends the drawing."""
        self.tool(tool)
        for corner in ring:
            self.click(*corner)
        self.page.click("[data-key=finish]")

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self.page.mouse.move(*self.pixel(*start))
        self.page.mouse.down()
        self.page.mouse.move(*self.pixel(*end), steps=6)
        self.page.mouse.up()

    def search(self, text: str) -> None:
        """Types a commune and takes the first one offered."""
        count = len(self.items)
        self.page.fill("[role=combobox]", text)
        self.page.wait_for_selector(".option[aria-selected=true]")
        self.page.press("[role=combobox]", "Enter")
        self.wait("text => document.querySelector('[role=combobox]').value !== text", text)
        self.page.press("[role=combobox]", "Enter")
        self.wait(MORE_ITEMS, count)

    def circle(self, place: str, kilometres: str) -> None:
        count = len(self.items)
        self.page.fill("[role=combobox]", place)
        self.page.fill("#place-radius", kilometres)
        self.page.press("#place-radius", "Enter")
        self.wait(MORE_ITEMS, count)

    def department(self, code: str) -> None:
        self.page.click("text=Périmètres, listes, département")
        self.page.fill("#department", code)
        self.page.click("text=Ajouter le département")

    def upload(self, *paths: Path) -> None:
        self.page.set_input_files("#file-input", list(paths))

    def step(self, name: str) -> None:
        self.page.click(f"[data-key=step-{name}]")
        self.page.wait_for_selector(f"#panel-{name}:not([hidden])")

    def prepare(self, subject: str = "Essai", text: str = "Ceci est un essai.", retries: int = 0) -> int:
        """From the zone to the last step; returns the number to be typed."""
        self.step("message")
        self.page.fill("#subject", subject)
        self.page.fill("#text", text)
        self.step("channels")
        self.page.select_option("#retries", str(retries))
        self.step("review")
        self.wait("() => window.tocsin.state.review.status === 'ok'")
        self.step("launch")
        return self.number(".launch-number")

    def launch(self, number: int) -> str:
        """Types the number, launches, and returns the campaign's."""
        self.page.fill("#confirmation", str(number))
        self.page.click(".button-launch")
        return self.followed()

    def followed(self) -> str:
        self.wait("() => window.tocsin?.state.followed?.campaign")
        return self.state["followed"]["id"]

    def over(self, state: str = "completed", seconds: float = 30) -> dict:
        """Waits for the campaign's end; returns its last progress."""
        self.wait("state => window.tocsin?.state.followed?.campaign?.state === state", state, seconds)
        return self.state["followed"]["campaign"]["progress"]

    def figures(self) -> dict[str, int]:
        """The groups that a campaign's panel shows, in the reports' words."""
        rows = self.page.evaluate(
            "() => [...document.querySelectorAll('#progress .groups tbody tr')]"
            ".map(row => [row.querySelector('th').innerText, row.querySelector('td').innerText])")
        return {GROUPS[name]: int(re.sub(r"\D", "", value)) for name, value in rows}

    def perimeter(self, item: dict, folder: Path) -> tuple[Path, shapely.Geometry]:
        """A polygon of the zone as a file for the command line and as shapely's."""
        path = folder / f"{item['id']}.geojson"
        path.write_text(json.dumps(item["geometry"]), encoding="utf-8")
        return path, shape(item["geometry"])
