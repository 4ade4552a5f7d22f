import AlertModel
import Foundation
import Store

/// Reads the contact points of a row, in the order of its columns.
struct ContactCells {
    /// Issue of practice: a commune's town hall gives three numbers that answer day and night.
    static let defaultEmergencyLimit = 3

    let columns: RecipientColumns
    let emergencyLimit: Int

    func read(_ row: inout RowReader, department: String?, kind: RecipientKind) -> [ContactPoint] {
        var points: [ContactPoint] = []
        for index in columns.fields.indices where columns.fields[index].isContact {
            guard let cell = row.value(at: index) else { continue }
            if Self.mayHoldSeveral(cell) {
                // Town halls write several in one cell: "06 … / 07 …".
                for text in Self.split(cell) {
                    take(text, columns.columns[index], department: department, to: &points, &row)
                }
            } else {
                take(cell, columns.columns[index], department: department, to: &points, &row)
            }
        }
        if kind == .office {
            let emergencies = Set(points.filter(\.isEmergency).map(\.address)).count
            if emergencies > emergencyLimit {
                row.refuse(
                    .emergency,
                    "\(emergencies) emergency numbers, and an office has \(emergencyLimit) at most: keep the ones that answer")
            }
        }
        addConsent(to: &points, &row)
        return points
    }

    private func take(
        _ text: String, _ column: RecipientColumns.Column, department: String?, to points: inout [ContactPoint],
        _ row: inout RowReader
    ) {
        do throws(ContactFault) {
            try add(text, column, department: department, to: &points, &row)
        } catch {
            row.leaveOut(column, error.reason)
        }
    }

    /// Why an address of a contact point is left out, without repeating it.
    private struct ContactFault: Error {
        let reason: String
    }

    private static func split(_ cell: String) -> [String] {
        cell.replacingOccurrences(of: " ou ", with: "/").split { "/;,".contains($0) || $0.isNewline }
            .map { String($0).trimmed }.filter { !$0.isEmpty }
    }

    /// Whether one of the signs that part addresses, or “ ou ”, stands in a cell.
    private static func mayHoldSeveral(_ cell: String) -> Bool {
        var last4: UInt32 = 0
        for byte in cell.utf8 {
            switch byte {
            case UInt8(ascii: "/"), UInt8(ascii: ";"), UInt8(ascii: ","), 0x0A, 0x0D: return true
            default: break
            }
            last4 = last4 << 8 | UInt32(byte)
            // " ou "
            if last4 == 0x206F_7520 { return true }
        }
        return false
    }

    private func add(
        _ text: String, _ column: RecipientColumns.Column, department: String?, to points: inout [ContactPoint],
        _ row: inout RowReader
    ) throws(ContactFault) {
        if column.field == .email {
            guard let address = EmailAddress(text), address.hasPublicDomain else {
                throw ContactFault(reason: "not an e-mail address, such as name@example.org")
            }
            return Self.append(.email, address.text, to: &points)
        }
        let number: PhoneNumber
        do throws(PhoneNumber.Refusal) {
            number = try PhoneNumber(text, department: department)
        } catch {
            throw ContactFault(reason: error.description)
        }
        if let ambiguity = number.ambiguity { row.warn(column, ambiguity.description) }
        let check: ContactCheck? = number.isOfUnknownRange ? .unknownRange : nil
        let isEmergency = column.field == .emergency
        switch column.field {
        case .sms:
            guard number.isMobile else { throw ContactFault(reason: "a fixed line cannot receive an SMS") }
            Self.append(.sms, number.e164, check, to: &points)
        case .voice: Self.append(.voice, number.e164, check, to: &points)
        case .fax: Self.append(.fax, number.e164, check, to: &points)
        default:
            if number.isMobile { Self.append(.sms, number.e164, check, isEmergency: isEmergency, to: &points) }
            Self.append(.voice, number.e164, check, isEmergency: isEmergency, to: &points)
        }
    }

    /// An address once a channel; given again as an emergency number, it is one.
    private static func append(
        _ channel: Channel, _ address: String, _ check: ContactCheck? = nil, isEmergency: Bool = false,
        to points: inout [ContactPoint]
    ) {
        var rank = 1
        for index in points.indices where points[index].channel == channel {
            if points[index].address.value == address {
                if isEmergency { points[index].isEmergency = true }
                return
            }
            rank += 1
        }
        points.append(ContactPoint(
            channel: channel, address: Redacted(address), rank: rank, isEmergency: isEmergency, check: check))
    }

    /// Consent, its date, who gave the address and when it was last confirmed are those of all the row's contact points.
    private func addConsent(to points: inout [ContactPoint], _ row: inout RowReader) {
        let consent = consent(&row)
        let consentOn = row.value(.consentOn).flatMap { CalendarDate($0) }
        if consentOn == nil, row.value(.consentOn) != nil {
            row.warn(.consentOn, "not a date, such as 2026-01-31 or 31/01/2026: left out")
        }
        let provenance = row.value(.provenance)
        let confirmedOn = row.value(.confirmedOn).flatMap { CalendarDate($0) }
        guard consent != nil || consentOn != nil || provenance != nil || confirmedOn != nil else { return }
        for index in points.indices {
            points[index].consent = consent
            points[index].consentOn = consentOn
            points[index].provenance = provenance
            points[index].confirmedOn = confirmedOn
        }
    }

    private func consent(_ row: inout RowReader) -> Consent? {
        guard let text = row.value(.consent) else { return nil }
        switch FoldedName(text).text {
        case "oui", "o", "yes", "y", "1", "x", "vrai", "true", "donne", "accorde", "given", "accord": return .given
        case "base legale", "obligation legale", "mission", "mission de service public", "interet public",
             "sauvegarde de la vie", "legal", "legal basis":
            return .legalBasis
        case "unknown", "inconnu", "nsp": return .unknown
        case "non", "no", "n", "0", "faux", "false", "refus", "refuse", "refused", "oppose", "opposition", "retire",
             "retrait", "revoque", "withdrawn", "optout", "opt out", "desinscrit":
            row.warn(
                .consent,
                "consent refused: kept as such; alerts still go there, since they do not rest on consent")
            return .refused
        default:
            row.warn(.consent, "neither oui, non nor base légale (given, refused, legal_basis): kept as unknown")
            return .unknown
        }
    }
}
