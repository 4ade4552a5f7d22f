"""The documentation speaks of the product as it is: its commands, its environment, its tables, its files."""

import re
import sqlite3
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
CATALOGUE = ROOT / "Sources/tocsin/tocsin.docc"
PAGES = [README, *sorted(CATALOGUE.rglob("*.md"))]

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
DOC_LINK = re.compile(r"<doc:([^>]+)>")


def help_of(binary, *words) -> str:
    done = subprocess.run([binary, *words, "--help"], capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr
    return done.stdout


def subcommands(text) -> list[str]:
    """The names under SUBCOMMANDS: two spaces in, where continuation lines are further in."""
    section = re.search(r"^SUBCOMMANDS:\n(.*?)(?:\n\n|\Z)", text, re.S | re.M)
    return re.findall(r"^  ([a-z][a-z-]*)", section[1], re.M) if section else []


def leaves(binary, words=()) -> list[tuple[str, ...]]:
    """Every command that does something, as its words after `tocsin`."""
    below = subcommands(help_of(binary, *words))
    return [leaf for name in below for leaf in leaves(binary, (*words, name))] if below else [words]


def test_every_command_is_in_the_readme(binary):
    # One row may name several subcommands: `tocsin campaign pause ID`, `resume ID`, `stop ID`.
    rows = [line for line in README.read_text().splitlines() if line.startswith("| `tocsin ")]
    commands = leaves(binary)
    assert len(commands) > 10
    missing = [
        " ".join(words) for words in commands
        if not any(
            row.startswith(f"| `tocsin {words[0]}") and re.search(rf"[` ]{re.escape(words[-1])}[` ]", row)
            for row in rows)
    ]
    assert not missing, f"not in the README's table of commands: {missing}"


def test_every_long_option_is_in_the_readme(binary):
    readme = README.read_text()
    options = {
        option for words in leaves(binary)
        for option in re.findall(r"^  (?:-\w, )?(--[a-z-]+)", help_of(binary, *words), re.M)
    }
    assert "--perimeter" in options
    missing = sorted(option for option in options if not re.search(rf"{option}\b(?!-)", readme))
    assert not missing, f"options the README does not name: {missing}"


def test_every_variable_is_in_the_readme():
    found = {
        name
        for folder in ("Sources", "Scripts", "Tests", ".ci")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix in {"", ".swift", ".py", ".sh", ".js", ".mjs"} and "vendor" not in path.parts
        for name in re.findall(r"\bTOCSIN_[A-Z]+(?:_[A-Z]+)*\b", path.read_text(errors="ignore"))
    }
    assert {"TOCSIN_DATABASE", "TOCSIN_SMTP_URL"} <= found
    cells = re.findall(r"^\| (`TOCSIN_[^|]*)", README.read_text(), re.M)
    documented = {name for cell in cells for name in re.findall(r"`(TOCSIN_[A-Z_]+)`", cell)}
    assert documented == found, "the README's table of variables and the code differ"


def test_every_table_and_column_is_in_the_dictionary(tocsin):
    dictionary = (CATALOGUE / "DataDictionary.md").read_text()
    # Immutable: this library has no SpatiaLite, and nothing here is to be written.
    database = sqlite3.connect(f"file:{tocsin.database}?immutable=1", uri=True)
    tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")]
    assert "recipients" in tables
    missing = [name for name in tables if f"`{name}`" not in dictionary]
    assert not missing, f"tables the dictionary does not name: {missing}"

    sections = dict(re.findall(r"^### `(\w+)`\n(.*?)(?=^##|\Z)", dictionary, re.S | re.M))
    for table, text in sections.items():
        if "_terms" in table:
            continue
        described = re.findall(r"^\| `(\w+)` \|", text, re.M)
        columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
        assert described == columns, f"columns of {table}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_resolves(page):
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.S)
    broken = [
        target for target in LINK.findall(text)
        if not re.match(r"[a-z]+:", target) and not (page.parent / target.split("#")[0]).exists()
    ]
    articles = {path.stem for path in CATALOGUE.rglob("*.md")}
    broken += [name for name in DOC_LINK.findall(text) if name not in articles]
    assert not broken, f"links that lead nowhere: {broken}"


def test_every_page_can_be_found():
    """Each article is linked from the landing page, each picture from some page."""
    landing = (CATALOGUE / "tocsin.md").read_text()
    everything = "".join(page.read_text() for page in PAGES)
    for article in CATALOGUE.rglob("*.md"):
        assert article.name == "tocsin.md" or f"<doc:{article.stem}>" in landing, article.name
    for picture in (CATALOGUE / "Resources").iterdir():
        assert picture.name in everything, f"{picture.name} is shown nowhere"
        assert picture.stat().st_size <= 200_000, f"{picture.name} is over 200 kB"


def test_the_documentation_speaks_of_the_project_alone():
    strange = re.compile(r"/(?:home|root|work|tmp|Users)/\w|localhost:\d")
    for page in PAGES:
        found = strange.search(page.read_text())
        assert not found, f"{page.name}: {found[0]}"
    assert len(README.read_text().splitlines()) <= 260
