"""People of a dropped table are alerted once: none is left out, none enters the register, and none is left behind."""

import contextlib
import csv
import json
import sqlite3

import openpyxl
import pytest

import register
from campaigns import rows
from cli import until
from register import Person
from server import Server
from smsc import Centre, entry
from test_isolation import member, shown

COUNT = 1000
HEADER = ["Nom", "Portable"]


def number(index: int) -> str:
    return f"+3363998{index:04d}"


def table() -> list[list[str]]:
    """A class as a secretary has it: no identifiers, one number twice, one person twice."""
    lines = [[f"Élève {index}", "0" + number(index)[3:]] for index in range(COUNT)]
    return lines + [["Parent d’élève 3", "06 39 98 00 03"], lines[7]]


def write(path, lines):
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        for line in [HEADER, *lines]:
            book.active.append(line)
        book.save(path)
    else:
        with open(path, "w", newline="", encoding="utf-8") as file:
            csv.writer(file, delimiter=";").writerows([HEADER, *lines])
    return path


def read(path) -> set[str]:
    """Whom the file has, by another reader."""
    if path.suffix == ".xlsx":
        lines = list(openpyxl.load_workbook(path).active.iter_rows(values_only=True))[1:]
    else:
        with open(path, newline="", encoding="utf-8") as file:
            lines = list(csv.reader(file, delimiter=";"))[1:]
    return {"+33" + str(line[1]).replace(" ", "")[1:] for line in lines}


def gateways(tocsin, folder, *entries):
    """The same with these gateways alone."""
    file = folder / "gateways.json"
    file.write_text(json.dumps({"version": 1, "gateways": entries}))
    return tocsin.with_environment(TOCSIN_GATEWAYS=str(file))


def alert(path, *options: str) -> list[str]:
    return ["alert", "--people", path, "--subject", "Sortie", "--message", "La sortie est annulée.", "--channels", "sms", "--yes",
            "--retries", "0", *options]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_each_number_of_a_table_gets_one_message_and_the_register_stays_as_it_is(tocsin, tmp_path, ending):
    known = [Person("S-1", 1.1, 49.44, phones=["06 39 98 90 01"])]
    tocsin.ok("import", "recipients", register.write(tocsin.folder / "people.csv", known))
    path = write(tmp_path / f"classe.{ending}", table())
    with Centre("smsc-scripted.py", tmp_path, "--plain") as centre:
        tocsin = gateways(tocsin, tmp_path, entry(centre.port))
        tocsin.ok(*alert(path))
        assert centre.taken == {one: 1 for one in read(path)}
        assert rows(tocsin)
    assert tocsin.ok("target", "--circle", "1.1,49.44,2000").table["recipients"] == "1"
    assert tocsin.ok("list", "all").out == ""


def test_refused_rows_keep_the_whole_file_out(tocsin, tmp_path):
    tocsin.ok("import", "recipients", register.write(tocsin.folder / "people.csv", [Person("S-1", 1.1, 49.44, phones=["06 39 98 00 01"])]))
    lines = table()[:3]
    lines[1].append("un champ de trop")
    result = tocsin.run(*alert(write(tmp_path / "classe.csv", lines), "--exercise"))
    assert result.status != 0
    assert "refused" in result.err and "line 3" in result.err
    with sqlite3.connect(tocsin.database) as database:
        assert database.execute("SELECT count(*) FROM recipients").fetchone() == (1,)
        assert database.execute("SELECT count(*) FROM campaigns").fetchone() == (0,)


# Letters that begin no other word, so that an index does not shorten it by a neighbour's.
TRACES = (b"zyxvkwj", b"39980042", b"6 39 98 00 42")
RARE = [["Qzyxvkwj Élève", "06 39 98 00 42"], ["Autre Élève", "06 39 98 00 43"]]


def traces(tocsin) -> set[bytes]:
    """What of the person stands anywhere in the files."""
    text = b"".join(path.read_bytes().lower() for path in tocsin.database.parent.glob(tocsin.database.name + "*"))
    return {trace for trace in TRACES if trace in text}


def sql(tocsin, statement: str, *values) -> list[tuple]:
    with contextlib.closing(sqlite3.connect(tocsin.database)) as database, database:
        return database.execute(statement, values).fetchall()


def test_after_their_time_no_byte_is_left_of_them(tocsin, tmp_path):
    tocsin.ok("import", "recipients", register.write(tmp_path / "people.csv", [Person("S-1", 1.1, 49.44, phones=["06 39 98 90 01"])]))
    path = write(tmp_path / "classe.csv", RARE)
    order = alert(path, "--exercise")
    order[order.index("La sortie est annulée.")] = "Bonjour {nom|}, la sortie est annulée."
    tocsin.ok(*order)
    assert len(rows(tocsin)) == 2 and traces(tocsin) >= {TRACES[0], TRACES[1]}
    zone, = sql(tocsin, "SELECT zone FROM campaigns")
    assert not any(trace.decode() in zone[0].lower() for trace in TRACES)
    again = ["alert", "--list", "classe.csv", "--subject", "Encore", "--message", "Encore.", "--exercise", "--yes", "--retries", "0",
             "--channels", "sms"]
    tocsin.ok(*again)
    sql(tocsin, "UPDATE organisations SET annex_until = 1 WHERE annex_of IS NOT NULL")
    # Nobody may join either campaign any more, which would keep them.
    sql(tocsin, "UPDATE campaigns SET closed_at = 1")
    assert tocsin.run(*again).status != 0, "their time is over, and no server has erased them yet"
    assert sql(tocsin, "SELECT count(*) FROM campaigns") == [(2,)]
    with Server(tocsin):
        until(lambda: sql(tocsin, "SELECT count(*) FROM recipients") == [(1,)]
              and sql(tocsin, "SELECT count(*) FROM recipient_words_erased") == [(0,)])
    assert traces(tocsin) == set()
    assert sql(tocsin, "SELECT count(*) FROM deliveries WHERE campaign_id = 1") == [(2,)], "figures stay"
    actions = tocsin.ok("journal", "show").out
    assert "audience.drop" in actions and "audience.erase" in actions and "zyxvkwj" not in actions.lower()


KNOWN = [Person(f"S-{index}", 1.1, 49.44, phones=[f"06 39 98 90 0{index}"]) for index in range(1, 6)]


def test_people_chosen_by_their_identifiers_get_it_and_nobody_beside_them(tocsin, tmp_path):
    tocsin.ok("import", "recipients", register.write(tmp_path / "people.csv", KNOWN))
    order = alert("-")[3:]
    chosen = ["--recipient", "S-1", "--recipient", "S-4", "--recipient", "S-1"]
    with Centre("smsc-scripted.py", tmp_path, "--plain") as centre:
        tocsin = gateways(tocsin, tmp_path, entry(centre.port))
        shown = tocsin.ok("alert", *chosen, *order, "--estimate")
        assert shown.table["recipients"] == "2" and not centre.taken
        assert sql(tocsin, "SELECT count(*) FROM lists") == [(0,)], "an estimate leaves nothing"
        tocsin.ok("alert", *chosen, *order)
        assert centre.taken == {"+33639989001": 1, "+33639989004": 1}
        missing = tocsin.run("alert", "--recipient", "S-2", "--recipient", "S-9", *order)
        assert missing.status != 0 and "S-9" in missing.err
        # With a table, and a zone: each of them once, however many ways lead to them.
        table = write(tmp_path / "classe.csv", [["Élève", "06 39 98 90 01"], ["Autre", "06 39 98 00 43"]])
        tocsin.ok("alert", "--recipient", "S-5", "--people", table, "--circle", "1.1,49.44,10", *order)
        assert centre.taken == {**{f"+3363998900{index}": 1 for index in (2, 3, 5)}, "+33639989001": 2, "+33639989004": 2,
                                "+33639980043": 1}
    assert sql(tocsin, "SELECT count(*) FROM recipients WHERE organisation_id > 0") == [(5,)]
    journal = tocsin.ok("journal", "show").out
    assert "audience.drop" in journal


def test_a_key_that_was_launched_keeps_no_second_copy_of_the_table(tocsin, tmp_path):
    tocsin.ok("import", "recipients", register.write(tmp_path / "people.csv", KNOWN))
    order = alert(write(tmp_path / "classe.csv", RARE), "--exercise", "--request-key", "sortie")
    tocsin.ok(*order)
    assert "request key" in tocsin.run(*order).err, "the file may be another: it is not sent, and not taken for the first"
    assert sql(tocsin, "SELECT count(*) FROM campaigns") == [(1,)]
    assert sql(tocsin, "SELECT count(*) FROM recipients WHERE organisation_id < 0") == [(2,)]


def test_a_table_of_nobody_is_refused_and_a_number_that_is_none_is_said(tocsin, tmp_path):
    tocsin.ok("import", "recipients", register.write(tmp_path / "people.csv", KNOWN))
    empty = tocsin.run(*alert(write(tmp_path / "vide.csv", []), "--circle", "1.1,49.44,10", "--exercise"))
    assert empty.status != 0 and "vide.csv" in empty.err
    assert sql(tocsin, "SELECT count(*) FROM campaigns") == [(0,)]
    odd = tocsin.ok(*alert(write(tmp_path / "classe.csv", [*RARE, ["Sans numéro", "12"]]), "--exercise"))
    assert "line 4" in odd.err and "1 of them" in odd.err, odd.err
    assert [row["state"] for row in rows(tocsin)].count("unreachable") == 1, "counted, and told apart"


def test_who_was_ticked_is_alerted_whatever_is_imported_meanwhile(tocsin, tmp_path):
    people = [Person(f"S-{index}", 1.1, 49.44, phones=[f"06 39 98 90 0{index}"], lists=["Élus"]) for index in range(1, 4)]
    tocsin.ok("import", "recipients", register.write(tmp_path / "people.csv", people))
    ids = [one for one, in sql(tocsin, "SELECT id FROM recipients WHERE external_id IN ('S-1', 'S-2') ORDER BY id")]
    with Server(tocsin) as server:
        client = server.signed_in()
        made = client.post("/api/register/audience", {"ids": ids, "name": "2 personnes"})
        assert made.status == 201
        for one in people:
            one.lists = ["Autre"]
        tocsin.ok("import", "recipients", register.write(tmp_path / "people.csv", people))
        zone = {"type": "list", "name": "2 personnes"}
        assert client.post("/api/zone/counts", {"zone": zone}).json["recipients"] == 2
        exported = client.post("/api/register/export", {"format": "csv"})
        assert exported.status == 200 and "Autre" in exported.text and "2 personnes" not in exported.text
        circle = {"type": "circle", "longitude": 1.1, "latitude": 49.44, "metres": 100}
        assert client.post("/api/zone/counts", {"zone": {"type": "intersection", "zones": [zone, circle]}}).json["recipients"] == 2


def test_a_limit_that_would_leave_a_class_out_is_refused_in_words_and_a_scenario_of_it_too(tocsin, tmp_path):
    tocsin.ok("import", "recipients", register.write(tmp_path / "people.csv", KNOWN))
    tocsin.ok(*alert(write(tmp_path / "classe.csv", RARE), "--exercise"))
    circle = {"type": "circle", "longitude": 1.1, "latitude": 49.44, "metres": 100}
    with Server(tocsin) as server:
        client = server.signed_in()
        zone = {"type": "intersection", "zones": [{"type": "list", "name": "classe.csv"}, circle]}
        refused = client.post("/api/zone/counts", {"zone": zone})
        assert (refused.status, refused.code) == (422, "people_once_limited")
        again = client.post("/api/zone/counts", {"zone": {"type": "intersection", "zones": [{"type": "campaign", "campaign": 1, "outcome": "all"}, circle]}})
        assert (again.status, again.code) == (422, "people_once_limited"), again.text
    saved = tocsin.run("scenario", "save", "Sortie", "--list", "classe.csv", "--subject", "s", "--message", "m", "--channels", "sms")
    assert saved.status != 0 and "alerted once" in saved.err, saved


def test_an_estimate_and_a_refused_launch_leave_nothing(tocsin, tmp_path):
    tocsin.ok("import", "recipients", register.write(tmp_path / "people.csv", [Person("S-1", 1.1, 49.44, phones=["06 39 98 90 01"])]))
    path = write(tmp_path / "classe.csv", RARE)
    tocsin.ok(*alert(path, "--exercise", "--estimate"))
    assert traces(tocsin) == set() and sql(tocsin, "SELECT count(*) FROM recipients") == [(1,)]
    assert tocsin.run(*alert(path, "--exercise", "--weight", "999999")).status != 0
    assert traces(tocsin) == set() and sql(tocsin, "SELECT count(*) FROM recipients") == [(1,)]


def test_who_refused_information_gets_none_by_a_table_either(tocsin, tmp_path):
    tocsin.ok("import", "recipients", register.write(tmp_path / "people.csv", [Person("S-1", 1.1, 49.44, phones=["06 39 98 00 42"])]))
    sql(tocsin, "UPDATE contact_points SET consent = 'refused'")
    with Centre("smsc-scripted.py", tmp_path, "--plain") as centre:
        tocsin = gateways(tocsin, tmp_path, entry(centre.port))
        tocsin.ok(*alert(write(tmp_path / "classe.csv", RARE), "--kind", "information", "--quiet", "none"))
        assert centre.taken == {"+33639980043": 1}
        tocsin.ok(*alert(write(tmp_path / "classe 2.csv", RARE)))
        assert centre.taken == {"+33639980043": 2, "+33639980042": 1}, "an alert reaches everyone"


def test_another_organisation_gathers_nobody_and_names_no_list(tocsin, tmp_path):
    for name in "AB":
        tocsin.ok("organisation", "create", name, "--kind", "commune")
        file = register.write(tmp_path / f"{name}.csv", [Person(f"{name}-1", 1.1, 49.44, phones=["06 39 98 90 01"])])
        tocsin.ok("import", "recipients", file, "--organisation", name)
    people = dict(sql(tocsin, "SELECT external_id, id FROM recipients"))
    with Server(tocsin) as server:
        own, other = member(tocsin, server, "A"), member(tocsin, server, "B")
        made = own.post("/api/register/audience", {"ids": [people["A-1"]], "name": "Trois personnes"})
        assert made.status == 201 and made.json == {"list": "Trois personnes"}
        assert own.post("/api/register/audience", {"ids": [people["A-1"]], "name": "Trois personnes"}).json["list"] == "Trois personnes (2)"
        foreign, nobody = (other.post("/api/register/audience", {"ids": [one], "name": "X"}) for one in (people["A-1"], 987654))
        assert shown(foreign) == shown(nobody) and foreign.status >= 400
        mixed = own.post("/api/register/audience", {"ids": [people["A-1"], people["B-1"]], "name": "X"})
        assert shown(mixed) == shown(nobody)

        def count(client, name):
            return client.post("/api/zone/counts", {"zone": {"type": "list", "name": name}})
        assert count(own, "Trois personnes").json["recipients"] == 1
        assert shown(count(other, "Trois personnes"))[1].replace("Trois personnes", "") == shown(count(other, "Nulle part"))[1].replace("Nulle part", "")
        assert "Trois personnes" not in own.call("GET", "/api/lists").text
    assert sql(tocsin, "SELECT count(*) FROM organisations WHERE annex_of IS NOT NULL") == [(2,)]
