"""Drives `tocsin-exchange` as `tocsin` does, and makes the workbooks and archives that it is tried with."""

import json
import resource
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
import shapely

MEMORY_BYTES = 3 << 30
SHEET_NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@dataclass
class Answer:
    """What one run of the process said."""

    status: int
    header: dict
    lines: list
    last: dict

    @property
    def error(self) -> str | None:
        return self.last.get("error")

    @property
    def areas(self) -> list[shapely.Geometry | None]:
        return [shapely.from_wkb(bytes.fromhex(line["g"])) if "g" in line else None for line in self.lines]


class Exchange:
    """The executable beside `tocsin`."""

    def __init__(self, binary: Path):
        self.path = binary.parent / "tocsin-exchange"

    def run(self, verb: str, kind: str, path: Path, *name: str, cpu: int = 60, memory: int = MEMORY_BYTES) -> Answer:
        done = subprocess.run(
            [self.path, verb, str(memory), str(cpu), "0", kind, path, *name], capture_output=True, timeout=120,
            stdin=subprocess.DEVNULL, env={"LANG": "C.UTF-8"})
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        last = lines.pop() if lines else {}
        header = lines.pop(0) if lines else {}
        return Answer(done.returncode, header, lines, last)

    def features(self, kind: str, path: Path, *name: str) -> Answer:
        answer = self.run("read-features", kind, path, *name)
        assert answer.last == {"end": len(answer.lines)}, answer.last
        return answer

    def refuses(self, kind: str, path: Path, *name: str) -> dict:
        """The error of a file that must not be read, whatever came before it."""
        answer = self.run("read-features", kind, path, *name)
        assert answer.status != 0 and answer.error, f"was read: {answer.header} {answer.last}"
        return answer.last


@pytest.fixture(scope="session")
def exchange(binary) -> Exchange:
    return Exchange(binary)


def peak_megabytes() -> float:
    """The most memory that any child of this process had, up to now."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def xlsx(path: Path, rows: str | bytes, shared: str | None = None, head: str = '<?xml version="1.0" encoding="UTF-8"?>') -> Path:
    """A workbook of one sheet, whose rows are written as they come."""
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    strings = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{types}.sharedStrings+xml"/>' if shared else ""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", f"""<?xml version="1.0"?><Types xmlns="{package}/content-types">
            <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
            <Override PartName="/xl/workbook.xml" ContentType="{types}.sheet.main+xml"/>
            <Override PartName="/xl/worksheets/sheet1.xml" ContentType="{types}.worksheet+xml"/>{strings}</Types>""")
        file.writestr("xl/workbook.xml", f"""<?xml version="1.0"?><workbook xmlns="{SHEET_NAMESPACE}" xmlns:r="{relations}">
            <sheets><sheet name="Feuille1" sheetId="1" r:id="rId1"/></sheets></workbook>""")
        file.writestr("xl/_rels/workbook.xml.rels", f"""<?xml version="1.0"?><Relationships xmlns="{package}/relationships">
            <Relationship Id="rId1" Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>""")
        if shared:
            file.writestr("xl/sharedStrings.xml", f'{head}<sst xmlns="{SHEET_NAMESPACE}">{shared}</sst>')
        with file.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(f'{head}<worksheet xmlns="{SHEET_NAMESPACE}"><sheetData>'.encode())
            for piece in [rows] if isinstance(rows, (str, bytes)) else rows:
                sheet.write(piece.encode() if isinstance(piece, str) else piece)
            sheet.write(b"</sheetData></worksheet>")
    return path


def cells(number: int, **texts: str) -> str:
    """A row of inline texts, by the letters of their columns."""
    return f'<row r="{number}">' + "".join(
        f'<c r="{column}{number}" t="inlineStr"><is><t>{text}</t></is></c>' for column, text in texts.items()) + "</row>"


def ods(path: Path, rows: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>') -> Path:
    """An OpenDocument spreadsheet of one table, whose rows are written as they come."""
    names = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text"))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        file.writestr("content.xml", f"""{head}<office:document-content {names} office:version="1.2"><office:body>
            <office:spreadsheet><table:table table:name="Feuille1">{rows}</table:table></office:spreadsheet></office:body>
            </office:document-content>""")
        file.writestr("META-INF/manifest.xml", """<?xml version="1.0"?><manifest:manifest
            xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry
            manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>""")
    return path
