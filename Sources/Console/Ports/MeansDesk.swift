import AlertModel

/// Gateways, tariffs and quotas, as the console needs them. Every function may throw `ConsoleProblem`, and gives nil (or
/// false) for an organisation that is neither the account's own nor below it.
package struct MeansDesk: Sendable {
    package var read: @Sendable (Account, OrganisationID) async throws -> OrganisationMeans?
    package var settle: @Sendable (Account, OrganisationID, MeansSettings) async throws -> Bool
    /// - Parameter month: `2026-11`; nil for this one. Gives a CSV file.
    package var costs: @Sendable (Account, OrganisationID, _ month: String?) async throws -> String?

    package init(
        read: @escaping @Sendable (Account, OrganisationID) async throws -> OrganisationMeans?,
        settle: @escaping @Sendable (Account, OrganisationID, MeansSettings) async throws -> Bool,
        costs: @escaping @Sendable (Account, OrganisationID, String?) async throws -> String?
    ) {
        self.read = read
        self.settle = settle
        self.costs = costs
    }
}
