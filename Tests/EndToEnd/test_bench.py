"""`tocsin bench dispatch`: what it measures is really done, and nothing of it can leave this machine."""

from relay import Relay

FEW = ["bench", "dispatch", "--recipients", "60", "--window", "20"]


def test_a_measure_needs_no_database_and_leaves_none(tocsin):
    for options in ([], ["--personal"]):
        table = tocsin.ok(*FEW, *options, "--folder", str(tocsin.folder)).table
        assert table["recipients"] == "60" and float(table["messages_per_second"]) > 0
    assert not list(tocsin.folder.glob("tocsin-bench-*"))


def test_an_e_mail_names_its_own_recipient(tocsin):
    with Relay() as relay:
        tocsin.ok(*FEW, "--personal", "--relay", relay.url)
        assert len(relay.recipients) == 60 and set(relay.recipients.values()) == {1}
        for address, message in relay.taken:
            # An address that exists nowhere (RFC 2606).
            assert address.endswith("@exemple.invalid")
            name = f"Camille Exemple {address[1:].split('@')[0]}"
            for kind in ("plain", "html"):
                assert name in message.get_body((kind,)).get_content()


def test_a_relay_elsewhere_is_refused(tocsin):
    for url in ("smtp://mail.example.org:25", "smtp://127.0.0.1.example.org:25", "smtp://192.0.2.1:25"):
        result = tocsin.run(*FEW, "--relay", url)
        assert result.status == 64 and "on this machine" in result.err, url


def test_who_is_twice_is_searched_and_counted(tocsin):
    tocsin.ok("init")
    register = tocsin.folder / "register.csv"
    rows = [f"{side}{number};Personne {number};0639980{number:03d}" for number in range(30) for side in "ab"]
    register.write_text("\n".join(["identifiant;nom;telephone_mobile", *rows]) + "\n", encoding="utf-8")
    tocsin.ok("import", "recipients", register)
    table = tocsin.ok("bench", "doubles").table
    assert (table["groups"], table["shown"]) == ("30", "10")
    assert float(table["search_seconds"]) > 0 and float(table["page_seconds"]) > 0
    assert float(table["memory_peak"]) > 0
