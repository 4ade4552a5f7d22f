import AlertModel
import Console
import GeoModel
import Import
import Store

/// What somebody wrote on a card, read as the register holds it; a fault names its field.
struct PersonReading {
    private let draft: PersonDraft

    init(_ draft: PersonDraft) { self.draft = draft }

    /// - Throws: `invalid_parameter`.
    func edits() throws -> [RecipientEdit] {
        func filled(_ text: String) -> String? { text.isEmpty ? nil : text }
        var edits: [RecipientEdit] = []
        if let name = draft.name {
            guard !name.isEmpty else { throw Self.fault("name", "a name is due") }
            edits.append(.name(name))
        }
        if let kind = draft.kind { edits.append(.kind(kind)) }
        if let language = try language() { edits.append(.language(language)) }
        if let text = draft.address { edits.append(.address(filled(text))) }
        if let text = draft.postcode { edits.append(.postcode(filled(text))) }
        if let text = draft.commune { edits.append(.communeName(filled(text))) }
        if draft.communeCode != nil { edits.append(.communeCode(try communeCode())) }
        if let text = draft.household { edits.append(.household(filled(text))) }
        if let text = draft.building { edits.append(.building(filled(text))) }
        if draft.confirmedOn != nil { edits.append(.confirmedOn(try confirmedOn())) }
        if draft.isPlacedByAddress { edits.append(.positionByAddress) }
        if let position = try position() { edits.append(.position(position)) }
        if let tags = draft.tags { edits.append(.tags(tags)) }
        return edits
    }

    /// A recipient of one's own making; its identifier is empty where none is given.
    ///
    /// - Throws: `invalid_parameter`.
    func recipient() throws -> Recipient {
        func filled(_ text: String?) -> String? { text.flatMap { $0.isEmpty ? nil : $0 } }
        let code = try communeCode()
        let identifier = draft.identifier ?? ""
        guard !identifier.hasPrefix(RegisterReserved.prefix), !Self.hasControls(identifier) else {
            throw Self.fault("identifier", "it is the system's own, or has control characters")
        }
        for (key, text) in [("name", draft.name), ("address", draft.address), ("postcode", draft.postcode), ("commune", draft.commune),
            ("household", draft.household), ("building", draft.building)] where text.map(Self.hasControls) ?? false {
            throw Self.fault(key, "no control characters are due")
        }
        var recipient = Recipient(
            externalID: identifier, name: Redacted(draft.name ?? ""), kind: draft.kind ?? .person,
            addressText: filled(draft.address).map { Redacted($0) }, postcode: filled(draft.postcode), communeCode: code,
            communeName: filled(draft.commune), language: try language() ?? "fr",
            location: try position().map { Location(position: $0, uncertaintyMetres: 0, precision: .given, score: 1) },
            contactPoints: try contacts(draft.contacts ?? [], department: code?.department),
            lists: draft.lists)
        recipient.tags = try draft.tags?.map { tag in
            guard !tag.isEmpty, tag.count <= 200, !Self.hasControls(tag), !tag.contains(where: { "|,;".contains($0) }) else {
                throw Self.fault("tags", "a tag has 1 to 200 characters, none of them | , or ;")
            }
            return tag
        }
        recipient.household = filled(draft.household)
        recipient.building = filled(draft.building)
        recipient.confirmedOn = try confirmedOn()
        return recipient
    }

    /// - Parameter department: of the recipient's commune; nil when it is not known.
    /// - Throws: `invalid_parameter` with the contact point's place.
    func contacts(_ written: [PersonDraft.Contact], department: String?) throws -> [ContactPoint] {
        var points: [ContactPoint] = []
        func append(_ channel: Channel, _ address: String, _ contact: PersonDraft.Contact, _ check: ContactCheck? = nil) {
            guard !points.contains(where: { $0.channel == channel && $0.address.value == address }) else { return }
            points.append(
                ContactPoint(
                    channel: channel, address: Redacted(address), rank: points.count { $0.channel == channel } + 1,
                    isEmergency: contact.isEmergency, check: check, consent: contact.consent))
        }
        for (index, contact) in written.enumerated() {
            let path = "contacts[\(index)].address"
            if contact.channel == .email || (contact.channel == nil && contact.address.contains("@")) {
                guard let address = EmailAddress(contact.address), address.hasPublicDomain else {
                    throw Self.fault(path, "not an e-mail address, such as name@example.org")
                }
                append(.email, address.text, contact)
                continue
            }
            let number: PhoneNumber
            do throws(PhoneNumber.Refusal) {
                number = try PhoneNumber(contact.address, department: department)
            } catch {
                throw Self.fault(path, error.description)
            }
            let check: ContactCheck? = number.isOfUnknownRange ? .unknownRange : nil
            switch contact.channel {
            case .sms where !number.isMobile: throw Self.fault(path, "a fixed line cannot receive an SMS")
            case .sms: append(.sms, number.e164, contact, check)
            case .voice: append(.voice, number.e164, contact, check)
            case .fax: append(.fax, number.e164, contact, check)
            case .email, nil:
                if number.isMobile { append(.sms, number.e164, contact, check) }
                append(.voice, number.e164, contact, check)
            }
        }
        return points
    }

    private func language() throws -> String? {
        guard let text = draft.language else { return nil }
        guard let tag = RecipientEditText.language(text) else { throw Self.fault("language", "a tag such as fr or pt-br is due") }
        return tag
    }

    private func communeCode() throws -> CommuneCode? {
        guard let text = draft.communeCode, !text.isEmpty else { return nil }
        guard let code = CommuneCode(text) else { throw Self.fault("communeCode", "an INSEE code such as 80021 is due") }
        return code
    }

    private func confirmedOn() throws -> CalendarDate? {
        guard let text = draft.confirmedOn, !text.isEmpty else { return nil }
        guard let day = CalendarDate(text) else { throw Self.fault("confirmedOn", "a day such as 2026-01-31 is due") }
        return day
    }

    private func position() throws -> Position<WGS84>? {
        guard let position = draft.position?.position else { return nil }
        guard position.isInRange, position.longitude != 0 || position.latitude != 0 else {
            throw Self.fault("position", "degrees are due, longitude first, and not 0,0")
        }
        guard FrenchTerritories.contain(position) || !FrenchTerritories.contain(
            Position(longitude: position.latitude, latitude: position.longitude))
        else { throw Self.fault("position", "longitude and latitude look exchanged") }
        return position
    }

    private static func hasControls(_ text: String) -> Bool { text.unicodeScalars.contains { $0.value < 32 } }

    private static func fault(_ path: String, _ reason: String) -> ConsoleProblem {
        ConsoleProblem(.invalidParameter, ProblemDetail(path: path, reason: reason))
    }
}
