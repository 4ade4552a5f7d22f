"""Recipients from CSV files as town halls send them: encodings, separators, column names, and files whole or not at all."""

import gzip
import os
import sqlite3

import pytest

import register

HERE = ("--circle", "1.1,49.44,100")
FRENCH = ["identifiant", "nom", "prénom", "longitude", "latitude", "téléphone", "courriel", "liste"]
ROWS = [
    ["é-1", "Nomsecret", "Zoé", "1.1", "49.44", "06 39 98 00 01", "courriel-a@example.org", "Élus d’été"],
    ["é-2", "Nomsecret; avec “séparateur”", "Jo", "1.1", "49.44", "01 99 00 00 02", "", "Élus d’été|Écoles"],
    ["é-3", "Nomsecret\nsur deux lignes", "Anaïs", "1.1", "49.44", "+33639980003", "", ""],
    ["é-4", "Nomsecret, \"entre guillemets\"", "", "2.3", "48.8", "", "courriel-d@example.org", "Écoles"],
]
IDS = ["é-1", "é-2", "é-3"]


def save(tocsin, content, name="people.csv"):
    path = tocsin.folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def rows_of(tocsin, *zone) -> list[str]:
    return tocsin.ok("target", *(zone or HERE), "--format", "csv").lines


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"], ids=["semicolon", "comma", "tab"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings_and_separators_are_recognised(tocsin, encoding, delimiter, newline):
    text = register.text([FRENCH, *ROWS], delimiter, newline)
    tocsin.ok("import", "recipients", save(tocsin, text.encode(encoding)))
    assert tocsin.ids("--list", "Élus d’été") == IDS[:2]
    assert tocsin.ok("target", *HERE).counts == {
        "recipients": 3, "certain": 3, "possible": 0, "not_located": 0, "sms": 2, "voice": 3, "email": 1, "fax": 0}


def test_a_gzipped_file_and_one_without_a_last_line_break_are_read(tocsin):
    text = register.text([FRENCH, *ROWS]).rstrip("\n")
    tocsin.ok("import", "recipients", save(tocsin, gzip.compress(text.encode()), "people.csv.gz"))
    assert tocsin.ids(*HERE) == IDS


@pytest.mark.parametrize("header", [
    "identifiant;nom;prénom;longitude;latitude;téléphone;courriel;liste",
    "ID;Nom;Prénom;Lon;Lat;Portable;E-mail;Groupe",
    "Identifiant;NOM;PRENOM;LONGITUDE;LATITUDE;Tél. mobile;Adresse e-mail;Listes",
    "id;last name;first name;longitude;latitude;phone;email;lists",
    "external_id;surname;first_name;lng;lat;mobile;e-mail;list",
    "reference;name;given name;long;latitude;Phone number;mail;groups",
    '"Identifiant";"Nom";"Prénom";"Longitude";"Latitude";"Téléphone";"Courriel";"Liste"',
])
def test_french_and_english_column_names_are_recognised(tocsin, header):
    body = register.text(ROWS)
    result = tocsin.ok("import", "recipients", save(tocsin, header + "\n" + body))
    assert "left aside" not in result.err
    assert tocsin.ids(*HERE, "--channel", "sms") == ["é-1", "é-3"]
    assert tocsin.ids(*HERE, "--channel", "email") == ["é-1"]
    assert tocsin.ids("--list", "Écoles") == ["é-2", "é-4"]


def test_a_column_is_what_map_says_it_is(tocsin):
    path = save(tocsin, "N°;X;Y;Contact;courriel;Remarque\na;1.1;49.44;06 39 98 00 01;rien;Nomsecret\n")
    tocsin.refused("import", "recipients", path)
    words = ["--map", "N°=id", "--map", "X=longitude", "--map", "Y=latitude", "--map", "Contact=phone",
             "--map", "courriel=ignore"]
    result = tocsin.ok("import", "recipients", path, *words)
    assert "Remarque" in result.err
    assert tocsin.ids(*HERE, "--channel", "sms") == ["a"]
    for wrong in ("N°", "=id", "N°=nothing", "Absente=id"):
        tocsin.refused("import", "recipients", path, "--map", wrong)


def test_the_same_file_twice_changes_nothing(seine_maritime):
    tocsin = seine_maritime.tocsin
    before = rows_of(tocsin, "--department", "76")
    result = tocsin.ok("import", "recipients", register.write(tocsin.folder / "again.csv", seine_maritime.people))
    assert f"0 added, 0 updated, {len(seine_maritime.people)} unchanged" in result.err
    assert rows_of(tocsin, "--department", "76") == before


def test_a_row_that_changed_is_updated_and_the_others_are_not(tocsin):
    tocsin.ok("import", "recipients", save(tocsin, register.text([FRENCH, *ROWS])))
    moved = [ROWS[0][:3] + ["2.3", "48.8"] + ROWS[0][5:], ROWS[1], ROWS[2][:5] + ["", "", ""], ROWS[3]]
    result = tocsin.ok("import", "recipients", save(tocsin, register.text([FRENCH, *moved])))
    assert "0 added, 2 updated, 2 unchanged" in result.err
    assert tocsin.ids(*HERE) == ["é-2", "é-3"] and tocsin.ids(*HERE, "--channel", "voice") == ["é-2"]
    assert tocsin.ids("--circle", "2.3,48.8,10") == ["é-1", "é-4"]


def test_a_dry_run_writes_nothing(tocsin):
    path = save(tocsin, register.text([FRENCH, *ROWS]))
    journal = tocsin.ok("journal").out
    result = tocsin.ok("import", "recipients", path, "--dry-run", "--organisation", "Une autre")
    assert "dry run" in result.err and "4 added" in result.err
    assert tocsin.ids(*HERE) == [] and tocsin.ok("journal").out == journal
    tocsin.refused("target", "--list", "Écoles")
    tocsin.refused("target", *HERE, "--organisation", "Une autre")


def test_organisations_have_registers_of_their_own(tocsin):
    path = save(tocsin, register.text([FRENCH, *ROWS]))
    for name in ("Mairie d’Eu", "Mairie de Rouen"):
        tocsin.ok("import", "recipients", path, "--organisation", name)
    assert tocsin.ids(*HERE, "--organisation", "Mairie d’Eu") == IDS
    assert tocsin.ids(*HERE) == sorted(IDS * 2)


# Column, value, and what the refusal must name. No refusal may repeat the value.
FAULTS = {
    "no id": ("identifiant", "", "identifiant"),
    "blank id": ("identifiant", "   ", "identifiant"),
    "longitude in words": ("longitude", "Nomsecret", "longitude"),
    "latitude in words": ("latitude", "Nomsecret", "latitude"),
    "longitude only": ("latitude", "", "latitude"),
    "latitude only": ("longitude", "", "longitude"),
    "out of range": ("latitude", "149.44", ""),
    "infinite": ("longitude", "inf", "longitude"),
    "not a number": ("latitude", "nan", "latitude"),
    "too long": ("nom", "Nomsecret" * 100, "nom"),
    "control character": ("nom", "Nomsecret\x07", "nom"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_bad_row_is_named_by_line_and_column_and_nothing_is_imported(tocsin, fault):
    column, value, named = FAULTS[fault]
    bad = list(ROWS[0])
    bad[FRENCH.index(column)] = value
    # The row before it spans two lines of the file.
    path = save(tocsin, register.text([FRENCH, ROWS[2], bad, ROWS[1]]))
    result = tocsin.refused("import", "recipients", path)
    assert "line 4" in result.err and f"column {named}" in result.err
    assert not value.strip() or value not in result.err.replace(named, "") or len(value) < 6
    # Had anything been imported, it would not be added now.
    kept = tocsin.ok("import", "recipients", path, "--skip-invalid")
    assert "2 added" in kept.err and "1 refused" in kept.err and "line 4" in kept.err
    assert tocsin.ids(*HERE) == ["é-2", "é-3"]


# One bad number refuses the number: whoever has another way to be reached must not be left out for it.
CONTACT_FAULTS = {
    "short phone": ("téléphone", "06 39 98", "téléphone"),
    "long phone": ("téléphone", "06 39 98 00 01 02 03 04", "téléphone"),
    "phone in words": ("téléphone", "Nomsecret", "téléphone"),
    "premium": ("téléphone", "0 899 00 12 34", "téléphone"),
    "premium international": ("téléphone", "+33 899 00 12 34", "téléphone"),
    "toll-free": ("téléphone", "0800 00 12 34", "téléphone"),
    "short number": ("téléphone", "3639", "téléphone"),
    "emergency": ("téléphone", "112", "téléphone"),
    "address without at": ("courriel", "courriel-sans-arobase.example.org", "courriel"),
    "two ats": ("courriel", "courriel-a@b@example.org", "courriel"),
    "no domain": ("courriel", "courriel-a@", "courriel"),
    "blank in the address": ("courriel", "courriel- a@example.org", "courriel"),
    "header injection": ("courriel", "courriel-a@example.org\nBcc: courriel-b@example.org", "courriel"),
}


@pytest.mark.parametrize("fault", CONTACT_FAULTS)
def test_a_bad_number_is_left_out_and_named_and_the_person_stays(tocsin, fault):
    column, value, named = CONTACT_FAULTS[fault]
    bad = list(ROWS[0])
    bad[FRENCH.index(column)] = value
    path = save(tocsin, register.text([FRENCH, ROWS[2], bad, ROWS[1]]))
    result = tocsin.ok("import", "recipients", path)
    assert "3 added" in result.err and "contact left out: line 4" in result.err and f"column {named}" in result.err
    assert len(value) < 6 or value not in result.err
    assert tocsin.ids(*HERE) == IDS
    left = "email" if column == "téléphone" else "sms"
    assert tocsin.ids(*HERE, "--channel", left)[:1] == ["é-1"]


def test_who_is_left_without_any_number_is_kept_and_listed(tocsin):
    path = save(tocsin, "id;longitude;latitude;tel\na;1.1;49.44;0899123456\nb;1.1;49.44;\n")
    result = tocsin.ok("import", "recipients", path)
    assert "2 new recipients have no contact point" in result.err
    assert "line 2, column tel: cannot be reached" in result.err and "line 3, column tel: cannot be reached" in result.err
    assert tocsin.ids(*HERE) == ["a", "b"]


@pytest.mark.parametrize("longitude, latitude, said", [
    ("49.44", "1.1", "exchanged"), ("-21.1", "55.4", "exchanged"), ("563000", "927000", "metres"), ("0", "0", "0, 0")])
def test_coordinates_that_cannot_be_right_are_refused_in_words(tocsin, longitude, latitude, said):
    path = save(tocsin, f"id;longitude;latitude\na;{longitude};{latitude}\n")
    result = tocsin.refused("import", "recipients", path)
    assert said in result.err and "line 2" in result.err


def test_every_fault_of_a_file_is_reported_and_not_only_the_first(tocsin):
    bad = [["", "Nomsecret", "", "x", "49", "12", "courriel-", ""], ROWS[0], ["b", "", "", "200", "49", "", "", ""]]
    path = save(tocsin, register.text([FRENCH, *bad]))
    report = tocsin.folder / "report.csv"
    result = tocsin.refused("import", "recipients", path, "--report", report)
    for word in ("line 2, column identifiant", "line 2, column longitude", "line 2, column téléphone",
                 "line 2, column courriel", "line 4, column longitude"):
        assert word in result.err
    assert "2 rows are refused" in result.err
    lines = report.read_text().splitlines()
    assert lines[0] == "kind,line,column,reason" and len([line for line in lines if line.startswith("refused,")]) == 5
    assert not any(word in report.read_text() for word in ("Nomsecret", "courriel-", "06 39"))


def test_an_id_twice_in_a_file_is_refused_with_both_lines(tocsin):
    path = save(tocsin, register.text([FRENCH, ROWS[2], ROWS[0], ROWS[2][:3] + ["2.3", "48.8"] + ROWS[2][5:]]))
    result = tocsin.refused("import", "recipients", path)
    assert "line 5" in result.err and "line 2" in result.err
    tocsin.ok("import", "recipients", path, "--skip-invalid")
    assert tocsin.ids(*HERE) == ["é-1", "é-3"], "the first of the two is not the one kept"


def test_decimal_commas_are_read(tocsin):
    tocsin.ok("import", "recipients", save(tocsin, "id;longitude;latitude\na;1,1;49,44\nb;\"1,1\";49.44\n"))
    assert tocsin.ids(*HERE) == ["a", "b"]


def test_a_row_with_too_many_or_too_few_fields_is_refused(tocsin):
    path = save(tocsin, "id;longitude;latitude\na;1.1;49.44;Nomsecret\nb;1.1\nc;1.1;49.44\n")
    result = tocsin.refused("import", "recipients", path)
    assert "line 2" in result.err and "line 3" in result.err and "line 4" not in result.err
    tocsin.ok("import", "recipients", path, "--skip-invalid")
    assert tocsin.ids(*HERE) == ["c"]


NUMBERS = {
    "06 39 98 00 01": "+33639980001", "0639980001": "+33639980001", "06.39.98.00.01": "+33639980001",
    "06-39-98-00-01": "+33639980001", "+33 6 39 98 00 01": "+33639980001", "0033639980001": "+33639980001",
    "+33 (0)6 39 98 00 01": "+33639980001", "(06) 39.98.00.01": "+33639980001", "639980001": "+33639980001",
    "06\u00a039\u00a098\u00a000\u00a001": "+33639980001", "01 99 00 00 01": "+33199000001"}
# The national plan is one: 06 39 98 may be dialled from La Réunion, 0692 from Paris.
FROM_AFAR = [
    ("97411", "06 39 98 00 01", "+33639980001"), ("97411", "01 99 00 00 01", "+33199000001"),
    ("97411", "0692 00 00 01", "+262692000001"), ("97411", "0262 00 00 01", "+262262000001"),
    ("76540", "0692 00 00 01", "+262692000001"), ("76540", "0262 00 00 01", "+262262000001"),
    ("76540", "0696 00 00 01", "+596696000001"), ("97209", "06 39 98 00 01", "+33639980001"),
    ("", "0690 00 00 01", "+590690000001")]


def addresses(tocsin) -> dict[str, set[str]]:
    """The telephone numbers that were kept for each recipient."""
    with sqlite3.connect(f"file:{tocsin.database}?mode=ro", uri=True) as database:
        found: dict[str, set[str]] = {}
        for id, address in database.execute(
            "SELECT external_id, contact_points.address FROM contact_points JOIN recipients ON recipients.id = recipient_id"):
            found.setdefault(id, set()).add(address)
        return found


def test_numbers_are_read_however_they_are_written(tocsin):
    rows = [[f"n{index:02d}", "1.1", "49.44", phone] for index, phone in enumerate(NUMBERS)]
    tocsin.ok("import", "recipients", save(tocsin, register.text([["id", "lon", "lat", "tel"], *rows])))
    assert addresses(tocsin) == {f"n{index:02d}": {e164} for index, e164 in enumerate(NUMBERS.values())}
    counts = tocsin.ok("target", *HERE).counts
    assert (counts["sms"], counts["voice"]) == (len(NUMBERS) - 1, len(NUMBERS)), "a fixed line gets no SMS"


def test_a_ten_digit_number_is_the_same_from_every_part_of_france(tocsin):
    rows = [[f"n{index}", "1.1", "49.44", code, phone] for index, (code, phone, _) in enumerate(FROM_AFAR)]
    tocsin.ok("import", "recipients", save(tocsin, register.text([["id", "lon", "lat", "code_insee", "tel"], *rows])))
    assert addresses(tocsin) == {f"n{index}": {e164} for index, (_, _, e164) in enumerate(FROM_AFAR)}


BAD_FILES = {
    "empty": b"", "blank lines": b"\n\n  \n", "binary": bytes(range(256)) * 40, "no id": b"nom;longitude;latitude\na;1.1;49.44\n",
    "one coordinate column": b"id;longitude\na;1.1\n", "no known column": b"a;b;c\n1;2;3\n",
    "quote never closed": b'id;nom\na;"Nomsecret\nb;c\n', "UTF-16 of nothing": "nom\n".encode("utf-16"),
    "UTF-16 without a mark": "id;nom\na;b\n".encode("utf-16-le"), "a page": b"<!doctype html><html></html>",
    "zip": b"PK\x03\x04" + bytes(200), "gzip cut short": gzip.compress(register.text([FRENCH, *ROWS * 50]).encode())[:60],
    "gzip damaged": gzip.compress(b"id;nom\n" + b"x" * 5000)[:20] + b"\xff" * 60,
    "gzip of nothing": gzip.compress(b""),
}


@pytest.mark.parametrize("fault", BAD_FILES)
def test_a_file_that_is_no_register_is_refused(tocsin, fault):
    result = tocsin.refused("import", "recipients", save(tocsin, BAD_FILES[fault]))
    assert "people.csv" in result.err


def test_a_header_alone_imports_nobody(tocsin):
    result = tocsin.run("import", "recipients", save(tocsin, "id;longitude;latitude\n"))
    assert result.status != 0 or "0 rows" in result.err


def test_a_missing_file_and_a_folder_are_refused(tocsin):
    assert "absent.csv" in tocsin.refused("import", "recipients", tocsin.folder / "absent.csv").err
    tocsin.refused("import", "recipients", tocsin.folder)


def test_the_last_row_of_a_long_file_can_still_refuse_all_of_it(tocsin):
    people = register.people_at("N", [(1.1, 49.44)] * 3000)
    path = register.write(tocsin.folder / "long.csv", people)
    with open(path, "a") as file:
        file.write("last;;200;100;;;;;;\n")
    assert "line 3002" in tocsin.refused("import", "recipients", path).err
    assert tocsin.ids(*HERE) == []


def test_a_file_that_unfolds_to_300_megabytes_is_refused_in_bounded_memory_and_time(tocsin):
    path = tocsin.folder / "bomb.csv.gz"
    with gzip.open(path, "wb", 9) as file:
        file.write(b"id,lon,lat\nx,2.3,48.8\ny,")
        for _ in range(300):
            file.write(b"9" * (1 << 20))
    assert path.stat().st_size < 400_000
    process = tocsin.start("import", "recipients", path)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    process.stderr.close()
    assert process.returncode == 1 and "line 3" in errors
    assert usage.ru_maxrss < 300_000, f"{usage.ru_maxrss} KiB"
    assert usage.ru_utime < 60


def test_who_has_coordinates_outside_the_commune_is_kept_with_a_warning(seine_maritime):
    tocsin = seine_maritime.tocsin
    path = tocsin.folder / "outside.csv"
    path.write_text("id;longitude;latitude;code_insee\nout;1.5;49.9;76540\n")
    result = tocsin.ok("import", "recipients", path)
    assert "outside commune 76540" in result.err and "line 2" in result.err
    assert tocsin.ids("--circle", "1.5,49.9,10") == ["out"] and "out" in tocsin.ids("--communes", "76540")


def test_names_and_numbers_are_never_printed(seine_maritime):
    tocsin = seine_maritime.tocsin
    for form in ("csv", "json", "geojson", "ids"):
        text = tocsin.ok("target", "--department", "76", "--format", form).out
        assert "Nomsecret" not in text and "courriel-" not in text and "63998" not in text.replace(" ", "")
