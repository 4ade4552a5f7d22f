import AlertModel
import GeoModel

/// The register as a table that an import reads back: every column is one that it knows, by its own name.
///
/// What a source did not give has no column: a place or a commune that the geocoder found is found again.
package struct RegisterTable: Sendable {
    /// Column names, in order. Contact points have numbered columns, as many as the fullest recipient needs.
    package let columns: [String]
    private let contactCounts: [(channel: Channel, count: Int)]
    private let emergencyCount: Int
    private let withProtected: Bool

    /// - Parameters:
    ///   - contactCounts: the most contact points any recipient has, by channel.
    ///   - emergencyCount: the most emergency numbers any recipient has.
    ///   - withProtected: with what only who asks by name is shown.
    package init(contactCounts: [Channel: Int], emergencyCount: Int, withProtected: Bool) {
        self.contactCounts = Channel.allCases.map { ($0, max(1, contactCounts[$0] ?? 0)) }
        self.emergencyCount = max(1, emergencyCount)
        self.withProtected = withProtected
        var columns = Self.facts
        for (channel, count) in self.contactCounts { columns += (1...count).map { "\(channel.rawValue)_\($0)" } }
        columns += (1...self.emergencyCount).map { "emergency_\($0)" }
        columns += Self.consentColumns
        if withProtected { columns += Self.protectedColumns }
        self.columns = columns
    }

    private static let facts = [
        "id", "name", "kind", "address", "building", "postcode", "commune", "commune_code", "longitude", "latitude",
        "language", "household", "tags", "lists",
    ]
    private static let consentColumns = ["consent", "consent_on", "provenance", "confirmed_on", "tocsin_details"]
    private static let protectedColumns = ["vulnerability", "vulnerability_detail", "vulnerability_on"]

    /// The recipient's cells, one a column, as they are before any spreadsheet's rules.
    package func cells(of entry: RegisterEntry) -> [String] {
        let recipient = entry.recipient
        var cells = facts(of: recipient)
        for (channel, count) in contactCounts {
            let points = recipient.contactPoints.filter { $0.channel == channel }.sorted { $0.rank < $1.rank }
            cells += padded(points.map(\.address.value), to: count)
        }
        let row = RowFacts(of: recipient)
        cells += padded(row.emergencyNumbers, to: emergencyCount)
        cells += [
            row.consent?.rawValue ?? "", row.consentOn?.text ?? "", row.provenance ?? "", row.confirmedOn?.text ?? "",
            RecipientDetails(of: recipient, beside: row).text,
        ]
        if withProtected {
            let protected = recipient.vulnerability
            cells += [protected?.kind.value ?? "", protected?.detail?.value ?? "", protected?.recordedOn?.text ?? ""]
        }
        return cells
    }

    private func facts(of recipient: Recipient) -> [String] {
        let given = recipient.location.flatMap { $0.precision == .given ? $0.position : nil }
        let code = recipient.isCommuneFound ? nil : recipient.communeCode
        return [
            recipient.externalID, recipient.name.value, recipient.kind.rawValue, recipient.addressText?.value ?? "",
            recipient.building ?? "", recipient.postcode ?? "", recipient.communeName ?? "", code?.rawValue ?? "",
            given.map { "\($0.longitude)" } ?? "", given.map { "\($0.latitude)" } ?? "", recipient.language,
            recipient.household ?? "", (recipient.tags ?? []).joined(separator: "|"),
            (recipient.lists ?? []).joined(separator: "|"),
        ]
    }

    private func padded(_ texts: [String], to count: Int) -> [String] {
        texts + [String](repeating: "", count: max(0, count - texts.count))
    }
}
