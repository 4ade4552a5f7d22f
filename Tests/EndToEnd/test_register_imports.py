"""A town hall's files, month after month: sheets, titles, metres, mappings; what is new, changed and gone; and back."""

import csv
import io
import sqlite3
import time

import openpyxl
import pyproj
import pytest

from cli import until

HEADER = ["identifiant", "nom", "prénom", "longitude", "latitude", "téléphone", "courriel", "étiquettes", "vulnérabilité"]
JANUARY = [
    ["a", "Nomsecret", "Zoé", "1.1", "49.44", "06 39 98 00 01", "a@example.org", "digue", "sous oxygène"],
    ["b", "Nomsecret", "Jo", "1.1", "49.44", "06 39 98 00 02", "", "", ""],
    ["c", "Nomsecret", "Anaïs", "1.1", "49.44", "01 99 00 00 03", "", "", ""],
    ["d", "Autre", "Paul", "1.1", "49.44", "", "d@example.org", "", ""],
    ["e", "Autre", "Luce", "1.1", "49.44", "06 39 98 00 05", "", "", ""],
    ["f", "Autre", "Max", "1.1", "49.44", "06 39 98 00 06", "", "", ""],
]
HERE = ("--circle", "1.1,49.44,100")


def text(rows, delimiter=";"):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue()


def save(tocsin, content, name="registre.csv"):
    path = tocsin.folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def dump(tocsin):
    """All that the register holds, row numbers of contact points and the like aside."""
    with sqlite3.connect(f"file:{tocsin.database}?mode=ro", uri=True) as database:
        return [
            database.execute("SELECT * FROM recipients ORDER BY id").fetchall(),
            database.execute(
                "SELECT recipient_id, channel, address, rank, is_emergency, check_flag, consent, consent_on, provenance, "
                "confirmed_on FROM contact_points ORDER BY 1, 2, 3").fetchall(),
            *[database.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()
              for table in ("list_members", "recipient_tags", "vulnerabilities", "recipient_aliases")]]


@pytest.mark.parametrize("extension", ["xlsx", "tsv", "csv"])
def test_a_title_above_the_table_is_passed_over_in_every_format(tocsin, extension):
    rows = [["Registre communal, édition 2026", *[""] * 8], ["Mairie d’Eu", *[""] * 8], HEADER, *JANUARY]
    path = tocsin.folder / f"registre.{extension}"
    if extension == "xlsx":
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append([float(cell) if cell.replace(".", "").isdigit() and "." in cell else cell or None for cell in row])
        book.save(path)
    else:
        path.write_text(text(rows, "\t" if extension == "tsv" else ";"))
    result = tocsin.ok("import", "recipients", path)
    assert "6 added" in result.err and "header on line 3: 2 rows above it" in result.err
    assert tocsin.ids(*HERE) == list("abcdef")


def test_a_sheet_is_chosen_by_its_name(tocsin):
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    book.active.append(["rien"])
    sheet = book.create_sheet("Habitants")
    for row in [HEADER, *JANUARY]:
        sheet.append(row)
    path = tocsin.folder / "registre.xlsx"
    book.save(path)
    assert "Habitants" in tocsin.refused("import", "recipients", path).err
    assert "6 added" in tocsin.ok("import", "recipients", path, "--sheet", "Habitants").err
    tocsin.refused("import", "recipients", path, "--sheet", "Absente")


@pytest.mark.parametrize("columns", [("X", "Y"), ("longitude", "latitude")])
@pytest.mark.parametrize("epsg, longitude, latitude", [(2154, 1.1, 49.44), (2975, 55.45, -20.9), (5490, -61.5, 16.2),
                                                       (2972, -52.3, 4.9), (4471, 45.2, -12.8)])
def test_metres_are_converted_as_proj_does(tocsin, epsg, longitude, latitude, columns):
    x, y = pyproj.Transformer.from_crs(4326, epsg, always_xy=True).transform(longitude, latitude)
    path = save(tocsin, f"id;{columns[0]};{columns[1]}\na;{x:.2f};{str(round(y, 2)).replace('.', ',')}\n")
    result = tocsin.ok("import", "recipients", path)
    assert "1 rows are metres in" in result.err
    assert tocsin.ids("--circle", f"{longitude},{latitude},1") == ["a"]


def test_a_house_number_of_its_own_column_is_part_of_the_address(tocsin):
    tocsin.ok("import", "recipients", save(tocsin, "id;N°;Rue;Ville\na;12 bis;rue des Tilleuls;Eu\n"))
    with sqlite3.connect(f"file:{tocsin.database}?mode=ro", uri=True) as database:
        assert database.execute("SELECT address FROM recipients").fetchall() == [("12 bis rue des Tilleuls",)]


def test_a_column_full_of_numbers_is_not_left_aside_in_silence(tocsin):
    path = save(tocsin, "id;lon;lat;Coordonnées\n" + "".join(f"n{i};1.1;49.44;06399800{i:02d}\n" for i in range(5)))
    result = tocsin.refused("import", "recipients", path)
    assert "Coordonnées" in result.err and "=ignore" in result.err
    assert "5 added" in tocsin.ok("import", "recipients", path, "--map", "Coordonnées=phone").err
    assert tocsin.ids(*HERE, "--channel", "sms") == [f"n{i}" for i in range(5)]


def test_a_mapping_is_remembered_for_the_same_header_and_forgotten_when_asked(tocsin):
    path = save(tocsin, "clé unique;lon;lat;Contact\na;1.1;49.44;0639980001\n")
    tocsin.refused("import", "recipients", path)
    words = ["--map", "clé unique=id", "--map", "Contact=phone"]
    tocsin.ok("import", "recipients", path, *words, "--dry-run")
    tocsin.refused("import", "recipients", path)
    tocsin.ok("import", "recipients", path, *words)
    again = tocsin.ok("import", "recipients", path)
    assert "as --map said another time" in again.err and "1 unchanged" in again.err
    tocsin.refused("import", "recipients", path, "--forget-mapping")
    tocsin.refused("import", "recipients", path, "--organisation", "Une autre")


def test_a_dry_run_shows_the_columns_and_a_preview_only_on_demand(tocsin):
    path = save(tocsin, text([HEADER, *JANUARY]))
    plain = tocsin.ok("import", "recipients", path, "--dry-run")
    assert plain.out == "" and "Nomsecret" not in plain.err and "sous oxygène" not in plain.err
    assert any(line.split() == ["téléphone", "phone"] for line in plain.err.splitlines())
    shown = tocsin.ok("import", "recipients", path, "--dry-run", "--preview", "2")
    rows = list(csv.reader(io.StringIO(shown.out)))
    assert len(rows) == 3 and rows[1][1] == "Nomsecret" and "Nomsecret" not in shown.err
    tocsin.refused("import", "recipients", path, "--preview", "1000")


def test_differences_are_shown_then_applied_then_undone(tocsin):
    tocsin.ok("import", "recipients", save(tocsin, text([HEADER, *JANUARY]), "registre-2026-01.csv"))
    before = dump(tocsin)
    moved = JANUARY[0][:3] + ["2.3", "48.8"] + JANUARY[0][5:]
    mute = JANUARY[1][:5] + ["", *JANUARY[1][6:]]
    new = ["g", "Neuf", "Ada", "1.1", "49.44", "06 39 98 00 07", "", "", ""]
    february = save(tocsin, text([HEADER, moved, mute, *JANUARY[2:5], new]), "registre-2026-02.csv")
    report = tocsin.folder / "report.csv"
    dry = tocsin.ok("import", "recipients", february, "--dry-run", "--report", report)
    assert "1 added, 2 updated, 3 unchanged" in dry.err and "changed: contact_points 1, location 1" in dry.err
    assert "gone: 1 recipients" in dry.err and "1 recipients lose their last contact point: lines 3" in dry.err
    assert ["gone", "", "", "f"] in list(csv.reader(report.open())) and dump(tocsin) == before
    applied = tocsin.ok("import", "recipients", february, "--remove-gone")
    assert "1 removed" in applied.err and "tocsin import undo 2" in applied.err
    assert tocsin.ids(*HERE) == ["b", "c", "d", "e", "g"]
    again = tocsin.ok("import", "recipients", february, "--remove-gone")
    assert "0 added, 0 updated, 6 unchanged" in again.err and "gone" not in again.err
    listed = tocsin.ok("import", "undo", "--list").lines
    assert [line.split("\t")[0] for line in listed] == ["2", "1"] and "registre\t1 added\t2 updated\t1 removed" in listed[0]
    assert "g" in tocsin.refused("import", "undo", "1").err
    undone = tocsin.ok("import", "undo")
    assert "1 recipients removed, 2 changed back, 1 brought back" in undone.err
    assert dump(tocsin) == before
    assert "register.undo" in tocsin.ok("journal", "show").out and "whole" in tocsin.ok("journal", "verify").out + tocsin.ok("journal", "verify").err
    tocsin.ok("import", "undo", "1")
    assert tocsin.ids(*HERE) == []
    tocsin.refused("import", "undo")


def test_a_half_file_does_not_empty_the_register(tocsin):
    tocsin.ok("import", "recipients", save(tocsin, text([HEADER, *JANUARY])))
    half = save(tocsin, text([HEADER, *JANUARY[:3]]))
    refused = tocsin.refused("import", "recipients", half, "--remove-gone")
    assert "3 of the 6" in refused.err and tocsin.ids(*HERE) == list("abcdef")
    tocsin.ok("import", "recipients", half, "--remove-gone", "--yes")
    assert tocsin.ids(*HERE) == list("abc")


def test_a_file_that_says_nothing_of_numbers_or_places_leaves_them(tocsin):
    tocsin.ok("import", "recipients", save(tocsin, text([HEADER, *JANUARY])))
    result = tocsin.ok("import", "recipients", save(tocsin, "id;nom\na;Nouveau\n"))
    assert "1 updated" in result.err and "changed: name 1" in result.err
    assert tocsin.ids(*HERE, "--channel", "sms")[0] == "a"


def test_duplicates_are_listed_merged_or_refused(tocsin):
    rows = [["id", "nom", "lon", "lat", "tel"], ["a", "Martin Jean", "1.1", "49.44", "0639980001"],
            ["b", "Jean MARTIN", "1.1", "49.44", "06 39 98 00 01 / 0639980002"], ["c", "Martin Léa", "1.1", "49.44", "0639980001"]]
    path = save(tocsin, text(rows))
    shown = tocsin.ok("import", "recipients", path, "--dry-run")
    assert "duplicate: line 3, column -: the same person as line 2" in shown.err
    assert "duplicate: line 4, column -: the same number or mailbox as line 2" in shown.err
    assert "Martin" not in shown.err and "39980001" not in shown.err.replace(" ", "")
    assert "line 3" in tocsin.refused("import", "recipients", path, "--duplicates", "refuse").err
    assert "2 added" in tocsin.ok("import", "recipients", path, "--duplicates", "merge").err
    assert tocsin.ids(*HERE) == ["a", "c"]
    assert "0 added, 0 updated, 3 unchanged" in tocsin.ok("import", "recipients", path).err
    tocsin.refused("import", "recipients", path, "--duplicates", "perhaps")


def test_emergency_numbers_of_a_town_hall_are_few(tocsin):
    header = ["id", "type", "lon", "lat", *[f"telephone_urgence_{i}" for i in range(1, 5)]]
    three = ["m", "mairie", "1.1", "49.44", "0639980001", "0639980002", "0199000003", ""]
    four = ["n", "mairie", "1.1", "49.44", "0639980001", "0639980002", "0199000003", "0639980004"]
    refused = tocsin.refused("import", "recipients", save(tocsin, text([header, three, four])))
    assert "line 3" in refused.err and "4 emergency numbers" in refused.err and "line 2" not in refused.err
    tocsin.ok("import", "recipients", save(tocsin, text([header, three])))
    with sqlite3.connect(f"file:{tocsin.database}?mode=ro", uri=True) as database:
        assert database.execute("SELECT count(DISTINCT address), min(is_emergency) FROM contact_points").fetchall() == [(3, 1)]


def test_consent_provenance_confirmation_household_and_protected_facts_go_where_they_belong(tocsin):
    path = save(tocsin, "id;lon;lat;tel;consentement;date consentement;provenance;date confirmation;foyer;batiment;langue;vulnerabilite;detail vulnerabilite;date vulnerabilite;etiquettes\n"
                        "a;1.1;49.44;0639980001;oui;31/01/2026;mairie;2026-02-01;F1;B;en;mobilité réduite;2e étage;03/02/2026;digue|école\n"
                        "b;1.1;49.44;0639980002;non;;;31/02/2026;F1;;;non;;;\n")
    result = tocsin.ok("import", "recipients", path)
    assert "line 3, column consentement" in result.err and "line 3, column date confirmation: not a date" in result.err
    assert "mobilité" not in result.err and "étage" not in result.err
    with sqlite3.connect(f"file:{tocsin.database}?mode=ro", uri=True) as database:
        def rows(sql):
            return database.execute(sql).fetchall()
        assert rows("SELECT DISTINCT consent, consent_on, provenance, confirmed_on, check_flag FROM contact_points WHERE recipient_id = 1") == [
            ("given", "2026-01-31", "mairie", "2026-02-01", "unknown_range")]
        assert rows("SELECT DISTINCT consent FROM contact_points WHERE recipient_id = 2") == [("refused",)]
        assert rows("SELECT household, building, language, confirmed_on FROM recipients ORDER BY id") == [
            ("F1", "B", "en", "2026-02-01"), ("F1", None, "fr", None)]
        assert rows("SELECT recipient_id, kind, detail, recorded_on, provenance FROM vulnerabilities") == [
            (1, "mobilité réduite", "2e étage", "2026-02-03", "mairie")]
        assert rows("SELECT tag FROM recipient_tags ORDER BY 1") == [("digue",), ("école",)]
    for form in ("csv", "json", "geojson", "ids"):
        assert "mobilité" not in tocsin.ok("target", *HERE, "--format", form).out


def test_many_warnings_are_grouped_by_kind_and_the_report_has_each(tocsin):
    rows = "".join(f"p{number};nulle part {number};063998{number:04d}\n" for number in range(30))
    report = tocsin.folder / "report.csv"
    path = save(tocsin, "id;adresse;mobile;consentement\n" + rows.replace("\n", ";non\n") + "z;;12;oui\n")
    result = tocsin.ok("import", "recipients", path)
    assert "warning: 31 rows, column adresse: not located" in result.err and "(lines 2, 3, 4, 5, 6…)" in result.err
    assert "warning: 30 rows, column consentement: consent refused" in result.err
    assert "contact left out: line 32, column mobile" in result.err and "--report FILE writes every row" in result.err
    assert len(result.err.splitlines()) < 20
    tocsin.ok("import", "recipients", path, "--report", report, "--source", "again", "--dry-run")
    with report.open(encoding="utf-8", newline="") as file:
        told = [row for row in csv.DictReader(file) if row["column"] == "adresse"]
    assert [int(row["line"]) for row in told] == list(range(2, 33))


def test_a_row_that_names_a_computed_list_is_refused_with_its_line(tocsin):
    tocsin.ok("import", "recipients", save(tocsin, "id;lon;lat;listes\na;1.1;49.44;digue\n"))
    tocsin.ok("list", "create", "bureaux", "--where", "kind=office")
    path = save(tocsin, "id;lon;lat;listes\nb;1.1;49.44;digue\nc;1.1;49.44;digue|bureaux\n", "autre.csv")
    refused = tocsin.run("import", "recipients", path)
    assert refused.status != 0 and "refused: line 3, column listes: names a list that is a filter" in refused.err
    assert tocsin.ok("list", "members", "digue").out.split() == ["a"]
    assert "1 added" in tocsin.ok("import", "recipients", path, "--skip-invalid").err
    assert tocsin.ok("list", "members", "digue").out.split() == ["a", "b"]


@pytest.mark.parametrize("name", ["N° dossier", "N° de dossier", "Numéro de dossier", "Réf.", "Référence", "Identifiant", "Matricule", "Dossier n°"])
def test_the_names_town_halls_give_to_identifiers(tocsin, name):
    path = save(tocsin, f"{name};nom;lon;lat\nX-1;Nomsecret;1.1;49.44\n")
    tocsin.ok("import", "recipients", path)
    assert tocsin.ok("target", *HERE, "--format", "ids").out.split() == ["X-1"]


def test_the_number_of_emergency_numbers_is_the_organisations_own(tocsin):
    path = save(tocsin, "id;type;lon;lat;urgence;urgence 2;urgence 3;urgence 4\n"
                        "m;mairie;1.1;49.44;0639980001;0639980002;0639980003;0639980004\n")
    assert "4 emergency numbers, and an office has 3 at most" in tocsin.run("import", "recipients", path).err
    tocsin.ok("import", "recipients", path, "--emergency-limit", "4", "--dry-run")
    assert tocsin.run("import", "recipients", path).status != 0
    tocsin.ok("import", "recipients", path, "--emergency-limit", "4")
    tocsin.ok("import", "recipients", path)
    assert tocsin.run("import", "recipients", path, "--emergency-limit", "3").status != 0
    assert tocsin.run("import", "recipients", path, "--emergency-limit", "-1").status == 64


def is_locked(tocsin):
    with sqlite3.connect(tocsin.database, timeout=0, isolation_level=None) as database:
        try:
            database.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        database.execute("ROLLBACK")
        return False


@pytest.mark.parametrize("delay", [0, 0.5])
def test_a_kill_while_the_first_register_is_written_leaves_nothing_and_no_harm(tocsin, delay):
    rows = [[f"r{n}", f"Nom{n}", "", f"1.{100000 + n}", "49.44", f"0700{n:06}", f"r{n}@example.org", "", ""] for n in range(60_000)]
    path = save(tocsin, text([HEADER, *rows]))
    running = tocsin.start("import", "recipients", path)
    try:
        until(lambda: is_locked(tocsin) or running.poll() is not None, 100, "the writing")
        time.sleep(delay)
    finally:
        running.kill()
        running.communicate()
    assert running.returncode == -9
    with sqlite3.connect(tocsin.database) as database:
        assert database.execute("SELECT count(*) FROM recipients").fetchone() == (0,)
        assert database.execute("SELECT count(*) FROM contact_points").fetchone() == (0,)
        assert database.execute("SELECT count(*) FROM register_imports").fetchone() == (0,)
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert list(tocsin.folder.glob("*.import-*")) == []
    assert "60000 added" in tocsin.ok("import", "recipients", path).err
    assert "60000 unchanged" in tocsin.ok("import", "recipients", path).err
