import GRDB

/// The geocoder's tables. All positions are WGS 84 degrees in plain columns: nothing here needs SpatiaLite.
///
/// - `place_communes`: one row a commune or municipal arrondissement. `lon`, `lat` is a point for a label, null until
///   known; `is_provisional` marks a commune that only address rows have named so far.
/// - `commune_names`: every name a commune is found by. `name_key` is `PlaceNormalizer.communeKey`; `kind` is
///   `own` or `other` (merged communes' names).
/// - `commune_postcodes`: postcodes, many to many.
/// - `commune_terms`: FTS5 over the names' trigrams, for misspelt names.
/// - `streets`: a street, or a locality. `source_key` is the national base's street key, or `ld:code:name` for a
///   hamlet named by address rows. `lon`, `lat` is the middle of its house numbers and `spread_metres` the distance to
///   the farthest of them; `is_stale` marks rows whose extent is to be computed again.
/// - `house_numbers`: one row a door. Number −1 is a point of a street or locality that has no number; `suffix` then
///   is only there to tell such points apart.
/// - `street_terms`: FTS5, contentless: the words of a street (`=fontaine`), the trigrams of its words (`fon`), its
///   commune, city and former commune (`#93010`). Contentless because every term is computed from `streets`.
///
/// Since the step "address sources":
///
/// - `commune_other_names`, `commune_other_postcodes`: what other sources than the list of communes say, by code, so that
///   a new list replaces only what lists said. `kind` is a `CommuneNameKind`.
/// - `place_communes.townhall_lon`, `townhall_lat`: the town hall, where it is known.
/// - `streets.other_keys`: normalised other names, one a line.
/// - `house_numbers.radius_metres`: radius of the disc around the point that holds the door.
/// - `address_revision`: one row, whose number grows with every change of these tables.
package enum AddressIndexSchema {
    /// Creates the tables; call it from a migration.
    package static func create(in db: Database) throws {
        for statement in statements { try db.execute(sql: statement) }
    }

    /// What the step "address sources" adds; call it from its migration.
    package static func addSources(in db: Database) throws {
        for statement in additions { try db.execute(sql: statement) }
    }

    private static let additions = [
        """
        CREATE TABLE commune_other_names (
          commune_code TEXT NOT NULL, name_key TEXT NOT NULL, name TEXT NOT NULL,
          kind TEXT NOT NULL CHECK (kind IN ('former', 'delegated', 'language', 'postal')),
          PRIMARY KEY (commune_code, name_key, kind)) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX commune_other_names_by_key ON commune_other_names (name_key)",
        """
        CREATE TABLE commune_other_postcodes (
          postcode TEXT NOT NULL, commune_code TEXT NOT NULL, PRIMARY KEY (postcode, commune_code))
        STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX commune_other_postcodes_by_commune ON commune_other_postcodes (commune_code)",
        "ALTER TABLE place_communes ADD COLUMN townhall_lon REAL",
        "ALTER TABLE place_communes ADD COLUMN townhall_lat REAL",
        "ALTER TABLE streets ADD COLUMN other_keys TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE house_numbers ADD COLUMN radius_metres REAL NOT NULL DEFAULT 15",
        "CREATE TABLE address_revision (id INTEGER PRIMARY KEY CHECK (id = 1), revision INTEGER NOT NULL) STRICT",
        "INSERT INTO address_revision (id, revision) VALUES (1, 0)",
    ]

    private static let statements = [
        """
        CREATE TABLE place_communes (
          id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL, lon REAL, lat REAL,
          is_provisional INTEGER NOT NULL) STRICT
        """,
        """
        CREATE TABLE commune_names (
          name_key TEXT NOT NULL, commune_id INTEGER NOT NULL REFERENCES place_communes(id) ON DELETE CASCADE,
          name TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('own', 'other')),
          PRIMARY KEY (name_key, commune_id)) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX commune_names_commune ON commune_names (commune_id)",
        """
        CREATE TABLE commune_postcodes (
          postcode TEXT NOT NULL, commune_id INTEGER NOT NULL REFERENCES place_communes(id) ON DELETE CASCADE,
          PRIMARY KEY (postcode, commune_id)) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX commune_postcodes_commune ON commune_postcodes (commune_id)",
        """
        CREATE TABLE streets (
          id INTEGER PRIMARY KEY, source_key TEXT NOT NULL UNIQUE, commune_code TEXT NOT NULL,
          commune_name TEXT NOT NULL, former_commune_code TEXT, former_commune_name TEXT, name TEXT NOT NULL,
          name_key TEXT NOT NULL, postcode TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('street', 'locality')),
          lon REAL, lat REAL, spread_metres REAL NOT NULL DEFAULT 0, is_stale INTEGER NOT NULL DEFAULT 1) STRICT
        """,
        "CREATE INDEX streets_stale ON streets (id) WHERE is_stale",
        """
        CREATE TABLE house_numbers (
          street_id INTEGER NOT NULL REFERENCES streets(id) ON DELETE CASCADE, number INTEGER NOT NULL,
          suffix TEXT NOT NULL, lon REAL NOT NULL, lat REAL NOT NULL,
          PRIMARY KEY (street_id, number, suffix)) STRICT, WITHOUT ROWID
        """,
        """
        CREATE VIRTUAL TABLE street_terms USING fts5(
          terms, content='', detail=none, columnsize=0, tokenize="ascii tokenchars '=#_'")
        """,
        """
        CREATE VIRTUAL TABLE commune_terms USING fts5(
          terms, content='', detail=none, columnsize=0, tokenize="ascii tokenchars '=#_'")
        """,
    ]
}
