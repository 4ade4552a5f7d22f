"""Reproducible files, and the manifest that describes and verifies them."""

import gzip
import hashlib
import json
from pathlib import Path

MANIFEST = "manifest.json"
COLUMNS = ("file", "title", "publisher", "licence", "vintage", "crs", "rows", "bytes", "sha256", "obtained",
           "synthetic")
BEGIN, END = "<!-- datasets: begin -->", "<!-- datasets: end -->"
DATA_ENDINGS = (".gz", ".csv", ".geojson", ".txt")


def write(path, data):
    """Write bytes, or text as UTF-8; a name ending in .gz is compressed without a time or a name."""
    if isinstance(data, str):
        data = data.encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as file:
        if path.suffix == ".gz":
            with gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=9, mtime=0) as packed:
                packed.write(data)
        else:
            file.write(data)


def rows(path):
    """How many features, data rows or codes a file holds."""
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode()
    name = path.name.removesuffix(".gz")
    if name.endswith(".geojson"):
        value = json.loads(text)
        return len(value["features"]) if value["type"] == "FeatureCollection" else 1
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return len(lines) - name.endswith(".csv")


def write_manifest(folder, datasets):
    """Complete the datasets with rows, bytes and SHA-256; write manifest.json and the table in README.md."""
    complete = []
    for dataset in datasets:
        path = folder / dataset["file"]
        measured = {"rows": rows(path), "bytes": path.stat().st_size,
                    "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
        complete.append({column: (dataset | measured)[column] for column in COLUMNS})
    write(folder / MANIFEST, json.dumps(complete, ensure_ascii=False, indent=2) + "\n")
    readme = folder / "README.md"
    if readme.exists():
        before, rest = readme.read_text().split(BEGIN)
        write(readme, before + BEGIN + "\n" + markdown(complete) + END + rest.split(END)[1])


def markdown(datasets):
    """The datasets as a Markdown table."""
    lines = ["| " + " | ".join(COLUMNS) + " |", "|" + " --- |" * len(COLUMNS)]
    for dataset in datasets:
        cells = dataset | {"file": f"`{dataset['file']}`", "rows": f"{dataset['rows']:,}",
                           "bytes": f"{dataset['bytes']:,}", "sha256": f"`{dataset['sha256']}`",
                           "synthetic": "**yes**" if dataset["synthetic"] else "no"}
        lines.append("| " + " | ".join(str(cells[column]) for column in COLUMNS) + " |")
    return "\n".join(lines) + "\n"


def verify(folder):
    """The differences between a folder and its manifest, as sentences; empty when all is as listed."""
    folder = Path(folder)
    try:
        datasets = json.loads((folder / MANIFEST).read_text())
    except (OSError, ValueError) as error:
        return [f"{folder / MANIFEST} cannot be read: {error}"]
    differences = []
    for dataset in datasets:
        path = folder / dataset["file"]
        if not path.is_file():
            differences.append(f"{dataset['file']} is missing")
        elif path.stat().st_size != dataset["bytes"]:
            differences.append(f"{dataset['file']} has {path.stat().st_size} bytes, not {dataset['bytes']}")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != dataset["sha256"]:
            differences.append(f"{dataset['file']} does not have the listed SHA-256")
        elif rows(path) != dataset["rows"]:
            differences.append(f"{dataset['file']} has {rows(path)} rows, not {dataset['rows']}")
    listed = {dataset["file"] for dataset in datasets}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name.endswith(DATA_ENDINGS) and name not in listed and not name.startswith(".cache/"):
            differences.append(f"{name} is not in the manifest")
    return differences
