import GeoModel
import Testing

@testable import Import

@Suite struct PlausiblePositionTests {
    private func read(_ longitude: Double, _ latitude: Double) -> String {
        switch PlausiblePosition(longitude: longitude, latitude: latitude) {
        case .plausible: "plausible"
        case .elsewhere: "elsewhere"
        case .swapped: "swapped"
        case .projected: "projected"
        case .outOfRange: "out of range"
        case .null: "null"
        }
    }

    @Test(arguments: [
        (2.3, 49.9, "plausible"), (55.5, -21.1, "plausible"), (-61.5, 16.2, "plausible"), (-52.3, 4.9, "plausible"),
        (-149.6, -17.5, "plausible"), (166.4, -22.3, "plausible"), (49.9, 2.3, "swapped"), (-21.1, 55.5, "swapped"),
        (-74, 40.7, "elsewhere"), (0, 0, "null"), (652_301, 6_861_302, "projected"), (181, 10, "out of range"),
        (10, 90.001, "out of range"), (180, 90, "elsewhere"),
    ])
    func `a pair of numbers is judged before it is believed`(longitude: Double, latitude: Double, expected: String) {
        #expect(read(longitude, latitude) == expected)
    }
}
