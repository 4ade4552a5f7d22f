import GRDB

/// The schema's history: named steps, applied in order, never edited once released.
///
/// Conventions: times are integers, milliseconds since 1970 UTC, bound from Swift; geometries are WGS 84
/// (SRID 4326), longitude first; tables with a geometry cannot be STRICT (SpatiaLite's AddGeometryColumn
/// silently does nothing on those), all others are.
enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("0001 spatial reference systems") { database in
            try database.spatialCall("InitSpatialMetaData('WGS84')")
            // Lambert-93, for reports in metres and for exports.
            try database.spatialCall("InsertEpsgSrid(2154)")
        }
        migrator.registerMigration("0002 territory", migrate: createTerritory)
        migrator.registerMigration("0003 addresses", migrate: AddressIndexSchema.create(in:))
        migrator.registerMigration("0004 register", migrate: createRegister)
        migrator.registerMigration("0005 accounts", migrate: createAccounts)
        migrator.registerMigration("0006 ledger", migrate: LedgerSchema.create)
        migrator.registerMigration("0007 journal", migrate: createJournal)
        migrator.registerMigration("0008 code tables", migrate: createCodeTables)
        migrator.registerMigration("0009 atlas", migrate: createAtlas)
        migrator.registerMigration("0010 register in depth", migrate: deepenRegister)
        migrator.registerMigration("0011 lists", migrate: extendLists)
        migrator.registerMigration("0012 address sources", migrate: createAddressSources)
        migrator.registerMigration("0013 street extents", migrate: createStreetExtents)
        migrator.registerMigration("0014 register packs", migrate: createRegisterPacks)
        migrator.registerMigration("0015 consent", migrate: widenConsent)
        migrator.registerMigration("0016 commune directory", migrate: createCommuneDirectory)
        migrator.registerMigration("0019 coverage", migrate: createCoverage)
        migrator.registerMigration("0020 contact keys", migrate: keyContactPoints)
        migrator.registerMigration("0021 audiences", migrate: createAudiences)
        migrator.registerMigration("0024 dispatching", migrate: deepenDispatching)
        migrator.registerMigration("0025 links", migrate: createLinks)
        migrator.registerMigration("0027 messages", migrate: createMessages)
        migrator.registerMigration("0028 cascade", migrate: createCascade)
        migrator.registerMigration("0029 addenda", migrate: createAddenda)
        migrator.registerMigration("0030 schedules", migrate: createSchedules)
        migrator.registerMigration("0031 inbound", migrate: createInbound)
        migrator.registerMigration("0032 estimates", migrate: createEstimates)
        migrator.registerMigration("0035 test addresses", migrate: createTestAddresses)
        migrator.registerMigration("0036 inbound parts", migrate: createInboundParts)
        migrator.registerMigration("0037 leg values", migrate: createLegValues)
        migrator.registerMigration("0039 organisations", migrate: deepenOrganisations)
        migrator.registerMigration("0040 town halls", migrate: createTownHalls)
        migrator.registerMigration("0042 rights", migrate: createRights)
        migrator.registerMigration("0043 sign-in", migrate: createSignIn)
        migrator.registerMigration("0045 approvals", migrate: createApprovals)
        migrator.registerMigration("0046 scenarios", migrate: createScenarios)
        migrator.registerMigration("0048 journal of organisations", migrate: versionJournal)
        migrator.registerMigration("0049 exercises", migrate: separateExercises)
        migrator.registerMigration("0050 quotas", migrate: createQuotas)
        migrator.registerMigration("0051 requests", migrate: createRequests)
        migrator.registerMigration("0052 security keys", migrate: createSecurityKeys)
        migrator.registerMigration("0053 values' seal", migrate: sealValues)
        migrator.registerMigration("0054 register search", migrate: createRegisterSearch)
        migrator.registerMigration("0055 lists of a campaign", migrate: indexOutcomes)
        migrator.registerMigration("0056 drafts", migrate: createDrafts)
        migrator.registerMigration("0057 erased people", migrate: forgetErasedPeople)
        migrator.registerMigration("0058 doubles", migrate: createDoubles)
        migrator.registerMigration("0059 one-off audiences", migrate: createOneOffAudiences)
        migrator.registerMigration("0060 contributions", migrate: keepContributions)
        migrator.registerMigration("0061 tallies", migrate: createTallies)
        migrator.registerMigration("0063 longer beginnings", migrate: lengthenBeginnings)
        migrator.registerMigration("0065 telephone", migrate: createTelephone)
        migrator.registerMigration("0066 recordings", migrate: createRecordings)
        return migrator
    }
}

extension Database {
    /// Runs a SpatiaLite administrative function, which is a SELECT that writes, and requires its answer 1.
    func spatialCall(_ call: String) throws {
        guard try Int.fetchOne(self, sql: "SELECT \(call)") == 1 else { throw StoreError.spatialSetup(call: call) }
        clearSchemaCache()
    }
}
