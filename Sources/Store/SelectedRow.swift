import AlertModel
import GRDB
import GeoModel
import Targeting

/// A recipient's row as a reading of a selection takes it, read by the places of its columns: a million of them are read
/// before a large alert leaves.
protocol SelectedRow {
    /// What a statement over `recipients` must select, in order.
    static var columns: String { get }

    /// - Parameter statement: stepped onto the row.
    init(_ statement: RawStatement)

    var communeCode: CommuneCode? { get }
    var channels: ChannelMask { get }
}

extension RawStatement {
    func commune(_ column: Int32) -> CommuneCode? { text(column).flatMap { CommuneCode($0) } }
    func channels(_ column: Int32) -> ChannelMask { ChannelMask(rawValue: Int(integer(column))) }

    /// The one place that says how precisely somebody is located: as stored with a point; without one the commune stands
    /// for it, or nothing is known.
    func precision(_ column: Int32, in commune: CommuneCode?) -> Precision {
        text(column).flatMap { Precision(rawValue: $0) } ?? (commune == nil ? .notLocated : .commune)
    }

    /// WGS 84, of two columns; nil without a point.
    func position(_ column: Int32) -> Position<WGS84>? {
        isNull(column) || isNull(column + 1) ? nil : Position(longitude: double(column), latitude: double(column + 1))
    }
}

/// Enough to count.
struct CountedRow: SelectedRow {
    static let columns = "commune_code, channels"
    /// The same rule of precision for a statement over `recipients`.
    static let precisionSQL = """
        ifnull(recipients.precision, iif(recipients.commune_code IS NULL, 'not_located', 'commune'))
        """

    let communeCode: CommuneCode?
    let channels: ChannelMask

    init(_ statement: RawStatement) {
        communeCode = statement.commune(0)
        channels = statement.channels(1)
    }
}

/// What an audience copies.
struct NamedRow: SelectedRow {
    static let columns = "commune_code, channels, precision, commune_name, external_id, name, language"

    let communeCode: CommuneCode?
    let channels: ChannelMask
    let precision: Precision
    let communeName: String?
    let externalID: String
    let name: Redacted<String>
    let language: String

    init(_ statement: RawStatement) {
        communeCode = statement.commune(0)
        channels = statement.channels(1)
        precision = statement.precision(2, in: communeCode)
        communeName = statement.text(3)
        externalID = statement.text(4) ?? ""
        name = Redacted(statement.text(5) ?? "")
        language = statement.text(6) ?? ""
    }
}

/// The same with the point, which costs two calls of SpatiaLite a row.
struct NamedPlace: SelectedRow {
    static let columns = NamedRow.columns + ", X(location), Y(location)"

    let named: NamedRow
    let position: Position<WGS84>?
    var communeCode: CommuneCode? { named.communeCode }
    var channels: ChannelMask { named.channels }

    init(_ statement: RawStatement) {
        named = NamedRow(statement)
        position = statement.position(7)
    }
}

/// Finds rows by number: prepared once for a whole selection.
struct SelectedRows<Row: SelectedRow> {
    private let statement: RawStatement

    init(_ database: Database) throws {
        statement = try RawStatement(database, "SELECT \(Row.columns) FROM recipients WHERE id = ?")
    }

    /// - Returns: nil for a recipient who is gone.
    func row(of recipient: RecipientID) throws -> Row? {
        statement.bind(recipient.rawValue, at: 1)
        guard try statement.step() else { return nil }
        defer { statement.reset() }
        return Row(statement)
    }
}

/// A recipient a zone selects: its row, how surely it is inside, and why.
struct SelectedMember<Row: SelectedRow> {
    let id: RecipientID
    let row: Row
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
    /// - Parameter rows: what is read of each.
    /// - Returns: the counts of those the filter admits, and of all who cannot be located.
    /// - Throws: as `Selector.select`.
    func forEachSelected<Row: SelectedRow>(
        in zone: Zone, scope: RegisterScope, filter: SelectionFilter = SelectionFilter(), as rows: Row.Type,
        _ body: (SelectedMember<Row>) throws -> Void
    ) throws -> ZoneCounts {
        let verdicts = try Selector(register: RegisterReader(database: self, scope: scope)).select(zone)
        let labels = zone.terms.map(\.label)
        let lookup = try SelectedRows<Row>(self)
        var counts = ZoneCounts()
        var communes: [String: Int] = [:]
        for entry in verdicts.entries {
            guard let certainty = entry.verdict.certainty else {
                counts.notLocated += 1
                continue
            }
            guard let row = try lookup.row(of: entry.recipient) else { continue }
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
