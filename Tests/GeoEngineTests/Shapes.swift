import Foundation
import GeoModel
import TestSupport
import Testing

@testable import GeoEngine

func ring(_ numbers: [(Double, Double)]) -> Ring<WGS84> {
    Ring((numbers + numbers.prefix(1)).map { Position(longitude: $0.0, latitude: $0.1) })
}

func square(_ west: Double, _ south: Double, _ east: Double, _ north: Double) -> Ring<WGS84> {
    ring([(west, south), (east, south), (east, north), (west, north)])
}

func area(_ rings: Ring<WGS84>...) -> Area<WGS84> {
    Area([Polygon(exterior: rings[0], holes: Array(rings.dropFirst()))])
}

/// A simple polygon with rough edges around a centre.
func star(
    around centre: Position<WGS84>, degrees: Double, vertices: Int, _ generator: inout SeededGenerator
) -> Ring<WGS84> {
    ring(
        (0..<vertices).map { index in
            let angle = 2 * Double.pi * Double(index) / Double(vertices)
            let radius = degrees * Double.random(in: 0.4...1, using: &generator)
            return (centre.longitude + radius * cos(angle), centre.latitude + radius * sin(angle))
        })
}

/// The features of a gzipped file of the geodata folder.
func features(_ path: String) throws -> [GeoJSONFeature] {
    var reader = GeoJSONFeatureReader()
    let features = try reader.feed(TestGeodata.gunzipped(path))
    try reader.finish()
    return features
}

/// A risk plan of the geodata folder.
func perimeter(_ name: String) throws -> Area<WGS84> {
    try GeoJSON.decodePerimeter(Array(Data(contentsOf: TestGeodata.file("risk/\(name).geojson")))).areaInWGS84()
}

/// The error that an expression throws, or nil.
func fault(_ body: () throws -> Void) -> GeometryError? {
    do {
        try body()
        return nil
    } catch { return error as? GeometryError }
}
