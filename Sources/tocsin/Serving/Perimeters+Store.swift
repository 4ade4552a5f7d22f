import Console
import GeoEngine
import GeoModel
import Store

extension Perimeters {
    /// Uploaded and saved perimeters, and lists.
    init(store: AlertDatabase) {
        self.init(
            read: { bytes in
                try await ConsoleProblems.translating {
                    let reading = try PerimeterReader.read(bytes)
                    return Console.PerimeterReading(
                        name: reading.name ?? "Périmètre importé", area: reading.area,
                        areaSquareMetres: SurfaceArea.squareMetres(of: try Overlay.union(reading.area)),
                        warnings: reading.warnings.map { warning in
                            ConsoleWarning(
                                code: warning.rawValue,
                                message: "Une partie du périmètre est hors de tout territoire français : vérifiez-la.")
                        })
                }
            },
            saved: { _ in
                try await Offload.run {
                    try store.perimeters(scope: .all).map {
                        Console.SavedPerimeter(id: $0.id, name: $0.name, area: $0.area)
                    }
                }
            },
            save: { account, name, area in
                try await ConsoleProblems.translating {
                    try Validity.check(area)
                    let owner = try store.organisation(ofUser: account.user)
                    return try store.savePerimeter(named: name, area: area, organisation: owner, actor: account.user)
                }
            },
            delete: { account, id in
                try await Offload.run { try store.deletePerimeter(id: id, scope: .all, actor: account.user) }
            },
            lists: { account in
                try await Offload.run {
                    let owner = try store.organisation(ofUser: account.user)
                    return try store.lists(scope: .all).map { list, members in
                        ListCard(
                            name: list.name, members: members, isDefault: list.isDefault && list.organisation == owner)
                    }
                }
            })
    }
}
