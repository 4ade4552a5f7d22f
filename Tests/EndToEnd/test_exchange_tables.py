"""Workbooks as town halls send them: every cell as it is stored, held against the libraries that wrote it."""

import csv
import datetime
import io

import openpyxl
import pytest
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from exchange import cells, exchange, xlsx  # noqa: F401  (a fixture)

HEADER = ["id", "adresse", "code_postal", "commune", "téléphone", "date", "nombre"]
ROWS = [
    ["01", "12 rue de l'Œuvre", "01001", "L'Abergement", "0612345678", datetime.date(2024, 3, 1), 49.758],
    ["02", "", "97411", "Saint-Paul", 612345678, datetime.datetime(2024, 3, 1, 13, 45, 10), 0.1 + 0.2],
    ["03", "place du 8 mai\nbâtiment B", "2A004", "Ajaccio", 33612345678, None, -7],
]
EXPECTED = [
    ["01", "12 rue de l'Œuvre", "01001", "L'Abergement", "0612345678", "2024-03-01", "49.758"],
    ["02", "", "97411", "Saint-Paul", "612345678", "2024-03-01 13:45:10", "0.3"],
    ["03", "place du 8 mai\nbâtiment B", "2A004", "Ajaccio", "33612345678", "", "-7"],
]


def as_xlsx(path):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in [HEADER, *ROWS]:
        sheet.append(row)
    sheet["F3"].number_format = "dd/mm/yyyy hh:mm:ss"
    sheet["F2"].number_format = "dd/mm/yyyy"
    book.save(path)


def as_xls(path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("Liste")
    for number, row in enumerate([HEADER, *ROWS]):
        for column, value in enumerate(row):
            if value is None:
                continue
            style = "DD/MM/YYYY HH:MM:SS" if isinstance(value, datetime.datetime) else "DD/MM/YYYY"
            dated = isinstance(value, datetime.date)
            sheet.write(number, column, value, xlwt.easyxf(num_format_str=style) if dated else xlwt.easyxf())
    book.save(str(path))


def as_ods(path):
    document = OpenDocumentSpreadsheet()
    table = Table(name="Liste")
    document.spreadsheet.addElement(table)
    for row in [HEADER, *ROWS]:
        line = TableRow()
        for value in row:
            match value:
                case None:
                    cell = TableCell()
                case datetime.date():
                    cell = TableCell(valuetype="date", datevalue=value.isoformat())
                case float() | int():
                    cell = TableCell(valuetype="float", value=f"{value:.15g}")
                case _:
                    cell = TableCell(valuetype="string")
                    for part in value.split("\n"):
                        cell.addElement(P(text=part))
            line.addElement(cell)
        table.addElement(line)
    document.save(path)


def rows_of(tocsin, path, *words) -> list[list[str]]:
    """The file's own columns, as `tocsin geocode` prints them again."""
    table = list(csv.reader(io.StringIO(tocsin.ok("geocode", "--csv", path, *words).out)))
    assert table[0][-6:] == ["geocoded_label", "lon", "lat", "score", "precision", "commune_code"]
    return [row[:-6] for row in table]


@pytest.mark.parametrize("write,suffix", [(as_xlsx, "xlsx"), (as_xls, "xls"), (as_ods, "ods")])
@pytest.mark.parametrize("named", [True, False], ids=["named", "misnamed"])
def test_a_workbook_reads_as_it_was_written(tocsin, tmp_path, write, suffix, named):
    path = tmp_path / f"Liste é.{suffix}"
    write(path)
    if not named:  # Told by what is in it: people rename files.
        path = path.rename(tmp_path / "liste.csv")
    assert rows_of(tocsin, path) == [HEADER, *EXPECTED]


def test_the_same_table_as_csv_tsv_and_workbook_reads_the_same(tocsin, tmp_path):
    texts = [[f"{a}" for a in row] for row in (["voie", "code_postal"], ["12 rue Haute", "01001"], ["é;,\t", "2A004"])]
    book = openpyxl.Workbook()
    for row in texts:
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    for name, separator in (("a.csv", ";"), ("a.tsv", "\t")):
        with open(tmp_path / name, "w", newline="", encoding="utf-8") as file:
            csv.writer(file, delimiter=separator).writerows(texts)
    read = [rows_of(tocsin, tmp_path / name) for name in ("a.xlsx", "a.csv", "a.tsv")]
    assert read == [texts] * 3


def test_blank_rows_and_columns_around_a_table_are_left_out(tocsin, tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["C5"], sheet["D5"], sheet["C7"], sheet["D7"], sheet["D9"] = "adresse", "note", "rue A", " ", "seul"
    sheet["A20"] = "   "
    book.create_sheet("Feuille2")
    book.save(tmp_path / "a.xlsx")
    assert rows_of(tocsin, tmp_path / "a.xlsx") == [["adresse", "note"], ["rue A", ""], ["", "seul"]]


def test_a_workbook_of_several_filled_sheets_needs_a_name(tocsin, tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Mode d'emploi"
    book.active["A1"] = "Bonjour"
    for name in ("Nord", "Sud"):
        sheet = book.create_sheet(name)
        sheet.append(["adresse"])
        sheet.append([f"rue {name}"])
    book.create_sheet("Vide")
    path = tmp_path / "a.xlsx"
    book.save(path)
    error = tocsin.refused("geocode", "--csv", path).err
    assert all(f"“{name}”" in error for name in ("Mode d'emploi", "Nord", "Sud")) and "Vide" not in error
    assert rows_of(tocsin, path, "--sheet", "Sud") == [["adresse"], ["rue Sud"]]
    error = tocsin.refused("geocode", "--csv", path, "--sheet", "Est").err
    assert "no sheet of that name" in error and "“Nord”" in error
    (tmp_path / "a.csv").write_text("adresse\nrue A\n")
    assert "no sheets" in tocsin.refused("geocode", "--csv", tmp_path / "a.csv", "--sheet", "Nord").err


def test_formulas_give_what_they_last_came_to(exchange, tmp_path):
    xlsx(tmp_path / "a.xlsx", '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>A1&amp;"x"</f><v>2x</v></c>'
         '<c r="C1" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="D1" t="b"><v>1</v></c></row>')
    answer = exchange.run("read-table", "xlsx", tmp_path / "a.xlsx")
    assert answer.lines == [[1, "2", "2x", "#DIV/0!", "1"]]


def test_escapes_of_excel_are_read_as_what_they_stand_for(exchange, tmp_path):
    xlsx(tmp_path / "a.xlsx", cells(1, A="ligne 1_x000D_\nligne 2", B="_x005F_x000D_", C="_x00E9_", D="_x00", E="_xZZZZ_"))
    answer = exchange.run("read-table", "xlsx", tmp_path / "a.xlsx")
    assert answer.lines == [[1, "ligne 1\nligne 2", "_x000D_", "é", "_x00", "_xZZZZ_"]]


def test_a_stray_row_at_the_very_bottom_loses_nothing(exchange, tmp_path):
    xlsx(tmp_path / "a.xlsx", cells(1, A="id") + cells(2, A="1") + '<row r="1048576" ht="12.8"/>')
    answer = exchange.run("read-table", "xlsx", tmp_path / "a.xlsx")
    assert answer.lines == [[1, "id"], [2, "1"]] and answer.last == {"end": 2}


def test_every_row_of_a_large_workbook_comes(exchange, tmp_path):
    count = 60_000
    xlsx(tmp_path / "a.xlsx", (f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="C{n}"><v>{n * 7}</v></c></row>'
                               for n in range(1, count + 1)))
    answer = exchange.run("read-table", "xlsx", tmp_path / "a.xlsx")
    assert answer.header["rows"] == count and answer.last == {"end": count}
    assert all(line == [n, f"{n}", "", f"{n * 7}"] for n, line in enumerate(answer.lines, start=1))
