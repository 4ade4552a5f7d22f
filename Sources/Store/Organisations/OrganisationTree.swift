import AlertModel
import Foundation
import GRDB

/// The tree of organisations: prefecture, intercommunalité, commune, service, or however deep it is, within bounds.
package enum OrganisationTree {
    /// Levels below the top. Four are usual; more than this is a mistake, and every question walks up the tree.
    package static let greatestDepth = 8
    /// Characters of a name.
    package static let longestName = 200
}

/// A place of the tree as it is listed.
package struct OrganisationPlace: Sendable, Hashable {
    package let organisation: Organisation
    /// Levels below where the listing began.
    package let depth: Int
}

extension AlertDatabase {
    /// An organisation of a name.
    ///
    /// - Throws: `StoreError.unknownOrganisation`, which names those below `root`.
    package func findOrganisation(named name: String, under root: OrganisationID?) throws -> Organisation {
        try pool.read { database in
            let places = try database.places(under: root)
            guard let place = places.first(where: { $0.organisation.name == name }) else {
                throw StoreError.unknownOrganisation(name: name, known: places.map(\.organisation.name))
            }
            return place.organisation
        }
    }

    /// One organisation; nil when there is none of this number.
    package func organisation(_ id: OrganisationID) throws -> Organisation? {
        try pool.read { try $0.organisationIfAny(id) }
    }

    /// Organisations, each before what is below it, by name.
    ///
    /// - Parameter root: it and what is below it; nil for all.
    package func organisationTree(under root: OrganisationID? = nil) throws -> [OrganisationPlace] {
        try pool.read { try $0.places(under: root) }
    }

    /// The organisations above one, the nearest first.
    package func ancestors(of organisation: OrganisationID) throws -> [Organisation] {
        try pool.read { database in
            try database.lineage(of: organisation).dropFirst().compactMap { try database.organisationIfAny($0) }
        }
    }

    /// Creates an organisation, in one transaction with its entry in the journal.
    ///
    /// - Parameters:
    ///   - code: of the form its kind asks for.
    ///   - account: the organisation of the account that creates it, whose territory the code has to lie on; nil for the
    ///     machine's administrator.
    /// - Throws: `StoreError.organisationExists`, `.invalidOrganisation`, `.treeTooDeep`, `.unknownTerritory`.
    @discardableResult
    package func createOrganisation(
        named name: String, kind: OrganisationKind, code: String?, parent: OrganisationID?, actor: String,
        within account: OrganisationID? = nil
    ) throws -> OrganisationID {
        try pool.write { database in
            try database.requireFree(name)
            try Database.require(code, for: kind)
            try database.requireGround(code: code, of: kind, within: account)
            if let parent, try database.lineage(of: parent).count > OrganisationTree.greatestDepth {
                throw StoreError.treeTooDeep(limit: OrganisationTree.greatestDepth)
            }
            try database.execute(
                sql: "INSERT INTO organisations (name, nature, territory_code, parent_id, created_at) VALUES (?, ?, ?, ?, ?)",
                arguments: [name, kind.rawValue, code, parent?.rawValue, Date.now.milliseconds])
            let id = OrganisationID(rawValue: database.lastInsertedRowID)
            try database.audit(
                actor: actor, action: "organisation.create", subject: name,
                detail: ["kind": kind.rawValue, "code": code ?? "", "parent": try parent.map { try database.organisationName($0) } ?? ""])
            return id
        }
    }

    /// Says what an organisation is.
    ///
    /// - Parameter account: as with `createOrganisation`.
    /// - Throws: `StoreError.invalidOrganisation`, `.unknownTerritory`.
    package func setKind(
        of organisation: OrganisationID, to kind: OrganisationKind, code: String?, actor: String,
        within account: OrganisationID? = nil
    ) throws {
        try pool.write { database in
            try Database.require(code, for: kind)
            let isNew = try database.organisationIfAny(organisation).map { $0.kind != kind || $0.code != code } ?? true
            // At the top nobody is above to settle it: whoever administers it does, as before.
            if isNew, organisation != account { try database.requireGround(code: code, of: kind, within: account) }
            try database.execute(
                sql: "UPDATE organisations SET nature = ?, territory_code = ? WHERE id = ?",
                arguments: [kind.rawValue, code, organisation.rawValue])
            try database.audit(
                actor: actor, action: "organisation.kind", subject: try database.organisationName(organisation),
                detail: ["kind": kind.rawValue, "code": code ?? ""])
            try database.mirrorTownHalls(of: organisation)
        }
    }

    /// - Throws: `StoreError.organisationExists`, `.invalidOrganisation`.
    package func rename(_ organisation: OrganisationID, to name: String, actor: String) throws {
        try pool.write { database in
            let old = try database.organisationName(organisation)
            guard old != name else { return }
            try database.requireFree(name)
            try database.execute(
                sql: "UPDATE organisations SET name = ? WHERE id = ?", arguments: [name, organisation.rawValue])
            try database.audit(actor: actor, action: "organisation.rename", subject: old, detail: ["to": name])
            try database.mirrorTownHalls(of: organisation)
        }
    }

    /// Puts an organisation, with what is below it, somewhere else.
    ///
    /// - Parameters:
    ///   - parent: nil for the top.
    ///   - account: the organisation of the account that moves it; nil for the machine's administrator.
    /// - Throws: `StoreError.treeCycle` for a place below itself, `.treeTooDeep`; `QuotaError.gatewayInUse`, since it uses the
    ///   gateways of those above it.
    package func move(
        _ organisation: OrganisationID, under parent: OrganisationID?, actor: String, within account: OrganisationID? = nil
    ) throws {
        try pool.write { database in
            let before = try database.lineage(of: organisation).dropFirst().first
            guard before != parent else { return }
            let name = try database.organisationName(organisation)
            if let parent {
                let line = try database.lineage(of: parent)
                guard !line.contains(organisation) else {
                    throw StoreError.treeCycle(name: name, under: try database.organisationName(parent))
                }
                let height = try database.places(under: organisation).map(\.depth).max() ?? 0
                guard line.count + height <= OrganisationTree.greatestDepth else {
                    throw StoreError.treeTooDeep(limit: OrganisationTree.greatestDepth)
                }
            }
            let stranded = try database.campaignsWithoutGateway()
            try database.execute(
                sql: "UPDATE organisations SET parent_id = ? WHERE id = ?",
                arguments: [parent?.rawValue, organisation.rawValue])
            try database.requireGateways(besides: stranded, within: account)
            try database.audit(
                actor: actor, action: "organisation.move", subject: name,
                detail: [
                    "from": try before.map { try database.organisationName($0) } ?? "",
                    "to": try parent.map { try database.organisationName($0) } ?? "",
                ])
            for place in try database.places(under: organisation) {
                try database.mirrorTownHalls(of: place.organisation.id)
            }
        }
    }
}

extension Database {
    /// An organisation, then those above it, the nearest first. Ends, whatever is in the table.
    func lineage(of organisation: OrganisationID) throws -> [OrganisationID] {
        var line: [OrganisationID] = []
        var next: OrganisationID? = organisation
        while let id = next, !line.contains(id), line.count <= 4 * OrganisationTree.greatestDepth {
            line.append(id)
            next = try organisationIfAny(id)?.parent
        }
        return line
    }

    /// Each before what is below it, siblings by name.
    func places(under root: OrganisationID?) throws -> [OrganisationPlace] {
        let all = try Row.fetchAll(
            self, sql: "SELECT id, name, nature, territory_code, parent_id FROM organisations WHERE id > 0 ORDER BY name, id").map { try Organisation($0) }
        let children = Dictionary(grouping: all, by: \.parent)
        var places: [OrganisationPlace] = []
        var pending = (root.map { id in all.filter { $0.id == id } } ?? children[nil] ?? []).map { OrganisationPlace(organisation: $0, depth: 0) }
        pending.reverse()
        var seen: Set<OrganisationID> = []
        while let place = pending.popLast() {
            guard seen.insert(place.organisation.id).inserted else { continue }
            places.append(place)
            pending += (children[place.organisation.id] ?? []).reversed().map {
                OrganisationPlace(organisation: $0, depth: place.depth + 1)
            }
        }
        return places
    }

    fileprivate func requireFree(_ name: String) throws {
        let isClean = name == name.trimmingCharacters(in: .whitespacesAndNewlines)
            && (1...OrganisationTree.longestName).contains(name.unicodeScalars.count)
            && !name.unicodeScalars.contains { CharacterSet.controlCharacters.contains($0) }
        guard isClean else {
            throw StoreError.invalidOrganisation(
                reason: "a name has 1 to \(OrganisationTree.longestName) characters, none of them a control character, "
                    + "and no space at its ends")
        }
        let isTaken = try Bool.fetchOne(
            self, sql: "SELECT EXISTS (SELECT 1 FROM organisations WHERE name = ?)", arguments: [name])
        if isTaken == true { throw StoreError.organisationExists(name: name) }
    }

    fileprivate static func require(_ code: String?, for kind: OrganisationKind) throws {
        guard let code, !kind.admits(code: code) else { return }
        throw StoreError.invalidOrganisation(
            reason: kind.codeName.map { "“\(code)” is not a \($0), which is the code of a \(kind.rawValue)" }
                ?? "a \(kind.rawValue) has no code")
    }
}
