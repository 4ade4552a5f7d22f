"""Exercises by construction: an address, sessions, passwords and tokens of their own, and nothing real within reach."""

import json
import socket
import subprocess
import uuid
from datetime import datetime

import pytest

import campaigns
from console_page import READY, ConsolePage
from console_server import ConsoleServer
from server import EXERCISE_PASSWORD, PASSWORD, PUBLIC, Client, Server
from test_console_access import AXE

ZONE = {"type": "communes", "codes": ["80620"]}
PLAN = {"zone": ZONE, "message": {"subject": "Crue", "text": "Montez à l'étage."}, "channels": ["email"], "retries": 0}
REAL, EXERCISE = PLAN | {"mode": "real"}, PLAN | {"mode": "exercise"}


@pytest.fixture
def world(mailing_world):
    return mailing_world


@pytest.fixture
def server(world):
    server = ConsoleServer(world.tocsin).start(0)
    yield server
    server.stop()


@pytest.fixture
def real(server) -> Client:
    client = Client(server.port)
    assert client.sign_in(PASSWORD).status == 200
    return client


@pytest.fixture
def drill(server) -> Client:
    client = Client(server.exercise_port)
    assert client.sign_in(EXERCISE_PASSWORD).status == 200
    return client


def launch(client: Client, plan: dict) -> int:
    preview = client.post("/api/campaigns/preview", plan).json
    answer = client.post("/api/campaigns", plan | {
        "audienceHash": preview["audienceHash"], "confirmation": preview["expectedNumber"], "requestKey": str(uuid.uuid4()),
        "openedAt": preview["openedAt"], "acceptance": "Essai de la séparation"})
    assert answer.status == 201, answer.text
    return answer.json["id"]


def test_what_opens_one_address_opens_nothing_at_the_other(server, real, drill):
    assert real.get("/api/session").status == 200 and drill.get("/api/session").status == 200
    assert sorted(drill.get("/api/session").json["capabilities"]) == ["launch", "prepare", "statistics"]
    for client, port, own, other in (
            (real, server.exercise_port, "tocsin_session", "tocsin_exercise"),
            (drill, server.port, "tocsin_exercise", "tocsin_session")):
        assert client.cookie.startswith(own + "=")
        thief = Client(port)
        # As it is, and under the other address's name: the store goes by the token, not by what the cookie is called.
        for cookie in (client.cookie, client.cookie.replace(own, other), f"{client.cookie}; {client.cookie.replace(own, other)}"):
            thief.cookie, thief.csrf = cookie, client.csrf
            for path in ("session", "campaigns", "config", "account"):
                assert thief.get(f"/api/{path}").status in (401, 404), (cookie, path)
            assert thief.post("/api/campaigns", REAL | EXERCISE).status == 401
            assert thief.call("DELETE", "/api/session").status == 401
        assert client.get("/api/session").status == 200, "ended from the other address"


def test_each_password_is_for_its_own_address(server, world):
    stranger = Client(server.exercise_port)
    answer = stranger.sign_in(PASSWORD)
    assert answer.code == "bad_exercise_credentials" and "Mon compte" in answer.text
    # An unknown name is told the same.
    assert stranger.sign_in(PASSWORD, "personne").json["error"]["message"] == answer.json["error"]["message"]
    assert Client(server.port).sign_in(EXERCISE_PASSWORD).code == "bad_credentials"
    # Never the same, and not a weak one; the present password is asked for.
    admin = Client(server.port)
    admin.sign_in(PASSWORD)
    path = "/api/account/exercise-password"
    assert admin.post(path, {"password": PASSWORD, "exercisePassword": PASSWORD}).code == "rights_refused"
    assert admin.post(path, {"password": PASSWORD, "exercisePassword": "court"}).code == "weak_password"
    assert admin.post(path, {"password": EXERCISE_PASSWORD, "exercisePassword": "une autre phrase longue"}).code == "wrong_password"
    trainee = Client(server.exercise_port)
    assert trainee.sign_in(EXERCISE_PASSWORD).status == 200
    made = world.tocsin.ok("user", "exercise-password", "admin").out.split(": ")[1].strip()
    assert trainee.get("/api/session").status == 401, "the former password's session goes on"
    assert trainee.sign_in(EXERCISE_PASSWORD).status == 401 and trainee.sign_in(made).status == 200
    assert Client(server.port).sign_in(made).status == 401
    world.tocsin.ok("user", "exercise-password", "admin", "--remove")
    assert trainee.get("/api/session").status == 401 and trainee.sign_in(made).status == 401
    journal = world.tocsin.ok("journal", "show").out
    assert "user.exercise_password.set" in journal and made not in journal


def test_a_programs_token_is_of_one_address(server, world):
    for words, own, other in (([], server.port, server.exercise_port), (["--exercise"], server.exercise_port, server.port)):
        line = world.tocsin.ok("token", "create", "admin", "statistics", "--name", "essai", *words).out
        bearer = {"Authorization": "Bearer " + line.split(": ")[1].strip()}
        assert Client(own).get("/api/campaigns", **bearer).status == 200
        assert Client(other).get("/api/campaigns", **bearer).code == "session_required"
    assert "--exercise" not in world.tocsin.refused("token", "create", "admin", "administer", "--name", "x", "--exercise").out
    assert [line.split("\t")[-1] for line in world.tocsin.ok("token", "list").lines] == ["real", "exercise"]


def test_a_mode_that_is_forged_in_a_body_launches_nothing(real, drill, world, relay):
    before = len(world.tocsin.ok("campaign", "list").lines)
    for client, plan in ((real, EXERCISE), (drill, REAL)):
        assert client.post("/api/campaigns/preview", plan).code == "other_mode"
        body = plan | {"audienceHash": "0" * 64, "confirmation": 1, "requestKey": str(uuid.uuid4())}
        assert client.post("/api/campaigns", body).code == "other_mode"
        message = {"message": plan["message"], "mode": plan["mode"], "channels": ["email"]}
        assert client.post("/api/message/test", message).code == "other_mode"
        assert client.post("/api/scenarios/1/launch", {"mode": plan["mode"], "audienceHash": "0", "requestKey": str(uuid.uuid4())}).code == "other_mode"
        # Said twice, or said by nobody.
        twice = json.dumps(body)[:-1] + f', "mode": "{"real" if plan is EXERCISE else "exercise"}"}}'
        assert client.call("POST", "/api/campaigns", body=twice.encode(), Content_Type="application/json").status in (400, 409)
        assert client.post("/api/campaigns/preview", PLAN).status == 400
    assert len(world.tocsin.ok("campaign", "list").lines) == before and not relay.taken


def test_an_exercise_connects_to_no_gateway_and_nothing_real_is_steered_from_there(real, drill, world, relay):
    connections = relay.connections
    exercise = launch(drill, EXERCISE)
    drill.events(exercise, lambda event: event["state"] == "completed")
    assert campaigns.shown(world.tocsin, exercise)["mode"] == "exercise"
    assert relay.connections == connections and not relay.taken
    # The real one, held up before anything of it could matter.
    campaign = launch(real, REAL)
    assert real.post(f"/api/campaigns/{campaign}/pause").status == 200
    for client, others in ((drill, campaign), (real, exercise)):
        assert others not in [one["id"] for one in client.get("/api/campaigns").json["campaigns"]]
        assert client.get(f"/api/campaigns/{others}").status == 404
        assert client.get(f"/api/campaigns/{others}/report?format=json").status == 404
        assert client.get(f"/api/campaigns/{others}/events").status == 404
        for verb in ("pause", "resume", "stop", "undo"):
            assert client.post(f"/api/campaigns/{others}/{verb}").status == 404, verb
        amended = {"message": {"subject": "a", "text": "b"}, "acceptance": "Essai de la séparation"}
        assert client.post(f"/api/campaigns/{others}/amend", amended).status == 404
        reached = {"type": "campaign", "campaign": others, "outcome": "all"}
        plan = (EXERCISE if client is drill else REAL) | {"zone": reached}
        assert client.post("/api/campaigns/preview", plan).code in ("invalid_zone", "not_found")
    assert campaigns.shown(world.tocsin, campaign)["state"] == "paused"
    assert campaigns.shown(world.tocsin, campaign)["message_version"] == "1"
    real.post(f"/api/campaigns/{campaign}/stop")
    lists = [line.split("\t")[:2] for line in world.tocsin.ok("campaign", "list").lines]
    assert lists == [[str(campaign), "real"], [str(exercise), "exercise"]], "real ones first, exercises apart"
    assert [line.split("\t")[1] for line in world.tocsin.ok("campaign", "list", "--mode", "exercise").lines] == ["exercise"]


@pytest.mark.parametrize("method, path", [
    ("GET", "/administration"), ("GET", "/compte"), ("GET", "/mot-de-passe"), ("GET", "/journal"), ("GET", "/organismes"),
    ("GET", "/approbations"), ("GET", "/api/people"), ("POST", "/api/people"), ("POST", "/api/grants"), ("GET", "/api/audit"),
    ("POST", "/api/perimeters"), ("POST", "/api/approvals"), ("POST", "/api/scenarios/1/approve"), ("POST", "/api/password"),
    ("GET", "/api/account"), ("POST", "/api/account/tokens"), ("GET", "/api/organisations"), ("POST", "/api/coverage/reports"),
    ("GET", "/callbacks/x/y")])
def test_what_is_managed_is_managed_at_the_real_address(drill, method, path):
    answer = drill.call(method, path, {} if method == "POST" else None)
    assert answer.status == 404 and answer.code in ("other_address", "not_found"), answer.text


def test_the_real_console_outlives_the_exercises(world):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        process = world.tocsin.with_environment(TOCSIN_PUBLIC=str(PUBLIC)).start(
            "serve", "--port", "0", "--exercise-port", taken.getsockname()[1])
        try:
            lines = []
            while not all(any(words in line for line in lines) for words in ("listens on", "no address for exercises")):
                lines.append(process.stderr.readline())
                assert lines[-1], "".join(lines)
            port = next(int(line.rsplit(":", 1)[1]) for line in lines if "listens on" in line)
            client = Client(port)
            assert client.sign_in(PASSWORD).status == 200 and client.get("/api/campaigns").status == 200
        finally:
            process.terminate()
            process.communicate(timeout=30)
        assert process.returncode == 0
    with Server(world.tocsin, "--no-exercise-address") as server:
        assert server.exercise_port is None and server.client().get("/healthz").status == 200


def test_a_certificate_says_what_was_done_and_what_was_simulated(real, drill, world, tmp_path):
    exercise = launch(drill, EXERCISE)
    drill.events(exercise, lambda event: event["state"] == "completed")
    record = campaigns.shown(world.tocsin, exercise)
    document = json.loads(world.tocsin.ok("campaign", "certificate", exercise, "--format", "json").out)
    assert document["audience_hash"] == record["audience_hash"] and document["launched_by"] == "admin"
    assert document["recipients"] == int(record["recipients"]) and document["subject"] == "EXERCICE - Crue"
    times = [document[name] for name in ("opened_at", "launched_at", "first_message_at", "half_at", "all_at", "ended_at")]
    assert all(times) and times == sorted(times)
    assert document["decision_to_first_message_seconds"] == pytest.approx(float(record["decision_seconds"]), abs=0.11)
    legs = sum(document["simulated_channels"]["email"].values())
    assert legs == int(record["recipients"]) - int(record["unreachable"])
    html = world.tocsin.ok("campaign", "certificate", exercise).out
    assert "Attestation d&#39;exercice" in html and "ont été simulés" in html and record["audience_hash"] in html
    world.tocsin.ok("campaign", "certificate", exercise, "--output", tmp_path / "a.pdf")
    text = subprocess.run(["pdftotext", "-layout", tmp_path / "a.pdf", "-"], check=True, capture_output=True, timeout=60).stdout.decode()
    assert "Attestation d'exercice" in text and "Premier message" in text and "simulés" in text
    answer = drill.get(f"/api/campaigns/{exercise}/certificate?format=pdf")
    assert answer.status == 200 and answer.body.startswith(b"%PDF") and answer.headers["content-type"] == "application/pdf"
    assert drill.get(f"/api/campaigns/{exercise}/certificate?format=json").json == document
    assert drill.get(f"/api/campaigns/{exercise}/certificate?format=doc").status == 400
    assert drill.get("/api/campaigns/987654/certificate").status == 404
    # The report says how long it took, too; a real campaign has that report, and no certificate.
    report = campaigns.report(world.tocsin, exercise)
    assert report["decision_to_first_message_seconds"] == document["decision_to_first_message_seconds"]
    campaign = launch(real, REAL)
    assert "certificates are of exercises" in world.tocsin.refused("campaign", "certificate", campaign).err
    assert real.get(f"/api/campaigns/{exercise}/certificate").code == "other_address"
    assert drill.get(f"/api/campaigns/{campaign}/certificate").status == 404
    # What takes a second person says when that one was asked.
    asked = campaigns.report(world.tocsin, campaign)
    assert asked["opened_at"] and asked["asked_at"] is None


def test_an_exercise_under_way_is_not_certified(world):
    slow = world.tocsin.with_environment(TOCSIN_EXERCISE_SPEED="0.2")
    campaigns.interrupted(slow, *campaigns.words("--communes", "80620", channels="voice"))
    assert "under way" in world.tocsin.refused("campaign", "certificate", 1).err


# In a browser


def visit(chromium, server, tmp_path, mode: str) -> ConsolePage:
    server.mode = mode
    page = ConsolePage(chromium, server, tmp_path / mode)
    page.page.goto(server.url + "/connexion")
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_each_console_shows_which_it_is(chromium, server, tmp_path, scheme, width):
    seen = {}
    for mode, password in (("real", PASSWORD), ("exercise", EXERCISE_PASSWORD)):
        page = visit(chromium, server, tmp_path, mode)
        page.page.set_viewport_size({"width": width, "height": 800})
        page.page.emulate_media(color_scheme=scheme)
        page.page.reload()
        page.page.wait_for_selector("#other a")
        assert page.page.get_attribute("#other a", "href") == f"http://127.0.0.1:{server.port if mode == 'exercise' else server.exercise_port}/"
        assert ("EXERCICE" in page.page.title()) == (mode == "exercise")
        assert bool(page.page.query_selector(".exercise-strip")) == (mode == "exercise")
        if mode == "exercise":
            assert page.text(".exercise-strip") == "EXERCICE — rien ne part"
            assert "Mot de passe d’exercice" in page.text("#form") and "habituel" in page.text("#help")
        faults = [one["id"] for one in AXE.run(page.page, options={"resultTypes": ["violations"]}).response["violations"]]
        page.page.screenshot(path=tmp_path / f"sign-in-{mode}-{scheme}-{width}.png")
        page.sign_in("admin", password)
        page.wait(READY)
        assert page.page.get_attribute("body", "data-mode") == mode == page.page.get_attribute("html", "data-mode")
        assert ("rien ne part" in page.text("#mode")) == (mode == "exercise")
        assert page.page.get_attribute("link[rel=icon]", "href").endswith("exercice.svg" if mode == "exercise" else "tocsin.svg")
        colour = page.page.evaluate("getComputedStyle(document.querySelector('.top')).backgroundColor")
        page.page.click("#user-name")
        items = page.text("#user-items")
        assert ("Console réelle" in items) == (mode == "exercise") and ("S’exercer" in items) == (mode == "real")
        assert ("Journal" in items) == (mode == "real")
        page.page.click("#user-name")
        faults += [one["id"] for one in AXE.run(page.page, options={"resultTypes": ["violations"]}).response["violations"]]
        page.page.screenshot(path=tmp_path / f"home-{mode}-{scheme}-{width}.png")
        page.page.goto(server.url + "/scenarios")
        page.wait(READY)
        faults += [one["id"] for one in AXE.run(page.page, options={"resultTypes": ["violations"]}).response["violations"]]
        page.page.screenshot(path=tmp_path / f"scenarios-{mode}-{scheme}-{width}.png")
        assert faults == []
        seen[mode] = colour
        assert page.close() == []
    assert seen["real"] != seen["exercise"], "the same colours"


def test_the_account_sets_the_password_of_exercises_in_its_page(chromium, server, tmp_path):
    page = visit(chromium, server, tmp_path, "real")
    page.sign_in("admin", PASSWORD)
    page.wait(READY)
    page.open("/compte")
    form = page.page.locator("form:has([data-key=save-exercise-password])")
    form.locator("input").nth(0).fill(PASSWORD)
    form.locator("input").nth(1).fill("une phrase pour s'exercer")
    form.locator("button").click()
    page.page.wait_for_selector("#outcome:has-text('Mot de passe d’exercice enregistré')")
    page.page.screenshot(path=tmp_path / "compte.png", full_page=True)
    assert [one["id"] for one in AXE.run(page.page, options={"resultTypes": ["violations"]}).response["violations"]] == []
    assert Client(server.exercise_port).sign_in("une phrase pour s'exercer").status == 200
    assert page.close() == []


def test_from_sign_in_to_the_first_message_by_the_stop_watch(chromium, server, world, tmp_path, capsys):
    """Two gestures from the home page. The time is shown, and judged by nobody: the machine may be busy."""
    world.tocsin.ok("scenario", "save", "Crue", "--communes", "80620", "--subject", "Crue", "--message", "Montez à l'étage.",
                    "--channels", "email", "--retries", "0")
    page = visit(chromium, server, tmp_path, "exercise")
    page.page.fill("#user", "admin")
    page.page.fill("#password", EXERCISE_PASSWORD)
    clock = page.page.evaluate("Date.now()")
    page.page.click("#go")
    page.wait(READY)
    gestures = 0
    for target in (".tabs a[href='/scenarios']", "[data-key=launch]"):
        page.page.wait_for_selector(target)
        page.page.click(target)
        gestures += 1
    assert gestures == 2
    page.page.wait_for_url("**/#/campagnes/*")
    page.over()
    campaign = page.followed()
    page.page.wait_for_selector("[data-key=certificate]")
    page.page.screenshot(path=tmp_path / "exercise-over.png")
    with page.page.expect_download() as download:
        page.page.click("[data-key=certificate]")
    assert download.value.path().read_bytes().startswith(b"%PDF")
    record = campaigns.shown(world.tocsin, campaign)
    first = datetime.fromisoformat(record["first_message_at"]).timestamp() * 1000
    with capsys.disabled():
        print(f"\nsign-in to first message: {(first - clock) / 1000:.1f} s, of which 5 to take it back; "
              f"decision to first message {record['decision_seconds']} s; {gestures} gestures")
    assert record["scenario"] == "Crue" and record["mode"] == "exercise"
    assert page.close() == []


@pytest.mark.parametrize("variable", ["TOCSIN_EXERCISE_SPEED", "TOCSIN_EXERCISE_REPLIES"])
def test_a_mistyped_simulator_does_not_stop_the_real_server(world, somme_original, variable):
    wrong = {variable: "fast"}
    # Without any gateway there is nothing to serve: the reason is given.
    assert variable in somme_original.tocsin.with_environment(**wrong).refused("serve", "--port", "0").err
    with Server(world.tocsin.with_environment(**wrong), "--no-exercise-address") as server:
        assert Client(server.port).sign_in(PASSWORD).status == 200
    said = [line for line in server.log if variable in line]
    assert said and "exercises are not carried" in said[0], server.log
