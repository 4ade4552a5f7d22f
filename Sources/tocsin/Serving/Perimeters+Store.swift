import Console
import GeoEngine
import GeoModel
import Import
import Store
import Targeting

extension Perimeters {
    /// Uploaded and saved perimeters, and lists.
    init(store: AlertDatabase) {
        let tiles = PerimeterTiles(store: store)
        self.init(
            read: { bytes in
                try await ConsoleProblems.translating {
                    let reading = try PerimeterFile.read(bytes: bytes, territory: store.holdsGround(near:))
                    let name = reading.name ?? "Périmètre importé"
                    let mended = try PerimeterRepair.repaired(reading.area, .outward)
                    // As it was given: whether it is included or excluded decides which way it is mended.
                    return Console.PerimeterReading(
                        name: name, area: reading.area,
                        areaSquareMetres: SurfaceArea.squareMetres(of: try Overlay.union(mended.area)),
                        warnings: reading.warnings.map { ConsoleWarning(code: $0.code, message: $0.french) }
                            + mended.notes.map { ConsoleWarning($0, of: name) })
                }
            },
            saved: { account in
                try await Offload.run {
                    try store.perimeters(scope: .organisation(account.organisation)).map {
                        Console.SavedPerimeter(id: $0.id, name: $0.name, area: $0.area)
                    }
                }
            },
            names: { account in
                try await Offload.run {
                    let index = try store.perimeterIndex(scope: .organisation(account.organisation))
                    return PerimeterNames(
                        version: index.version, perimeters: index.entries.map { .init(id: $0.id, name: $0.name) })
                }
            },
            exact: { account, id in
                try await Offload.run {
                    try store.perimeter(id: id, scope: .organisation(account.organisation)).map {
                        Console.SavedPerimeter(id: $0.id, name: $0.name, area: $0.area)
                    }
                }
            },
            tile: { account, address in try await Offload.run { try tiles.tile(at: address, for: account.organisation) } },
            save: { account, name, area in
                try await ConsoleProblems.translating {
                    _ = try PerimeterRepair.repaired(area, .outward)
                    return try store.savePerimeter(
                        named: name, area: area, organisation: account.organisation, actor: account.user)
                }
            },
            delete: { account, id in
                try await Offload.run {
                    try store.deletePerimeter(id: id, scope: .organisation(account.organisation), actor: account.user)
                }
            },
            lists: { account in
                try await Offload.run {
                    try store.lists(scope: try store.scope(of: account.organisation)).map { list, members in
                        ListCard(
                            name: list.name, members: members,
                            isDefault: list.isDefault && list.organisation == account.organisation)
                    }
                }
            },
            tags: { account in
                try await Offload.run {
                    try store.tags(scope: try store.scope(of: account.organisation)).map { TagCard(name: $0.name, members: $0.members) }
                }
            })
    }
}

extension PerimeterWarning {
    fileprivate var french: String {
        switch self {
        case .outsideFrenchTerritories: "Une partie du périmètre est hors de tout territoire français : vérifiez-la."
        case .assumedSystem(let name):
            "Le fichier ne dit pas son système de coordonnées : il a été lu en \(name). Vérifiez l’emplacement."
        case .cutAtAntimeridian(let count):
            count == 1
                ? "Un polygone passe par l’antiméridien (180°) : il y a été coupé, par le plus court. Vérifiez l’emplacement."
                : "\(count) polygones passent par l’antiméridien (180°) : ils y ont été coupés, par le plus court. Vérifiez l’emplacement."
        case .pointsLeftOut(let count): "\(count) points sans surface ont été laissés de côté."
        }
    }
}

extension ConsoleWarning {
    /// How many faults of one perimeter are said.
    static let saidOneByOne = 5

    /// What was mended in a perimeter, where and how much.
    init(_ note: PerimeterRepair.Note, of perimeter: String, isExcluded: Bool = false) {
        let place = note.fault.position.map { position in
            func round(_ degrees: Double) -> Double { (degrees * 1e6).rounded() / 1e6 }
            return " près de \(round(position.longitude)), \(round(position.latitude))"
        } ?? ""
        let numbers = [
            note.fault.polygon.map { "polygone \($0)" },
            note.fault.ring.map { $0 == 1 ? "contour extérieur" : "trou \($0 - 1)" },
            note.fault.vertex.map { "sommet \($0)" },
        ].compactMap(\.self).joined(separator: ", ")
        self.init(
            code: "mended",
            message: "« \(perimeter) » est mal formé (\(numbers))\(place) : \(Int(note.squareMetres.rounded(.up))) m² "
                + "incertains " + (isExcluded ? "n’ont pas été exclus." : "ont été inclus."))
    }

    /// The repairs of a zone.
    static func repairs(_ repairs: [ZoneRepair]) -> [ConsoleWarning] {
        repairs.prefix(saidOneByOne).map {
            ConsoleWarning($0.note, of: $0.perimeter, isExcluded: $0.direction == .inward)
        }
    }
}
