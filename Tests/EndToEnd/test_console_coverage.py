"""The sheet of coverage, button by button."""

import csv
import io
import json
import zipfile

import pytest

from test_console_access import check as accessible


@pytest.fixture
def sheet(console):
    console.search("péronne")
    console.counted(1)
    console.page.click("[data-key=coverage]")
    console.page.wait_for_selector("dialog tbody tr")
    return console


def downloaded(console, format: str) -> bytes:
    with console.page.expect_download() as waiting:
        console.page.click(f"[data-key=coverage-{format}]")
    assert waiting.value.suggested_filename == f"couverture-zone.{format}"
    return waiting.value.path().read_bytes()


def test_every_format_of_the_zone_is_downloaded(sheet):
    accessible(sheet, "coverage", night=True)
    assert downloaded(sheet, "pdf").startswith(b"%PDF-")
    assert b"P\xc3\xa9ronne" in downloaded(sheet, "html")
    with zipfile.ZipFile(io.BytesIO(downloaded(sheet, "xlsx"))) as book:
        assert "xl/workbook.xml" in book.namelist()
    rows = list(csv.reader(io.StringIO(downloaded(sheet, "csv").decode("utf-8-sig"))))
    assert len(rows) > 1 and any("80620" in row for row in rows)
    assert json.loads(downloaded(sheet, "geojson"))["type"] == "FeatureCollection"


def test_the_standing_report_is_opened_and_kept(sheet, world):
    world.tocsin.ok("perimeter", "save", "Péronne", "--communes", "80620")
    with sheet.context.expect_page() as opened:
        sheet.page.click("[data-key=coverage-standing]")
    page = opened.value
    page.wait_for_load_state()
    assert "Péronne" in page.inner_text("body")
    page.close()
    sheet.page.click("[data-key=coverage-keep]")
    sheet.page.wait_for_selector("dialog [role=status]:has-text('Bilan gardé : 1 périmètre')")
    assert "coverage.report" in world.tocsin.ok("journal", "show").out


def test_the_sheet_is_sorted_and_closed_by_keyboard(sheet):
    sheet.page.focus("[data-key=sort-name]")
    sheet.page.keyboard.press("Enter")
    assert sheet.page.get_attribute("th[aria-sort]", "aria-sort") == "ascending"
    sheet.page.keyboard.press("Escape")
    sheet.wait("() => document.querySelector('dialog') === null")
    assert sheet.page.evaluate("document.activeElement.dataset.key") == "coverage"
