import AlertModel
import GRDB
import GeoModel
import Targeting

/// A recipient's row as every reading of a selection takes it: one place says how precisely somebody is located.
struct SelectedRow {
    /// What a statement must select to count: the other properties are then not to be asked for.
    static let countedColumns = "commune_code, channels"
    /// What a statement must select for every property but `position`.
    static let columns = "external_id, name, commune_code, commune_name, precision, channels, language"
    /// The same with the point, which costs two calls of SpatiaLite a row.
    static let columnsWithPosition = columns + ", X(location) AS x, Y(location) AS y"

    /// What a survey of coverage needs. A recipient is confirmed when its row is, or any of its numbers.
    static let surveyedColumns = """
        commune_code, commune_name, precision, channels, kind, organisation_id, household,
        nullif(max(ifnull(confirmed_on, ''), ifnull((
            SELECT MAX(contact_points.confirmed_on) FROM contact_points
            WHERE contact_points.recipient_id = recipients.id), '')), '') AS confirmed_on
        """
    static let surveyedColumnsWithPosition = surveyedColumns + ", X(location) AS x, Y(location) AS y"

    private let row: Row

    /// - Parameter row: with the columns named above.
    init(_ row: Row) {
        self.row = row
    }

    var externalID: String { row["external_id"] }
    var name: Redacted<String> { Redacted(row["name"]) }
    var communeCode: CommuneCode? { (row["commune_code"] as String?).flatMap { CommuneCode($0) } }
    var communeName: String? { row["commune_name"] }
    var language: String { row["language"] }
    var channels: ChannelMask { ChannelMask(rawValue: row["channels"]) }

    /// As stored with a point; without one the commune stands for it, or nothing is known.
    var precision: Precision {
        (row["precision"] as String?).flatMap { Precision(rawValue: $0) }
            ?? (communeCode == nil ? .notLocated : .commune)
    }

    /// For a survey of coverage, from `surveyedColumns`.
    ///
    /// - Parameter staleBefore: whoever was confirmed before this day no longer counts as confirmed.
    func surveyed(staleBefore: CalendarDate, withPosition: Bool) -> SurveyedRecipient {
        var recipient = SurveyedRecipient(
            communeCode: communeCode, communeName: communeName, precision: precision, channels: channels.members)
        if row["kind"] == RecipientKind.office.rawValue {
            recipient.household = .none
        } else if let household: String = row["household"] {
            recipient.household = .shared("\(row["organisation_id"] as Int64) \(household)")
        }
        let confirmed = (row["confirmed_on"] as String?).flatMap { CalendarDate($0) }
        recipient.confirmation = confirmed.map { $0 < staleBefore ? .old : .recent } ?? .never
        if withPosition { recipient.position = position }
        return recipient
    }

    /// The same rule for a statement over `recipients`.
    static let precisionSQL = """
        ifnull(recipients.precision, iif(recipients.commune_code IS NULL, 'not_located', 'commune'))
        """

    /// WGS 84. Nil without a point, and when the statement did not ask for it.
    var position: Position<WGS84>? {
        guard let x: Double = row["x"], let y: Double = row["y"] else { return nil }
        return Position(longitude: x, latitude: y)
    }
}

/// A recipient a zone selects: its row, how surely it is inside, and why.
struct SelectedMember {
    let id: RecipientID
    let row: SelectedRow
    let certainty: Certainty
    let reasons: TermSet
    let labels: [String]

    /// The zone's terms that speak for the recipient, in words.
    var why: String {
        labels.indices.filter { reasons.contains(term: $0) }.map { labels[$0] }.joined(separator: "; ")
    }
}

extension Database {
    /// Selects within the caller's transaction, and hands over each selected recipient in the order of row numbers.
    ///
    /// - Parameter columns: of `SelectedRow`.
    /// - Returns: the counts of those the filter admits, and of all who cannot be located.
    /// - Throws: as `Selector.select`.
    func forEachSelected(
        in zone: Zone, scope: RegisterScope, filter: SelectionFilter = SelectionFilter(),
        columns: String = SelectedRow.columns, _ body: (SelectedMember) throws -> Void
    ) throws -> ZoneCounts {
        let verdicts = try Selector(register: RegisterReader(database: self, scope: scope)).select(zone)
        let labels = zone.terms.map(\.label)
        let lookup = try makeStatement(sql: "SELECT \(columns) FROM recipients WHERE id = ?")
        var counts = ZoneCounts()
        var communes: [String: Int] = [:]
        for entry in verdicts.entries {
            guard let certainty = entry.verdict.certainty else {
                counts.notLocated += 1
                continue
            }
            guard let row = try Row.fetchOne(lookup, arguments: [entry.recipient.rawValue]).map(SelectedRow.init)
            else { continue }
            let mask = row.channels
            guard filter.admits(certainty, mask) else { continue }
            counts.add(certainty, mask)
            if let code = row.communeCode { communes[code.rawValue, default: 0] += 1 }
            try body(SelectedMember(
                id: entry.recipient, row: row, certainty: certainty, reasons: entry.reasons, labels: labels))
        }
        counts.communes = try byCommuneToday(communes).count
        return counts
    }

    /// The order of `LC_ALL=C sort`.
    static func byteOrder(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }
}

extension ZoneCounts {
    fileprivate mutating func add(_ certainty: Certainty, _ mask: ChannelMask) {
        if certainty == .certain { certain += 1 } else { possible += 1 }
        if mask.isEmpty { unreachable += 1 }
        for channel in mask.members { channels[channel, default: 0] += 1 }
    }
}

extension ChannelMask {
    /// The channels in the mask, in their order.
    var members: [Channel] { Channel.allCases.filter { contains(ChannelMask($0)) } }
}
