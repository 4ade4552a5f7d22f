"""What the e-mail gateway's messages hold: text, page, map, links, signature."""

import base64
import re
import subprocess

import dkim
import pytest
from axe_playwright_python.sync_playwright import Axe

from campaigns import rows, shown
from cli import until
from relay import Relay, smtp_sink
from server import Client, Server
from test_email import SUBJECT, TEXT, alert, by_id, ready

PUBLIC = "https://alerte.example"


def parts(message) -> dict[str, str]:
    """Text, page and pictures of a message."""
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    return {"text": text.get_content().replace("\r\n", "\n"), "html": html.get_content(),
            "pictures": [part for part in message.walk() if part.get_content_type() == "image/png"]}


def link(message, page: str = "recu") -> str:
    [found] = set(re.findall(rf"{PUBLIC}/{page}/[a-z2-7]{{32}}", parts(message)["text"]))
    assert found in parts(message)["html"]
    return found.removeprefix(PUBLIC)


def test_text_and_page_say_the_same_and_the_map_goes_with_them(tocsin):
    with Relay() as relay:
        tocsin, _ = ready(tocsin, relay.url, 2)
        tocsin.ok(*alert())
    for _, message in relay.taken:
        found = parts(message)
        assert found["text"].rstrip("\n") == TEXT
        assert "http" not in found["html"] and "<table" not in found["html"] and "<script" not in found["html"]
        assert "Évacuez le quartier.<br>" in found["html"] and f"{SUBJECT}</h1>" in found["html"]
        [picture] = found["pictures"]
        assert f"cid:{picture['Content-ID'][1:-1]}" in found["html"] and picture.get_content()[:4] == b"\x89PNG"
        assert "List-Unsubscribe" not in message and "Precedence" not in message


def test_the_map_shows_the_zone_where_it_is(france, tmp_path, chromium):
    tocsin = france.tocsin.copy(tmp_path)
    commune = next(iter(france.communes))
    [longitude, latitude] = france.communes[commune].representative_point().coords[0]
    with Relay() as relay:
        tocsin = tocsin.with_environment(TOCSIN_SMTP_URL=relay.url, TOCSIN_MAIL_FROM="alerte@example.org")
        tocsin.ok("alert", "--circle", f"{longitude},{latitude},4000", "--subject", "S", "--message", "M", "--channels",
                  "email", "--yes", "--accept", "essai")
        picture = parts(relay.taken[0][1])["pictures"][0].get_content()
    assert len(picture) < 300_000 and int.from_bytes(picture[16:20]) == 618
    page = chromium.new_page()
    # The picture's colours at some places: across the middle of the map, and near its corners.
    colours = page.evaluate("""async data => {
        const image = new Image(); image.src = 'data:image/png;base64,' + data; await image.decode()
        const canvas = new OffscreenCanvas(image.width, image.height), drawing = canvas.getContext('2d')
        drawing.drawImage(image, 0, 0)
        const at = (x, y) => [...drawing.getImageData(x, y, 1, 1).data].slice(0, 3).join()
        const [w, h] = [image.width, image.height - 23]
        const middle = [0.3, 0.4, 0.5, 0.6, 0.7].map(share => at(Math.round(w * share), Math.round(h / 2)))
        return {middle, corners: [at(4, 4), at(4, h - 40), at(w - 4, h - 4)]}
    }""", base64.b64encode(picture).decode())
    page.close()
    zone, land = "246,201,196", "244,246,247"
    assert colours["middle"].count(zone) >= 3 and zone not in colours["corners"] and land in colours["corners"]


@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
def test_signed_messages_hold_for_dkimpy_and_altered_ones_do_not(tocsin, tmp_path, kind):
    key = tmp_path / "key.pem"
    options = ["RSA", "-pkeyopt", "rsa_keygen_bits:2048"] if kind == "rsa" else ["ed25519"]
    subprocess.run(["openssl", "genpkey", "-algorithm", *options, "-out", key], check=True, capture_output=True)
    key.chmod(0o600)
    with smtp_sink(tmp_path) as (url, messages):
        tocsin, _ = ready(tocsin, url, 4)
        tocsin = tocsin.with_environment(
            TOCSIN_DKIM=f"s1@example.org:{key}", TOCSIN_PUBLIC_URL=PUBLIC)
        tocsin.ok(*alert())
        _, name, value = tocsin.ok("mail", "dkim").out.rstrip("\n").split("\t")
        record = lambda asked, **_: value.replace('" "', "").strip('"').encode() if asked.decode().rstrip(".") == name else None
        for path in messages.iterdir():
            # The sink writes its own headers first.
            raw = path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
            assert dkim.verify(raw, dnsfunc=record)
            assert not dkim.verify(raw.replace(b"quartier", b"quartieR"), dnsfunc=record)
            assert not dkim.verify(raw.replace(b"\r\nTo: <", b"\r\nTo: <x"), dnsfunc=record)
            assert not dkim.verify(b"Subject: autre\r\n" + raw, dnsfunc=record)


def test_a_key_that_cannot_be_used_stops_the_launch(tocsin, tmp_path):
    key = tmp_path / "key.pem"
    key.write_text("no key")
    key.chmod(0o600)
    with Relay() as relay:
        tocsin, _ = ready(tocsin, relay.url, 2)
        for extra in ({"TOCSIN_DKIM": f"s@a.example:{key}"}, {"TOCSIN_DKIM": f"s@a.example:{key}x"}, {"TOCSIN_DKIM": "s1"}, {"TOCSIN_MAIL_RETURN": "a+b@c.fr"},
                      {"TOCSIN_PUBLIC_URL": "javascript:alert(1)"}, {"TOCSIN_PUBLIC_URL": "https://a b"}):
            tocsin.with_environment(**extra).refused(*alert())
        assert tocsin.ok("campaign", "list").out == "" and not relay.taken


def test_a_link_changes_nothing_when_opened_and_acknowledges_by_its_button(tocsin):
    with Relay() as relay:
        tocsin, _ = ready(tocsin, relay.url, 4)
        tocsin = tocsin.with_environment(TOCSIN_PUBLIC_URL=PUBLIC)
        tocsin.ok(*alert())
        links = {address: link(message) for address, message in relay.taken}
    assert len(set(links.values())) == 4
    one = links["courriel-001@example.org"]
    for restart in range(2):
        with Server(tocsin) as server:
            client = Client(server.port)
            if restart == 0:
                for _ in range(3):
                    page = client.get(one, Host="alerte.example")
                    assert page.status == 200 and "<button" in page.text and SUBJECT in page.text
                    assert "script" not in page.headers["content-security-policy"].replace("default-src 'none'", "")
                    assert "courriel" not in page.text and page.headers["cache-control"] == "no-store"
                assert by_id(tocsin)["M-001"]["state"] == "passed"
            done = client.call("POST", one, body=b"", Host="alerte.example")
            assert done.status == 200 and "Merci" in done.text and "<button" not in done.text
            assert "<button" not in client.get(one).text
            assert (shown(tocsin)["answered_validated"], shown(tocsin)["passed"]) == ("1", "3")
            # Forged and foreign tokens.
            for bad in ("/recu/" + "a" * 32, one[:-1] + ("a" if one[-1] != "a" else "b"), "/recu/x", one.replace("recu", "desinscription")):
                assert client.get(bad).status == 404 and client.call("POST", bad, body=b"").status == 404
            # Another site's page cannot press the button.
            assert client.call("POST", links["courriel-002@example.org"], body=b"", Origin="https://mal.example").status == 403
    assert by_id(tocsin)["M-001"]["state"] == "answered_validated" and by_id(tocsin)["M-002"]["state"] == "passed"


def test_an_acknowledgement_in_mid_campaign_reaches_the_ledger_whatever_its_leg_is_doing(tocsin):
    """The relay takes the first message and drops the line: the leg is tried again, while its recipient answers."""
    script = lambda relay, address, number: "drop after taking" if number == 1 else 3
    with Relay(script) as relay:
        tocsin, everyone = ready(tocsin, relay.url, 4)
        tocsin = tocsin.with_environment(TOCSIN_PUBLIC_URL=PUBLIC)
        with Server(tocsin) as server:
            process = tocsin.start(*alert("--detach", retries=2))
            process.communicate(timeout=30)
            until(lambda: sum(relay.tries.values()) >= 8, 30, "second tries under way")
            client = Client(server.port)
            for _, message in list(relay.taken):
                assert client.call("POST", link(message), body=b"").status == 200
            until(lambda: shown(tocsin)["answered_validated"] == "4", 30, "the answers")
            until(lambda: shown(tocsin)["state"] == "completed", 30, "the campaign's end")
    assert {row["state"] for row in rows(tocsin)} == {"answered_validated"}


def test_a_browser_presses_the_button_and_axe_finds_nothing(tocsin, chromium):
    with Relay() as relay:
        tocsin, _ = ready(tocsin, relay.url, 1)
        tocsin = tocsin.with_environment(TOCSIN_PUBLIC_URL=PUBLIC)
        tocsin.ok(*alert())
    [(_, message)] = relay.taken
    with Server(tocsin) as server:
        page = chromium.new_page(locale="fr-FR", bypass_csp=True)
        refused = []
        page.on("console", lambda line: refused.append(line.text) if "Content Security Policy" in line.text else None)
        page.goto(server.url + link(message))
        assert Axe().run(page).violations_count == 0
        page.get_by_role("button", name="J’ai bien reçu ce message").press("Enter")
        page.get_by_role("status").wait_for()
        assert "enregistré" in page.get_by_role("status").inner_text() and page.get_by_role("button").count() == 0
        assert Axe().run(page).violations_count == 0
        page.reload()
        assert page.get_by_role("button").count() == 0 and not refused
        page.close()
        # The message's own page, as a mail program shows it.
        page = chromium.new_page(locale="fr-FR", viewport={"width": 360, "height": 700})
        page.set_content(parts(message)["html"])
        assert Axe().run(page).violations_count == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.close()
    assert by_id(tocsin)["M-000"]["state"] == "answered_validated"


def test_whoever_refuses_information_gets_no_more_of_it_and_every_alert(tocsin):
    with Relay() as relay:
        tocsin, everyone = ready(tocsin, relay.url, 3)
        tocsin = tocsin.with_environment(TOCSIN_PUBLIC_URL=PUBLIC)
        tocsin.ok(*alert("--kind", "information", "--quiet", "none"))
        first = dict(relay.taken)
        for message in first.values():
            assert "/recu/" not in parts(message)["text"] and message["Precedence"] == "bulk"
            assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
            assert link(message, "desinscription") in message["List-Unsubscribe"]
        one = link(first["courriel-001@example.org"], "desinscription")
        with Server(tocsin) as server:
            client = Client(server.port)
            assert "<button" in client.get(one).text
            assert client.call("POST", one, body=b"List-Unsubscribe=One-Click").status == 200
            assert "<button" not in client.get(one).text
        relay.taken.clear()
        tocsin.ok(*alert("--kind", "information", "--quiet", "none"))
        assert sorted(address for address, _ in relay.taken) == ["courriel-000@example.org", "courriel-002@example.org"]
        # An import that brings the address back does not bring the consent back.
        tocsin.ok("recipient", "delete", "M-001")
        tocsin.ok("import", "recipients", tocsin.folder / "people.csv")
        relay.taken.clear()
        tocsin.ok(*alert("--kind", "information", "--quiet", "none"))
        assert len(relay.taken) == 2
        relay.taken.clear()
        tocsin.ok(*alert())
        assert len(relay.taken) == len(everyone)
        assert all("List-Unsubscribe" not in message for _, message in relay.taken)
    assert "information.refused" in tocsin.ok("journal", "show").out
