"""Files made to take the machine, to read others' files, or to lose rows: an error in words, and nothing else."""

import random
import resource
import signal
import sqlite3
import struct
import subprocess
import zipfile

import pytest

from exchange import MEMORY_BYTES, cells, exchange, ods, peak_megabytes, xlsx  # noqa: F401  (a fixture)

LAUGHS = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "' + "ha" * 50 + '">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)) + "]>"
SECRET = "never-to-be-seen-71423"


def stranger(secret_file):
    return f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY j SYSTEM "file://{secret_file}">]>'


def spaces(megabytes):
    piece = b" " * (1 << 20)
    return (piece for _ in range(megabytes))


def table_row(text):
    return f'<table:table-row><table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell></table:table-row>'


def lying(path):
    """The archive, its table of contents made to say that everything in it is small."""
    content = bytearray(path.read_bytes())
    end = content.rfind(b"PK\5\6")
    count, = struct.unpack_from("<H", content, end + 10)
    offset, = struct.unpack_from("<I", content, end + 16)
    for _ in range(count):
        struct.pack_into("<I", content, offset + 24, 1000)
        offset += 46 + sum(struct.unpack_from("<HHH", content, offset + 28))
    path.write_bytes(content)
    return path


MAKERS = {
    "xlsx, a gigabyte of spaces": ("xlsx", "archive_bomb", lambda p, s: xlsx(p, spaces(1024))),
    "xlsx, the same behind a lie": ("xlsx", None, lambda p, s: lying(xlsx(p, spaces(1024)))),
    "ods, a bomb": ("ods", "archive_bomb", lambda p, s: ods(p, table_row("x") + " " * (200 << 20))),
    "xlsx, laughs in a sheet": ("xlsx", "entities", lambda p, s: xlsx(p, cells(1, A="&j;"), head=LAUGHS)),
    "xlsx, laughs in the strings": (
        "xlsx", "entities", lambda p, s: xlsx(p, '<row r="1"><c r="A1" t="s"><v>0</v></c></row>', "<si><t>&amp;&j;</t></si>", LAUGHS)),
    "ods, laughs": ("ods", "entities", lambda p, s: ods(p, table_row("&j;"), LAUGHS)),
    "xlsx, another file's text": ("xlsx", "entities", lambda p, s: xlsx(p, cells(1, A="&j;"), head=stranger(s))),
    "ods, another file's text": ("ods", "entities", lambda p, s: ods(p, table_row("&j;"), stranger(s))),
    "xlsx, ten million columns": (
        "xlsx", "too_wide", lambda p, s: xlsx(p, '<row r="1"><c r="A1"><v>1</v></c><c r="WAAAAA1"><v>1</v></c></row>')),
    "xlsx, its two corners": (
        "xlsx", "too_wide", lambda p, s: xlsx(p, cells(1, A="id") + cells(1_048_576, XFD="x"))),
    "ods, ten million columns": ("ods", None, lambda p, s: ods(
        p, '<table:table-row><table:table-cell office:value-type="string" table:number-columns-repeated="10000000">'
        "<text:p>x</text:p></table:table-cell></table:table-row>")),
    "ods, a thousand million rows": ("ods", "too_many_rows", lambda p, s: ods(
        p, table_row("id") + '<table:table-row table:number-rows-repeated="1000000000"><table:table-cell '
        'office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>')),
    "xlsx, runs of text": (
        "xlsx", "rich_inline_text", lambda p, s: xlsx(
            p, '<row r="1"><c r="A1" t="inlineStr"><is><r><t>Du</t></r><r><t>pont</t></r></is></c></row>')),
    "xlsx, a tag left open": ("xlsx", "damaged", lambda p, s: xlsx(p, cells(1, A="id") + cells(2, A="1") + "<row")),
    "xlsx, a cell of 40 MB": ("xlsx", "cell_too_long", lambda p, s: xlsx(p, [
        '<row r="1"><c r="A1" t="inlineStr"><is><t>', *["".join(random.Random(1).choices("abcdefgh", k=1 << 16))] * 600,
        "</t></is></c></row>"])),
    "xls, noise": ("xls", "damaged", lambda p, s: p.write_bytes(bytes.fromhex("D0CF11E0A1B11AE1") + random.Random(1).randbytes(100_000))),
    "xlsx under a password": ("xls", "encrypted", lambda p, s: p.write_bytes(
        bytes.fromhex("D0CF11E0A1B11AE1") + bytes(1000) + "EncryptedPackage".encode("utf-16-le") + bytes(5000))),
    "zip of something else": ("xlsx", "other_kind", lambda p, s: zipfile.ZipFile(p, "w").writestr("a.txt", "x")),
    "zip64 that claims everything": ("xlsx", "archive_bomb", lambda p, s: p.write_bytes(
        b"PK\3\4" + bytes(26) + b"PK\5\6" + bytes(4) + b"\xff" * 12 + bytes(2))),
}


@pytest.mark.parametrize("case", MAKERS)
def test_a_hostile_table_is_an_error_in_bounded_memory(exchange, tmp_path, case):
    kind, word, make = MAKERS[case]
    secret = tmp_path / "secret"
    secret.write_text(SECRET)
    path = tmp_path / f"table.{kind}"
    make(path, secret)
    answer = exchange.run("read-table", kind, path)
    assert answer.status != 0 and "end" not in answer.last, f"was read: {answer.header} {answer.lines[:3]}"
    assert word in (None, answer.error), answer.last
    assert SECRET not in str(answer)
    assert peak_megabytes() < MEMORY_BYTES / (1 << 20)


@pytest.mark.parametrize("case", ["xlsx, a gigabyte of spaces", "xlsx, another file's text", "xlsx under a password", "xls, noise"])
def test_the_command_says_what_is_wrong_and_prints_nothing(tocsin, tmp_path, case):
    kind, _, make = MAKERS[case]
    path = tmp_path / f"liste.{kind}"
    (tmp_path / "secret").write_text(SECRET)
    make(path, tmp_path / "secret")
    error = tocsin.refused("geocode", "--csv", path, timeout=60).err
    assert path.name in error and SECRET not in error and "ERROR 1" not in error


@pytest.mark.parametrize("write", [lambda p: xlsx(p, "".join(cells(n, A=f"{n}") for n in range(1, 2000))),
                                   lambda p: ods(p, "".join(table_row(n) for n in range(1, 2000)))], ids=["xlsx", "ods"])
def test_a_workbook_cut_anywhere_gives_no_rows(exchange, tmp_path, write):
    kind = "xlsx" if "xlsx" in str(write(tmp_path / "whole.xlsx")) and (tmp_path / "whole.xlsx").read_bytes().find(b"xl/") > 0 else "ods"
    whole = (tmp_path / "whole.xlsx").read_bytes()
    path = tmp_path / f"table.{kind}"
    for share in (0.01, 0.3, 0.7, 0.99):
        path.write_bytes(whole[:int(len(whole) * share)])
        answer = exchange.run("read-table", kind, path)
        assert answer.error and not answer.lines
    # Bytes turned over inside: a check sum or a parser notices.
    for place in (0.2, 0.5, 0.7):
        content = bytearray(whole)
        start = int(len(whole) * place)
        content[start:start + 40] = bytes(byte ^ 0x55 for byte in content[start:start + 40])
        path.write_bytes(content)
        answer = exchange.run("read-table", kind, path)
        assert answer.error or [line[1] for line in answer.lines] == [f"{n}" for n in range(1, 2000)]


def test_memory_beyond_the_limit_ends_the_process_and_not_the_machine(exchange, tmp_path):
    path = xlsx(tmp_path / "table.xlsx", (cells(n, **{column: f"valeur {column}{n}" for column in "ABCDEF"}) for n in range(1, 100_001)))
    assert exchange.run("read-table", "xlsx", path).last == {"end": 100_000}
    before = peak_megabytes()
    answer = exchange.run("read-table", "xlsx", path, memory=180 << 20)
    assert "end" not in answer.last and answer.status in (1, 75, -signal.SIGABRT, -signal.SIGTRAP, -signal.SIGILL)
    assert answer.error in (None, "memory") and peak_megabytes() == before


def test_endless_work_is_stopped_by_the_processor_limit(exchange, tmp_path):
    path = geopackage(tmp_path / "layer.gpkg", view="WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT n AS fid, NULL AS geom FROM t WHERE n < 0")
    answer = exchange.run("read-features", "gpkg", path, cpu=2)
    assert answer.status == -signal.SIGXCPU and "end" not in answer.last


def geopackage(path, view=None, table=None):
    """A GeoPackage with one layer, `secret`, which is a view or a table of anything."""
    subprocess.run(["ogr2ogr", "-f", "GPKG", path, "/vsistdin/", "-nln", "good", "-a_srs", "EPSG:4326"], check=True,
                   input=b'{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[2,49]}}', capture_output=True)
    with sqlite3.connect(path) as database:
        if view:
            database.execute(f"CREATE VIEW secret AS {view}")
        else:
            database.execute("PRAGMA writable_schema = 1")
            database.execute("INSERT INTO sqlite_master VALUES ('table', 'secret', 'secret', 0, ?)", [table])
        database.execute("DELETE FROM gpkg_geometry_columns")
        database.execute("DELETE FROM gpkg_contents")
        database.execute("INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES ('secret', 'features', 'secret', 4326)")
        database.execute("INSERT INTO gpkg_geometry_columns VALUES ('secret', 'geom', 'GEOMETRY', 4326, 0, 0)")
    database.close()
    return path


@pytest.mark.parametrize("table", [
    "CREATE VIRTUAL TABLE secret USING VirtualText('{file}', 'UTF-8', 0, POINT, NONE, ';')",
    "CREATE VIRTUAL TABLE \"secret\" USING VirtualOGR('{file}')",
    "CREATE VIRTUAL TABLE \"rtree_\"\" USING rtree(\" USING VirtualText('{file}')",
    "CREATE VIRTUAL TABLE secret USING/**/rtree2(id, a, b)",
    "CREATE VIRTUAL TABLE secret USING fts5(x)",
])
def test_a_geopackage_whose_tables_are_programs_is_not_opened(exchange, tmp_path, table):
    secret = tmp_path / "secret.csv"
    secret.write_text(SECRET)
    path = geopackage(tmp_path / "layer.gpkg", table=table.replace("{file}", str(secret)))
    assert exchange.refuses("gpkg", path)["error"] in ("foreign_tables", "damaged")


def test_a_view_runs_no_function_that_could_do_harm(exchange, tmp_path):
    path = geopackage(tmp_path / "layer.gpkg", view="SELECT 1 AS fid, NULL AS geom, load_extension('/nowhere.so') AS name")
    answer = exchange.run("read-features", "gpkg", path)
    assert answer.error == "damaged" and not answer.lines


def test_a_shapefile_that_is_text_and_names_that_mean_something_to_gdal(exchange, tmp_path, tocsin):
    for suffix in ("shp", "shx", "dbf"):
        (tmp_path / f"layer.{suffix}").write_text("Bonjour" * 100)
    assert exchange.refuses("shp", tmp_path / "layer.shp")["error"] == "damaged"
    for name in ("/vsicurl/http://127.0.0.1:9/a.xlsx", "/vsizip//etc/a.xlsx", "XLSX:/etc/passwd", "/vsistdin/"):
        assert "no such file" in tocsin.refused("geocode", "--csv", name).err
    (tmp_path / "zero.xlsx").symlink_to("/dev/zero")
    assert "regular file" in tocsin.refused("geocode", "--csv", tmp_path / "zero.xlsx").err


def test_the_process_can_neither_write_nor_run_nor_call(exchange, tmp_path):
    """What the limits are, as the kernel tells them of a process that waits for its input."""
    target = tmp_path / "a.xlsx"
    with subprocess.Popen([exchange.path, "write-table", str(MEMORY_BYTES), "60", "1000000", "xlsx", target],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdin.write(b'{"sheet":"a","columns":[{"name":"x","number":false}]}\n')
        process.stdin.flush()
        limits = status = ""
        for _ in range(10_000):
            with open(f"/proc/{process.pid}/status") as file:
                status = file.read()
            if "Seccomp:\t2" in status:
                break
        with open(f"/proc/{process.pid}/limits") as file:
            limits = file.read()
        process.stdin.close()
        process.wait(timeout=60)
    assert "Seccomp:\t2" in status and "NoNewPrivs:\t1" in status
    values = {line[:26].strip(): line[26:].split()[0] for line in limits.splitlines()[1:]}
    assert values["Max address space"] == str(MEMORY_BYTES) and values["Max cpu time"] == "60"
    assert values["Max file size"] == "1000000" and values["Max core file size"] == "0" and values["Max open files"] == "64"
    # Its input ended before it was whole: nothing is left of the workbook.
    assert process.returncode == 1 and not target.exists()


def test_run_by_hand_it_says_that_it_is_not_for_that(exchange):
    done = subprocess.run([exchange.path], capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stdout) == (64, "") and "by hand" in done.stderr


def test_a_missing_reader_is_named(tocsin, tmp_path, binary):
    alone = tmp_path / "bin" / "tocsin"
    alone.parent.mkdir()
    alone.write_bytes(binary.read_bytes())
    alone.chmod(0o755)
    xlsx(tmp_path / "a.xlsx", cells(1, A="adresse"))
    tocsin.binary = alone
    error = tocsin.refused("geocode", "--csv", tmp_path / "a.xlsx").err
    assert str(alone.parent / "tocsin-exchange") in error and "missing" in error
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss > 0
