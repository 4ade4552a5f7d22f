"""What every test shares: the executable, and databases made once and only read, or copied to be written to."""

import os
import random
from pathlib import Path

import pyproj
import pytest
import shapely

import geodata
import register
from cli import Tocsin
from console_fixtures import (  # noqa: F401  (fixtures and a hook, for pytest to find here)
    chromium, console, mailing_world, pytest_runtest_makereport, relay, server, session, somme_original, visitor, world)
from worlds import World, made


@pytest.fixture(scope="session")
def binary() -> Path:
    named = os.environ.get("TOCSIN_BINARY")
    if not named:
        pytest.fail("TOCSIN_BINARY does not say where the executable is: run Scripts/test")
    path = Path(named)
    if not os.access(path, os.X_OK):
        pytest.fail(f"TOCSIN_BINARY: {path} is not there or cannot be run")
    return path


@pytest.fixture(scope="session")
def template(binary, tmp_path_factory) -> Tocsin:
    """An empty database, made once; each test takes a copy."""
    tocsin = Tocsin(binary, tmp_path_factory.mktemp("template"))
    tocsin.ok("init")
    return tocsin


@pytest.fixture
def tocsin(template, tmp_path) -> Tocsin:
    """The executable with a database of its own, empty but made."""
    return template.copy(tmp_path)


@pytest.fixture
def bare(binary, tmp_path) -> Tocsin:
    """The executable without any database."""
    return Tocsin(binary, tmp_path)


@pytest.fixture(scope="session")
def france(binary, tmp_path_factory) -> World:
    """Five departments, their communes and 2,500 people: only read, so made once."""
    people = [person for number, code in enumerate(geodata.DEPARTMENTS) for person in register.people_of(code, 500, number)]
    communes = {code: area for department in geodata.DEPARTMENTS for code, area in geodata.boundaries(department).items()}
    folder = tmp_path_factory.mktemp("france")
    tocsin = Tocsin(binary, folder)
    tocsin.ok("init")
    files = [geodata.communes_file(department) for department in geodata.DEPARTMENTS]
    tocsin.ok("import", "communes", *files, "--vintage", "2024")
    tocsin.ok("import", "recipients", register.write(folder / "people.csv", people))
    return World(tocsin, people, communes)


@pytest.fixture(scope="session")
def seine_maritime_original(template, tmp_path_factory) -> World:
    tocsin = template.copy(tmp_path_factory.mktemp("seine-maritime"))
    tocsin.ok("import", "communes", geodata.communes_file("76"), "--vintage", "2024")
    return made(tocsin, register.people_of("76", 400, 7), geodata.boundaries("76"))


@pytest.fixture
def seine_maritime(seine_maritime_original, tmp_path) -> World:
    """A small register over one department, for tests that write: a copy for each."""
    return seine_maritime_original.copied(tmp_path)


@pytest.fixture
def dice(request) -> random.Random:
    """Chance that falls the same way each time the test runs."""
    return random.Random(request.node.name)


def pytest_report_header() -> str:
    return (
        f"tocsin: {os.environ.get('TOCSIN_BINARY')}, geodata: {geodata.FOLDER if geodata.is_there() else 'missing'}, "
        f"shapely {shapely.__version__} (GEOS {shapely.geos_version_string}), PROJ {pyproj.proj_version_str}")
