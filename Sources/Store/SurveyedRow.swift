import AlertModel
import GeoModel
import Targeting

/// What a survey of coverage needs. A recipient is confirmed when its row is, or any of its numbers.
struct SurveyedRow: SelectedRow {
    static let columns = """
        commune_code, channels, precision, commune_name, kind, organisation_id, household,
        nullif(max(ifnull(confirmed_on, ''), ifnull((
            SELECT MAX(contact_points.confirmed_on) FROM contact_points
            WHERE contact_points.recipient_id = recipients.id), '')), '')
        """

    let communeCode: CommuneCode?
    let channels: ChannelMask
    private let precision: Precision
    private let communeName: String?
    private let isOffice: Bool
    private let organisation: Int64
    private let household: String?
    private let confirmedOn: CalendarDate?

    init(_ statement: RawStatement) {
        communeCode = statement.commune(0)
        channels = statement.channels(1)
        precision = statement.precision(2, in: communeCode)
        communeName = statement.text(3)
        isOffice = statement.text(4) == RecipientKind.office.rawValue
        organisation = statement.integer(5)
        household = statement.text(6)
        confirmedOn = statement.text(7).flatMap { CalendarDate($0) }
    }

    /// - Parameter staleBefore: whoever was confirmed before this day no longer counts as confirmed.
    func recipient(staleBefore: CalendarDate) -> SurveyedRecipient {
        var recipient = SurveyedRecipient(
            communeCode: communeCode, communeName: communeName, precision: precision, channels: channels.members)
        if isOffice {
            recipient.household = .none
        } else if let household {
            recipient.household = .shared("\(organisation) \(household)")
        }
        recipient.confirmation = confirmedOn.map { $0 < staleBefore ? .old : .recent } ?? .never
        return recipient
    }
}

/// The same with the point.
struct SurveyedPlace: SelectedRow {
    static let columns = SurveyedRow.columns + ", X(location), Y(location)"

    private let row: SurveyedRow
    private let position: Position<WGS84>?
    var communeCode: CommuneCode? { row.communeCode }
    var channels: ChannelMask { row.channels }

    init(_ statement: RawStatement) {
        row = SurveyedRow(statement)
        position = statement.position(8)
    }

    func recipient(staleBefore: CalendarDate) -> SurveyedRecipient {
        var recipient = row.recipient(staleBefore: staleBefore)
        recipient.position = position
        return recipient
    }
}
