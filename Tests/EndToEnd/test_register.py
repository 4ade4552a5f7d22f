"""The register on the command line: search, correction, removal, and exports that come back as they were."""

import csv
import json
import os
import re
import sqlite3
import subprocess

import pytest
import shapely.geometry

import register
from cli import MACHINE

HEADER = ["identifiant", "nom", "type", "adresse", "batiment", "code_postal", "commune", "code_insee", "longitude", "latitude",
          "langue", "foyer", "etiquettes", "listes", "telephone_1", "telephone_2", "fax", "courriel", "urgence", "consentement",
          "date_consentement", "provenance", "date_confirmation", "vulnerabilite", "detail_vulnerabilite"]
ROWS = [
    ["1", "Nomsecret Éloïse", "personne", "12 rue de l'Eau", "Tour A", "76000", "Rouen", "76540", "1.1", "49.44", "pt-BR",
     "F1", "pmr|chien", "rive|quai", "06 39 98 00 01", "01 99 00 00 01", "01 99 00 00 02", "courriel-1@example.org", "", "oui",
     "2024-01-31", "mairie", "2025-06-01", "oxygène", "=3 l"],
    ["2", "=cmd|' /C calc'!A0", "mairie", "+1 place", "", "76000", "", "", "-1.5", "48.1", "", "", "", "", "06 39 98 00 03",
     "", "", "", "01 99 00 00 04", "base légale", "", "=x", "", "", ""],
    ["=3", "@Nomsecret", "foyer", "-5 \"quai\", port\nétage 2", "-", "", "", "", "", "", "", "=F", "-t", "@liste", "", "", "",
     "courriel-3@example.org", "", "", "", "", "31/01/2026", "non", ""],
    ["''=4", "'''+Nomsecret", "", "", "", "76000", "Rouen", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "oui", ""],
    ["-5", "Nomsecret", "", "", "", "", "", "76540", "", "", "", "", "", "", "0692 00 00 05", "06 39 98 00 06", "", "", "", "", "",
     "", "", "", ""],
]
# A second source: e-mail addresses with another consent, so that no row's columns can say it all.
SECOND = [["identifiant", "courriel", "consentement", "provenance"], ["1", "courriel-1b@example.org", "non", "site"]]


def columns(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def town(tocsin):
    path = tocsin.folder / "registre.csv"
    path.write_text(register.text([HEADER, *ROWS]), encoding="utf-8", newline="")
    tocsin.ok("import", "recipients", path)
    path = tocsin.folder / "courriels.csv"
    path.write_text(register.text(SECOND), encoding="utf-8", newline="")
    tocsin.ok("import", "recipients", path)
    return tocsin


def counts(result) -> tuple[int, ...]:
    found = re.search(r"(\d+) added, (\d+) updated, (\d+) unchanged", result.err)
    assert found, result.err
    return tuple(map(int, found.groups()))


def test_an_export_imported_again_changes_nothing(town):
    town.ok("register", "export", "all.csv", "--with-protected")
    again = town.ok("import", "recipients", town.folder / "all.csv")
    assert counts(again) == (0, 0, len(ROWS)), again.err
    assert "left aside" not in again.err
    town.ok("register", "export", "plain.csv")
    assert counts(town.ok("import", "recipients", town.folder / "plain.csv")) == (0, 0, len(ROWS))


def test_an_export_holds_every_field(town, template, tmp_path):
    """Into an empty database and out again gives the same bytes; and each field is where the file had it."""
    town.ok("register", "export", "all.csv", "--with-protected")
    (tmp_path / "other").mkdir()
    other = template.copy(tmp_path / "other")
    other.ok("import", "recipients", town.folder / "all.csv")
    other.ok("register", "export", "all.csv", "--with-protected")
    assert (other.folder / "all.csv").read_bytes() == (town.folder / "all.csv").read_bytes()
    rows = {row["id"].lstrip("'"): row for row in columns(town.folder / "all.csv")}
    one = rows["1"]
    for column, value in {
        "name": "Nomsecret Éloïse", "kind": "person", "address": "12 rue de l'Eau", "building": "Tour A", "postcode": "76000",
        "commune": "Rouen", "commune_code": "76540", "longitude": "1.1", "latitude": "49.44", "language": "pt-br",
        "household": "F1", "tags": "chien|pmr", "lists": "quai|rive", "sms_1": "'+33639980001", "voice_1": "'+33639980001",
        "voice_2": "'+33199000001", "fax_1": "'+33199000002", "email_1": "courriel-1b@example.org",
        "confirmed_on": "2025-06-01", "vulnerability": "oxygène", "vulnerability_detail": "'=3 l",
    }.items():
        assert one[column] == value, column
    details = {(c["channel"], c["rank"]): c for c in json.loads(one["tocsin_details"])["contacts"]}
    assert details["sms", 1]["consent"] == "given" and details["sms", 1]["consent_on"] == "2024-01-31"
    assert details["email", 1]["consent"] == "refused" and details["email", 1]["provenance"] == "site"
    assert rows["2"]["emergency_1"] == "'+33199000004" and rows["2"]["consent"] == "legal_basis"
    assert rows["=3"]["confirmed_on"] == "2026-01-31"


def test_no_cell_is_a_formula(town):
    town.ok("register", "export", "all.csv", "--with-protected")
    town.ok("list", "create", "all", "--where", "language=fr,pt")
    (town.folder / "target.csv").write_text(town.ok("target", "--list", "all", "--format", "csv").out)
    for name in ("all.csv", "target.csv"):
        for row in columns(town.folder / name):
            for column, cell in row.items():
                if column in {"longitude", "latitude"} and cell:
                    float(cell)
                else:
                    assert cell[:1] not in set("=+@\t\r\n") and not re.match(r"-(?!\d+$)", cell), (name, column, cell)
    assert town.ids("--list", "all") == ["'=4", "-5", "1", "2", "=3"], "identifiers are never touched"


def test_geojson_is_what_others_read(town):
    town.ok("register", "export", "all.geojson")
    features = json.loads((town.folder / "all.geojson").read_text())["features"]
    assert len(features) == len(ROWS)
    points = {f["properties"]["id"]: f["geometry"] and shapely.geometry.shape(f["geometry"]) for f in features}
    assert points["1"].equals(shapely.geometry.Point(1.1, 49.44)) and points["'=4"] is None
    one = next(f["properties"] for f in features if f["properties"]["id"] == "1")
    assert one["sms"] == ["+33639980001"] and one["tags"] == ["chien", "pmr"] and "vulnerability" not in one
    try:
        told = subprocess.run(["ogrinfo", "-so", "-al", town.folder / "all.geojson"], capture_output=True, text=True)
    except FileNotFoundError:
        return
    assert told.returncode == 0 and f"Feature Count: {len(ROWS)}" in told.stdout


def test_a_zone_or_a_list_narrows_an_export(town):
    town.ok("register", "export", "some.csv", "--circle", "1.1,49.44,500")
    assert [row["id"] for row in columns(town.folder / "some.csv")] == ["1"]
    town.ok("register", "export", "some.csv", "--list", "rive")
    assert [row["id"] for row in columns(town.folder / "some.csv")] == ["1"]


def test_a_file_is_private_whole_and_in_the_journal(town):
    path = town.folder / "all.csv"
    path.write_text("old")
    os.chmod(path, 0o644)
    town.ok("register", "export", path)
    assert path.stat().st_mode & 0o777 == 0o600
    entry = town.ok("journal", "show", "--limit", "1").out
    assert f"\t{MACHINE}\tregister.export\t" in entry and f"recipients={len(ROWS)}" in entry and "format=csv" in entry
    assert "Nomsecret" not in entry and "63998" not in entry
    before = town.ok("journal").out
    town.refused("register", "export", town.folder / "no" / "such" / "folder.csv")
    town.refused("register", "export", town.folder / "other.csv", "--list", "nobody")
    town.refused("register", "export", town.folder / "what.txt")
    assert town.ok("journal").out == before
    assert not [p.name for p in town.folder.iterdir() if p.name.startswith(".") and "csv" in p.name], "leaves a piece behind"


def test_search_and_show(town):
    for text, ids in {"eloise eau": ["1"], "NOMSECRET rouen": ["'=4", "1"], "06 39 98 00 01": ["1"], "courriel-3@": ["=3"]}.items():
        assert [line.split("\t")[0] for line in town.ok("register", "search", text).lines] == ids, text
    found = town.ok("register", "search", "zzz")
    assert found.out == "" and "nobody" in found.err
    town.refused("register", "search", "%")
    one = town.ok("register", "show", "1")
    assert "vulnerability" not in one.out and one.table["household"] == "F1"
    assert town.ok("register", "show", "1", "--with-protected").table["vulnerability"] == "oxygène"
    assert "register.protected" in town.ok("journal", "show", "--limit", "1").out
    summary = town.ok("register", "summary").counts
    assert (summary["recipients"], summary["office"], summary["sms"]) == (5, 1, 3)


def test_a_correction_lasts_until_the_row_changes(town):
    town.ok("recipient", "set", "2", "language=en", "tags+=neuf", "voice=2,1", "confirmed_on=2026-02-01", "kind=household")
    assert counts(town.ok("import", "recipients", town.folder / "registre.csv"))[1] <= 1
    shown = town.ok("register", "show", "2").table
    assert shown["language"] == "en" and "neuf" in shown["tags"] and shown["kind"] == "household"
    assert shown["voice_1"].startswith("+33199000004")
    for wrong in ("colour=red", "language=français", "voice=3", "kind=dog", "position=49.44,1.1", "confirmed_on=2026-02-30", "x"):
        town.refused("recipient", "set", "1", wrong)
    town.refused("recipient", "set", "nobody", "language=en")


def test_who_left_is_gone_and_the_ledger_stays(town):
    town.ok("alert", "--circle", "1.1,49.44,500", "--subject", "S", "--message", "M", "--channels", "email", "--exercise", "--yes")
    town.ok("recipient", "delete", "1")
    assert "1" not in town.ids("--circle", "1.1,49.44,500")
    town.refused("register", "show", "1")
    assert town.ok("campaign", "report", "1").out
    assert "1" in town.ok("campaign", "report", "1", "--format", "csv").out
    assert "Nomsecret" not in town.ok("journal").out
    database = sqlite3.connect(f"file:{town.database}?immutable=1", uri=True)
    for table in ("contact_points", "list_members", "recipient_tags", "vulnerabilities"):
        gone = f"SELECT COUNT(*) FROM {table} WHERE recipient_id NOT IN (SELECT id FROM recipients)"
        assert database.execute(gone).fetchone() == (0,), table


def test_a_workbook_holds_what_the_csv_holds(town):
    """Read by openpyxl: the same cells, as texts, never as formulas; the file private and whole."""
    openpyxl = pytest.importorskip("openpyxl")
    town.ok("register", "export", "all.csv", "--with-protected")
    town.ok("register", "export", "all.xlsx", "--with-protected")
    assert (town.folder / "all.xlsx").stat().st_mode & 0o777 == 0o600
    sheet = openpyxl.load_workbook(town.folder / "all.xlsx").active
    assert all(cell.data_type in {"s", "n", "inlineStr"} for row in sheet.iter_rows() for cell in row if cell.value is not None)
    read = [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]
    with open(town.folder / "all.csv", newline="", encoding="utf-8") as file:
        expected = [[re.sub(r"^'(?='*[=+\-@\t\r\n])", "", cell) for cell in row] for row in csv.reader(file)]

    def plain(cell):
        # A text that an import would shorten has one more apostrophe in either file.
        return re.sub(r"^'(?='*[=+\-@\t\r\n])", "", cell)

    assert [[plain(cell) for cell in row] for row in read] == [[cell for cell in row] for row in expected]
    assert not [p.name for p in town.folder.iterdir() if p.name.startswith(".") and "xlsx" in p.name]
    assert "format=xlsx" in town.ok("journal", "show", "--limit", "1").out


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_either_table_comes_back(town, ending):
    town.ok("register", "export", f"back.{ending}", "--with-protected")
    again = town.ok("import", "recipients", town.folder / f"back.{ending}")
    assert counts(again) == (0, 0, len(ROWS)), again.err
