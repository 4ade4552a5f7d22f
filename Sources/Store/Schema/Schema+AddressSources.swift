import GRDB

extension Schema {
    /// Room for what several sources of addresses say of one place, and a counter by which what is kept in memory is
    /// known to be out of date.
    static func createAddressSources(_ database: Database) throws {
        try AddressIndexSchema.addSources(in: database)
        try AddressIndex(database).renewKeys()
    }
}
