import GeoModel
import Testing

@testable import Geocoding

@Suite struct CoordinateTextTests {
    @Test(arguments: [
        ("49.89 2.30", CoordinateText.Order.latitudeFirst), ("2.30 49.89", .longitudeFirst),
        ("49.89, 2.30", .latitudeFirst), ("49.89,2.30", .latitudeFirst), ("2.3,49.89", .longitudeFirst),
        ("2,30 ; 49,89", .longitudeFirst), ("49,89;2,3", .latitudeFirst), ("49,89 2,30", .latitudeFirst),
        ("2,3, 49,89", nil), ("  +49.89\t+2.30 ", .latitudeFirst), ("49.89° 2.30°", .latitudeFirst),
        ("49.89N 2.30E", .latitudeFirst), ("2.30E, 49.89N", .longitudeFirst), ("49.89 n 2.30 e", .latitudeFirst),
        ("49°53'24\"N 2°18'00\"E", .latitudeFirst), ("49° 53′ 24″ N, 2° 18′ 0″ E", .latitudeFirst),
        ("2°18'E 49°53.4'N", .longitudeFirst),
    ])
    func `a pair is read in the order that puts it in France`(text: String, order: CoordinateText.Order?) throws {
        let pair = CoordinateText(text)
        #expect(pair?.order == order)
        guard let pair else { return }
        #expect(abs(pair.position.longitude - 2.3) < 1e-9 && abs(pair.position.latitude - 49.89) < 1e-9)
    }

    @Test(arguments: [
        ("-20.88 55.45", 55.45, -20.88), ("55.45 -20.88", 55.45, -20.88), ("48.39 -4.49", -4.49, 48.39),
        ("4.49O 48.39N", -4.49, 48.39), ("4.49 W 48.39 N", -4.49, 48.39), ("20°52'48\"S 55°27'E", 55.45, -20.88),
        ("16.24, -61.53", -61.53, 16.24), ("-12.78 45.23", 45.23, -12.78),
        // The letters of the compass decide wherever the place is.
        ("10.5N 20.5E", 20.5, 10.5),
    ])
    func `overseas and the west too`(text: String, longitude: Double, latitude: Double) throws {
        let pair = try #require(CoordinateText(text))
        #expect(abs(pair.position.longitude - longitude) < 1e-9 && abs(pair.position.latitude - latitude) < 1e-9)
    }

    @Test(arguments: [
        "", "12 rue Fontaine", "49 2", "80000 Amiens", "8 mai 1945", "49.89", "49.89 2.30 7", "49.89,2.30,7",
        "49,89,2,30", "10.5 20.5", "200.5 49.5", "49.89N 2.30N", "49.89E 2.30E", "nan nan", "1e1 2.5", "inf 2.3",
        "49.89.1 2.3", "49°70' 2°10'", "--49.89 2.3", "0x31.0 2.3", "49.89 80000", "12,5 12,5",
        "99999999999999999999999999.5 2.3",
    ])
    func `anything else is no place`(text: String) {
        #expect(CoordinateText(text) == nil)
    }
}
