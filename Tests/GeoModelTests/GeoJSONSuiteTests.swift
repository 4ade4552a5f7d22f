import Foundation
import TestSupport
import Testing

@testable import GeoModel

/// The public suites of good and bad GeoJSON, judged as perimeters.
@Suite(.enabled(if: TestGeodata.isExpected, TestGeodata.skipReason)) struct GeoJSONSuiteTests {
    /// The verdict on each file, nil for a perimeter that is read. Files not listed are points or lines.
    private static let verdicts: [String: GeoJSONError.Code?] = [
        // geojson-invalid-geometry. Winding and bad boxes are tolerated: neither moves a boundary.
        "invalid_exterior_not_ccw": nil, "invalid_interior_not_cw": nil,
        "invalid_less_three_unique_nodes": .ringTooShort, "invalid_unclosed": .ringNotClosed,
        "invalid_feature_geometry_is_string": .notGeoJSON, "invalid_feature_no_properties": nil,
        "invalid_feature_properties_is_array": .notGeoJSON, "invalid_feature_properties_is_int": .notGeoJSON,
        "invalid_feature_wrong_geometry_key": .nullGeometry,
        "invalid_featurecollection_feature_nullfeature": .notGeoJSON,
        "invalid_featurecollection_features_is_object": .notGeoJSON,
        "invalid_featurecollection_no_features_member": .notGeoJSON,
        "invalid_featurecollection_nulltype": .notGeoJSON,
        "invalid_featurecollection_type_lowercase": .unknownType,
        "invalid_featurecollection_unknown_type": .unknownType,
        "invalid_geometry_coordinates_1d": .badPosition,
        "invalid_geometry_coordinates_empty_position": .badPosition,
        "invalid_geometry_coordinates_missing": .notGeoJSON,
        "invalid_geometry_depth_deep_polygon": .badPosition,
        "invalid_geometry_depth_shallow_multipolygon": .badPosition,
        "invalid_geometry_depth_shallow_polygon": .badPosition,
        "invalid_geometry_geometrycollection_null_geometry": .nullGeometry,
        "invalid_geometry_mislabeled_point": .badPosition, "invalid_geometry_missing_type": .notGeoJSON,
        "invalid_geometry_wrong_geometry_type": .unknownType,
        "problematic_3d_coordinates": nil, "problematic_4d_coordinates": nil,
        "problematic_crosses_antimeridian": nil, "problematic_duplicate_nodes": nil,
        "problematic_excessive_coordinate_precision": nil, "problematic_excessive_vertices": nil,
        "problematic_feature_null_geometry": .nullGeometry, "problematic_holes": nil,
        "problematic_inner_and_exterior_ring_intersect": nil,
        "problematic_multitype_geometry_with_just_one_geometry": nil,
        "problematic_outside_lat_lon_boundaries": .outOfRange,
        "problematic_self_intersection_large": nil, "problematic_self_intersection_small": nil,
        "problematic_wrong_bbox_coordinate_order": nil, "problematic_crs_defined": nil,
        "problematic_geometry_not_wrapped": nil,
        "valid_feature_null_geometry": .nullGeometry, "valid_feature_null_properties": nil,
        "valid_featurecollection": nil, "valid_featurecollection_bboxes": nil,
        "valid_featurecollection_empty_features": .emptyGeometry, "valid_geometry_bbox": nil,
        "valid_geometry_geometrycollection_empty_geometries": .emptyGeometry,
        "valid_geometry_multipolygon": nil, "valid_geometry_polygon": nil,
        // geojsonhint
        "bad-duplicate-properties": .duplicateKey, "bad-featurelist": .badPosition, "bad-json": .invalidJSON,
        "bad-object-type": .notGeoJSON, "bad-polygonloop": .badPosition, "bad-polygon-interiorring-rhr": nil,
        "bad-properties-as-array": .notGeoJSON, "badcoordtype": .badPosition, "badfeature": .notGeoJSON,
        "different-first-last": .ringNotClosed, "different-first-size": nil, "expected_object": .notGeoJSON,
        "false": .notGeoJSON, "feature_changed_semantics": .notGeoJSON, "featurecollection-obj": .notGeoJSON,
        "featurecollection-type-case": .unknownType, "featurecollection": .notGeoJSON,
        "featurecollection_changed_semantics": .notGeoJSON, "geometry_changed_semantics": .notGeoJSON,
        "nofeaturetype": .unknownType, "notype": .notGeoJSON, "point-labeled-as-a-multipolygon": .badPosition,
        "polygon_winding_order": nil, "rootstring": .notGeoJSON, "short-linearring": .ringTooShort,
        "unknowntype": .unknownType, "good-polygon": nil, "issue82": .outOfRange, "multipolygon": nil,
        "nullgeometry": .nullGeometry,
    ]

    @Test(arguments: ["chrieke-invalid-geometry/examples", "mapbox-geojsonhint/test/data"])
    func `every file of the suite gets its verdict`(suite: String) throws {
        let folder = try TestGeodata.file("geojson-suites/\(suite)")
        let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
        var count = 0
        for case let file as URL in files where file.pathExtension == "geojson" {
            let name = file.deletingPathExtension().lastPathComponent
            let expected = Self.verdicts[name] ?? .notAnArea
            let bytes = Array(try Data(contentsOf: file))
            var code: GeoJSONError.Code?
            do throws(GeoJSONError) { _ = try GeoJSON.decodePerimeter(bytes) } catch { code = error.code }
            #expect(code == expected, "\(name)")
            count += 1
        }
        #expect(count > 50)
    }

    @Test(arguments: [
        ("n_perimetre_pprn_20120001_s_076", 1), ("pprt_69dreal20090005_perimetre_s", 1),
        ("pprt_69dreal20090005_zonereglementairefoncier_s", 10), ("pprt_69dreal20090005_zonereglementaireurba_s", 25),
    ])
    func `a real risk plan is read whole, and cut short is refused`(name: String, polygons: Int) throws {
        let bytes = Array(try Data(contentsOf: TestGeodata.file("risk/\(name).geojson")))
        let perimeter = try GeoJSON.decodePerimeter(bytes)
        #expect(perimeter.origins.count == polygons)
        #expect(perimeter.warnings.isEmpty)
        let whole = bytes.lastIndex(of: UInt8(ascii: "}")) ?? 0
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<100 {
            let cut = Int.random(in: 0...whole, using: &generator)
            #expect(throws: GeoJSONError.self) { try GeoJSON.decodePerimeter(Array(bytes[..<cut])) }
        }
    }
}
