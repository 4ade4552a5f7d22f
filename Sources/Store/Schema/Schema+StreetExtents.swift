import GRDB

extension Schema {
    /// What reverse geocoding and completion need: where each street's points lie, in a tree of boxes, and streets by
    /// their name.
    ///
    /// The boxes follow `streets.is_stale`: whoever finishes an import sets it back to 0, and the trigger computes the
    /// box of exactly those streets again. Nothing else has to remember that the tree exists.
    static func createStreetExtents(_ database: Database) throws {
        try database.execute(sql: """
            CREATE VIRTUAL TABLE street_extents USING rtree(id, west, east, south, north);

            CREATE TRIGGER streets_extend AFTER UPDATE OF is_stale ON streets
            WHEN OLD.is_stale AND NOT NEW.is_stale
            BEGIN
                DELETE FROM street_extents WHERE id = NEW.id;
                INSERT INTO street_extents (id, west, east, south, north)
                SELECT NEW.id, min(lon), max(lon), min(lat), max(lat) FROM house_numbers
                WHERE street_id = NEW.id HAVING count(*) > 0;
            END;
            CREATE TRIGGER streets_leave AFTER DELETE ON streets
            BEGIN DELETE FROM street_extents WHERE id = OLD.id; END;

            INSERT INTO street_extents (id, west, east, south, north)
            SELECT street_id, min(lon), max(lon), min(lat), max(lat) FROM house_numbers GROUP BY street_id;

            -- An answer of the geocoder leads back to its street, and so to the national base's identifier; what is
            -- typed so far leads to the streets that begin so.
            CREATE INDEX streets_by_commune ON streets (commune_code, name_key);
            CREATE INDEX streets_by_key ON streets (name_key);
            """)
    }
}
