import CGDAL
import GeoEngine
import GeoModel

/// The reference system of a layer, and the way from it to WGS 84.
struct LayerSystem {
    /// `EPSG:2154`, or the name the file gives.
    let name: String
    /// Whether nothing names it, and the numbers say it.
    let isAssumed: Bool
    /// Nil where the file is in WGS 84 already.
    private let reprojection: Reprojection?

    /// Systems without degrees that a French file without a `.prj` can be recognised by: no other one that France
    /// writes has numbers like these where it has land. Left out, since old systems share their numbers: UTM 20 north
    /// (the Antilles: Lambert II étendu has Aude there), UTM 22 north (Guyane: the Lambert zones of Brittany) and UTM 21
    /// north (Saint-Pierre-et-Miquelon: UTM 31 has the Nièvre there). Metres; a margin of some 100 km.
    private static let recognised: [(epsg: Int, west: Double, south: Double, east: Double, north: Double)] = [
        (2154, 0, 5_950_000, 1_350_000, 7_250_000),  // Lambert-93
        (2975, 210_000, 7_530_000, 490_000, 7_800_000),  // UTM 40 south, La Réunion
        (4471, 400_000, 8_450_000, 640_000, 8_710_000),  // UTM 38 south, Mayotte
    ]

    init(layer: UnsafeMutableRawPointer) throws(Fault) {
        var code: Int32 = 0
        var name: UnsafePointer<CChar>?
        var text: UnsafePointer<CChar>?
        let isNamed = cgdal_reference_system(layer, &code, &name, &text) == 0
        cgdal_forget()  // What a system's definition lacks is said by what follows.
        isAssumed = !isNamed
        if isNamed, let name, let text {
            let own = code > 0 ? "EPSG:\(code)" : String(cString: name)
            self.name = own
            if code == WGS84.epsgCode {
                reprojection = nil
                return
            }
            do throws(GeometryError) {
                reprojection = try code > 0
                    ? Reprojection(fromEPSG: Int(code)) : Reprojection(fromWellKnownText: String(cString: text))
            } catch {
                throw Fault(.unknownSystem, names: [own])
            }
            return
        }
        guard let code = try Self.guess(layer) else { throw Fault(.noSystem) }
        self.name = "EPSG:\(code)"
        do throws(GeometryError) {
            reprojection = code == WGS84.epsgCode ? nil : try Reprojection(fromEPSG: code)
        } catch {
            throw Fault(.unknownSystem, names: ["EPSG:\(code)"])
        }
    }

    private static func guess(_ layer: UnsafeMutableRawPointer) throws(Fault) -> Int? {
        var box = [Double](repeating: 0, count: 4)
        guard cgdal_extent(layer, &box) == 0 else {
            cgdal_forget()
            return WGS84.epsgCode  // There is nothing to place.
        }
        try Fault.check()
        let corners = [(box[0], box[1]), (box[2], box[3])].map { Position<WGS84>(longitude: $0.0, latitude: $0.1) }
        // A national file with its overseas parts spans more than one of the territories.
        if corners.allSatisfy(\.isInRange) { return WGS84.epsgCode }
        return recognised.first {
            $0.west <= box[0] && $0.south <= box[1] && box[2] <= $0.east && box[3] <= $0.north
        }?.epsg
    }

    /// - Parameter wkb: a multipolygon, east before north, in the layer's units.
    func area(_ wkb: [UInt8], number: Int) throws(Fault) -> Area<WGS84> {
        let source: Area<ForeignCRS>
        do throws(WKBError) { source = try WKB.decode(wkb) } catch {
            throw Fault(error.code == .notFinite ? .badCoordinate : .damaged, number: number)
        }
        let area: Area<WGS84>
        do throws(GeometryError) { area = try reprojection?.area(of: source) ?? source.assumedWGS84 } catch {
            throw Fault(error.code == .tooManyVertices ? .tooManyVertices : .wrongSystem, names: [name], number: number)
        }
        let isInRange = area.polygons.allSatisfy { $0.rings.allSatisfy { $0.positions.allSatisfy(\.isInRange) } }
        guard isInRange else { throw Fault(.wrongSystem, names: [name], number: number) }
        if FrenchTerritories.holdSwapped(area) { throw Fault(.swappedAxes, number: number) }
        // What was guessed has to be right.
        if isAssumed, !FrenchTerritories.hold(area) { throw Fault(.noSystem, number: number) }
        return area
    }
}

extension Area<ForeignCRS> {
    /// The same numbers, from a layer that is in WGS 84.
    fileprivate var assumedWGS84: Area<WGS84> {
        func ring(_ ring: Ring<ForeignCRS>) -> Ring<WGS84> {
            Ring(ring.positions.map { Position(east: $0.east, north: $0.north) })
        }
        return Area<WGS84>(polygons.map { Polygon(exterior: ring($0.exterior), holes: $0.holes.map(ring)) })
    }
}
