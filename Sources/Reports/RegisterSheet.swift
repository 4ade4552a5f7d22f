import AlertModel
import GeoModel

/// One recipient for a person to read: what is known, and how well.
package enum RegisterSheet {
    /// Lines of a key and a value; what is not known has none.
    package static func lines(_ entry: RegisterEntry) -> [(key: String, value: String)] {
        let recipient = entry.recipient
        var lines: [(key: String, value: String)] = []
        func add(_ key: String, _ value: String?) {
            // One line is one fact, whatever a cell held.
            if let value, !value.isEmpty { lines.append((key, value.split(whereSeparator: \.isNewline).joined(separator: ", "))) }
        }
        add("id", recipient.externalID)
        add("organisation", entry.organisation)
        add("kind", recipient.kind.rawValue)
        add("name", recipient.name.value)
        add("address", recipient.addressText?.value)
        add("building", recipient.building)
        add("postcode", recipient.postcode)
        add("commune", recipient.communeName)
        add("commune_code", recipient.communeCode.map { "\($0)" + (recipient.isCommuneFound ? " (found)" : "") })
        add("precision", entry.precision.rawValue)
        if let location = recipient.location {
            add("position", "\(location.position.longitude), \(location.position.latitude)")
            add("uncertainty_metres", "\(Int(location.uncertaintyMetres.rounded(.up)))")
        }
        add("language", recipient.language)
        add("household", recipient.household)
        add("tags", recipient.tags?.joined(separator: " | "))
        add("confirmed_on", recipient.confirmedOn?.text)
        add("source", entry.source)
        for point in recipient.contactPoints { add("\(point.channel.rawValue)_\(point.rank)", words(of: point)) }
        add("vulnerability", recipient.vulnerability?.kind.value)
        add("vulnerability_detail", recipient.vulnerability?.detail?.value)
        add("vulnerability_recorded_on", recipient.vulnerability?.recordedOn?.text)
        return lines
    }

    private static func words(of point: ContactPoint) -> String {
        var words = [point.address.value]
        if point.isEmergency { words.append("emergency") }
        if point.check == .unknownRange { words.append("of a range that is not known") }
        if let consent = point.consent {
            words.append("consent \(consent.rawValue)" + (point.consentOn.map { " on \($0)" } ?? ""))
        }
        if let provenance = point.provenance { words.append("from \(provenance)") }
        if let day = point.confirmedOn { words.append("confirmed on \(day)") }
        return words.joined(separator: "; ")
    }
}
