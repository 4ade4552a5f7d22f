import GeoModel

/// What the plain columns of a register's file cannot say of one recipient, as a small JSON text in a column of its own.
///
/// The columns give one consent, one provenance and one day for all of a row's contact points, since town halls write
/// files so. A register that was put together from several sources has them apart for each contact point; an export
/// writes them here, and an import of that export takes them from here. Empty for almost everybody.
package struct RecipientDetails: Hashable, Sendable {
    /// Bound on a cell that a stranger sends, in bytes.
    private static let maximumBytes = 64 << 10
    private static let jsonLimits = JSONNode.Limits(maxDepth: 4, maxValues: 10_000)

    /// What is said of one contact point.
    fileprivate struct Contact: Hashable, Sendable {
        var channel: Channel
        var rank: Int
        var isEmergency: Bool
        var consent: Consent?
        var consentOn: CalendarDate?
        var provenance: String?
        var confirmedOn: CalendarDate?
    }

    fileprivate var contacts: [Contact] = []
    /// The day stands in a column of its own; exports of before that column wrote it here.
    private var vulnerability: (recordedOn: CalendarDate?, provenance: String?)?

    package static func == (left: Self, right: Self) -> Bool { left.text == right.text }
    package func hash(into hasher: inout Hasher) { hasher.combine(text) }

    // MARK: Writing

    /// - Parameters:
    ///   - recipient: as the register has it.
    ///   - row: what the plain columns say of it.
    package init(of recipient: Recipient, beside row: RowFacts) {
        if !row.sayEverything { contacts = recipient.contactPoints.map(Contact.init) }
        if let protected = recipient.vulnerability, protected.provenance != row.provenance {
            vulnerability = (nil, protected.provenance)
        }
    }

    /// The cell: empty when the plain columns say everything.
    package var text: String {
        guard !contacts.isEmpty || vulnerability != nil else { return "" }
        var object = JSONObject()
        if !contacts.isEmpty { object.append("contacts", .array(contacts.map { .object($0.json) })) }
        if let vulnerability {
            var members = JSONObject()
            if let day = vulnerability.recordedOn { members.append("recorded_on", .string(day.text)) }
            if let text = vulnerability.provenance { members.append("provenance", .string(text)) }
            object.append("vulnerability", .object(members))
        }
        var writer = JSONWriter()
        writer.value(.object(object))
        return writer.text
    }

    // MARK: Reading

    /// - Returns: nil when the text is none of an export's.
    package init?(_ text: String) {
        guard text.utf8.count <= Self.maximumBytes,
              let node = try? JSONNode.read(Array(text.utf8), limits: Self.jsonLimits), case .object(let members) = node,
              members.keys.allSatisfy(["contacts", "vulnerability"].contains)
        else { return nil }
        if let node = members["contacts"] {
            guard case .array(let elements) = node else { return nil }
            for element in elements {
                guard let contact = Contact(element) else { return nil }
                contacts.append(contact)
            }
        }
        if let node = members["vulnerability"] {
            guard case .object(let members) = node, let recordedOn = Self.day(members["recorded_on"]),
                  let provenance = Self.text(members["provenance"])
            else { return nil }
            vulnerability = (recordedOn, provenance)
        }
    }

    /// Gives a recipient read from the plain columns what they do not say.
    package func apply(to recipient: inout Recipient) {
        for contact in contacts {
            for index in recipient.contactPoints.indices
            where recipient.contactPoints[index].channel == contact.channel
                && recipient.contactPoints[index].rank == contact.rank
            {
                recipient.contactPoints[index].isEmergency = contact.isEmergency
                recipient.contactPoints[index].consent = contact.consent
                recipient.contactPoints[index].consentOn = contact.consentOn
                recipient.contactPoints[index].provenance = contact.provenance
                recipient.contactPoints[index].confirmedOn = contact.confirmedOn
            }
        }
        if let vulnerability, let known = recipient.vulnerability {
            recipient.vulnerability = Vulnerability(
                kind: known.kind, detail: known.detail, recordedOn: vulnerability.recordedOn ?? known.recordedOn,
                provenance: vulnerability.provenance)
        }
    }

    /// A day that may be absent; the outer nil is a fault.
    fileprivate static func day(_ node: JSONNode?) -> CalendarDate?? {
        guard let node else { return .some(nil) }
        guard case .string(let text) = node, let day = CalendarDate(text) else { return nil }
        return day
    }

    fileprivate static func text(_ node: JSONNode?) -> String?? {
        guard let node else { return .some(nil) }
        guard case .string(let text) = node else { return nil }
        return text
    }
}

extension RecipientDetails.Contact {
    fileprivate init(_ point: ContactPoint) {
        self.init(
            channel: point.channel, rank: point.rank, isEmergency: point.isEmergency, consent: point.consent,
            consentOn: point.consentOn, provenance: point.provenance, confirmedOn: point.confirmedOn)
    }

    fileprivate init?(_ node: JSONNode) {
        guard case .object(let members) = node, case .string(let name)? = members["channel"],
              let channel = Channel(rawValue: name), case .number(let rank)? = members["rank"],
              let rank = Int(exactly: rank), let consentOn = RecipientDetails.day(members["consent_on"]),
              let provenance = RecipientDetails.text(members["provenance"]),
              let confirmedOn = RecipientDetails.day(members["confirmed_on"]),
              let consentText = RecipientDetails.text(members["consent"])
        else { return nil }
        let consent = consentText.flatMap { Consent(rawValue: $0) }
        guard (consent == nil) == (consentText == nil) else { return nil }
        self.init(
            channel: channel, rank: rank, isEmergency: members["emergency"] == .bool(true), consent: consent,
            consentOn: consentOn, provenance: provenance, confirmedOn: confirmedOn)
    }

    fileprivate var json: JSONObject {
        var object = JSONObject()
        object.append("channel", .string(channel.rawValue))
        object.append("rank", .number(Double(rank)))
        if isEmergency { object.append("emergency", .bool(true)) }
        if let consent { object.append("consent", .string(consent.rawValue)) }
        if let consentOn { object.append("consent_on", .string(consentOn.text)) }
        if let provenance { object.append("provenance", .string(provenance)) }
        if let confirmedOn { object.append("confirmed_on", .string(confirmedOn.text)) }
        return object
    }
}

/// What the plain columns of a register's file say of a recipient's contact points.
package struct RowFacts: Hashable, Sendable {
    package let consent: Consent?
    package let consentOn: CalendarDate?
    package let provenance: String?
    /// Of the recipient and of every contact point.
    package let confirmedOn: CalendarDate?
    /// Each once, in the order of the contact points.
    package let emergencyNumbers: [String]
    /// Whether an import of these columns gives every contact point what it has.
    package let sayEverything: Bool

    package init(of recipient: Recipient) {
        let points = recipient.contactPoints
        confirmedOn = recipient.confirmedOn
        let first = points.first
        let isUniform = points.allSatisfy { point in
            point.consent == first?.consent && point.consentOn == first?.consentOn
                && point.provenance == first?.provenance && point.confirmedOn == recipient.confirmedOn
        }
        sayEverything = isUniform && Self.saysEmergencies(of: points)
        consent = sayEverything ? first?.consent : nil
        consentOn = sayEverything ? first?.consentOn : nil
        provenance = sayEverything ? first?.provenance : nil
        var seen: Set<String> = []
        emergencyNumbers = sayEverything
            ? points.filter(\.isEmergency).map(\.address.value).filter { seen.insert($0).inserted } : []
    }

    /// An emergency column marks its number in the channels SMS and voice, and adds the one that is missing: a fixed
    /// line gets voice alone.
    private static func saysEmergencies(of points: [ContactPoint]) -> Bool {
        let numbers = Set(points.filter(\.isEmergency).map(\.address.value))
        return numbers.allSatisfy { number in
            let same = points.filter { $0.address.value == number }
            let marked = Set(same.filter(\.isEmergency).map(\.channel))
            return marked == [.sms, .voice] || (marked == [.voice] && isFixedLine(number))
                && same.allSatisfy { $0.isEmergency || $0.channel == .fax }
        }
    }

    /// +33 1 to +33 5 and +33 9: fixed by the French plan.
    private static func isFixedLine(_ number: String) -> Bool {
        guard number.hasPrefix("+33"), let digit = number.utf8.dropFirst(3).first else { return false }
        return "123459".utf8.contains(digit)
    }
}
