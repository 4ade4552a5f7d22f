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

    /// - Parameter assumed: the EPSG code to take where the layer names no system.
    init(layer: UnsafeMutableRawPointer, assuming assumed: Int? = nil) throws(Fault) {
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
        let taken: Int
        if let assumed { taken = assumed } else { taken = try Self.guess(layer) }
        self.name = "EPSG:\(taken)"
        do throws(GeometryError) {
            reprojection = taken == WGS84.epsgCode ? nil : try Reprojection(fromEPSG: taken)
        } catch {
            throw Fault(.unknownSystem, names: ["EPSG:\(taken)"])
        }
    }

    /// - Throws: `ambiguousSystem` where several systems have such numbers on French ground.
    private static func guess(_ layer: UnsafeMutableRawPointer) throws(Fault) -> Int {
        var box = [Double](repeating: 0, count: 4)
        guard cgdal_extent(layer, &box) == 0 else {
            cgdal_forget()
            return WGS84.epsgCode  // There is nothing to place.
        }
        try Fault.check()
        let corners = [(box[0], box[1]), (box[2], box[3])].map { Position<WGS84>(longitude: $0.0, latitude: $0.1) }
        // A national file with its overseas parts spans more than one of the territories.
        if corners.allSatisfy(\.isInRange) { return WGS84.epsgCode }
        let readings = FrenchSystems.readings(of: BoundingBox(west: box[0], south: box[1], east: box[2], north: box[3]))
        switch FrenchSystems.choose(readings) {
        case .one(let reading): return reading.epsgCode
        case .open([]): throw Fault(.noSystem)
        case .open(let readings):
            throw Fault(
                .ambiguousSystem,
                names: readings.map { "\($0.epsgCode):\($0.box.west),\($0.box.south),\($0.box.east),\($0.box.north)" })
        }
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
