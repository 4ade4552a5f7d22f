"""A database together with what is known to be in it."""

from dataclasses import dataclass
from pathlib import Path

import shapely

import oracle
import register
from cli import Tocsin


@dataclass
class World:
    tocsin: Tocsin
    people: list[register.Person]
    communes: dict[str, shapely.Geometry]

    def answer(self, zone: oracle.Zone) -> oracle.Answer:
        return oracle.answer(zone, self.people, self.communes)

    def check(self, zone: oracle.Zone) -> oracle.Answer:
        """Holds `target` against the oracle: the ids and every count."""
        expected = self.answer(zone)
        words = zone.arguments()
        ids = self.tocsin.ids(*words)
        assert set(expected.ids) - set(ids) == set(), "left out"
        assert set(ids) - set(expected.ids) == set(), "wrongly in"
        assert ids == expected.ids, "not in byte order, or twice"
        assert self.tocsin.ok("target", *words).counts == expected.counts
        return expected

    def copied(self, folder: Path) -> "World":
        return World(self.tocsin.copy(folder), self.people, self.communes)


def made(tocsin: Tocsin, people: list[register.Person], communes: dict[str, shapely.Geometry] | None = None) -> World:
    """Imports people into a database that exists."""
    tocsin.ok("import", "recipients", register.write(tocsin.folder / "people.csv", people))
    return World(tocsin, people, communes or {})
