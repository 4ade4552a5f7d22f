import AlertModel
import GeoModel
import Testing

@testable import Targeting

/// Mirrors `Zone+Terms.swift`.
@Suite struct ZoneTermsTests {
    private let amiens = Zone.communes(codes("80021"))

    private func sizeRefusal(_ zone: Zone) -> TargetingError? {
        do throws(TargetingError) {
            try zone.requireReasonableSize()
            return nil
        } catch {
            return error
        }
    }

    private func refusal(_ zone: Zone) -> TargetingError? {
        do throws(TargetingError) {
            try zone.requireJudgeable()
            return nil
        } catch { return error }
    }

    @Test func `a zone that names nothing is refused, however deep`() {
        for empty in [Zone.union([]), .intersection([]), .communes([])] {
            #expect(refusal(empty) == .emptyZone)
            #expect(refusal(.union([amiens, empty])) == .emptyZone)
            #expect(refusal(.intersection([amiens, empty])) == .emptyZone)
            #expect(refusal(.difference(empty, except: amiens)) == .emptyZone)
            #expect(refusal(.difference(amiens, except: empty)) == .emptyZone)
        }
        #expect(refusal(.perimeter(name: "P", area: Area([]))) == .emptyPerimeter)
        #expect(refusal(.difference(amiens, except: .perimeter(name: "P", area: Area([])))) == .emptyPerimeter)
        #expect(refusal(amiens) == nil)
    }

    @Test func `a perimeter larger than any territory is refused`() {
        func perimeter(_ west: Double, _ south: Double, _ east: Double, _ north: Double) -> Zone {
            .perimeter(name: "P", area: rectangle(west, south, east, north))
        }
        #expect(sizeRefusal(perimeter(-180, -85, 180, 85)) == .suspiciouslyLarge(name: "perimeter “P”"))
        #expect(sizeRefusal(perimeter(2, 20, 2.1, 50)) == .suspiciouslyLarge(name: "perimeter “P”"))
        #expect(sizeRefusal(perimeter(-5.2, 41.3, 9.6, 51.1)) == nil)
        #expect(sizeRefusal(.union([amiens, perimeter(-170, 0, 170, 1)])) == .suspiciouslyLarge(name: "perimeter “P”"))
    }

    @Test(arguments: [(49.9, 2.3), (-21.1, 55.5), (16.2, -61.5), (4.9, -52.3)])
    func `a circle with its axes exchanged is refused`(longitude: Double, latitude: Double) {
        #expect(refusal(.circle(centre: place(longitude, latitude), radiusMetres: 500)) == .swappedCircle)
        #expect(refusal(.circle(centre: place(latitude, longitude), radiusMetres: 500)) == nil)
    }

    @Test func `a circle in a neighbouring country is no mistake`() {
        #expect(refusal(.circle(centre: place(4.35, 50.85), radiusMetres: 500)) == nil)
        #expect(refusal(.circle(centre: place(13.4, 52.5), radiusMetres: 500)) == nil)
    }

    @Test(arguments: [200_000.001, 1e300, .infinity, .nan, -1] as [Double])
    func `a circle that no event fills is refused to campaigns, and every radius can be told in words`(radius: Double) {
        let zone = Zone.circle(centre: place(2.3, 49.9), radiusMetres: radius)
        #expect(zone.label.hasPrefix("circle of "))
        if radius > 0 { #expect(sizeRefusal(zone) == .suspiciouslyLarge(name: zone.label)) }
    }

    @Test func `a zone of too many terms is refused`() {
        #expect(refusal(.union(Array(repeating: amiens, count: Zone.maximumTerms))) == nil)
        #expect(refusal(.union(Array(repeating: amiens, count: Zone.maximumTerms + 1))) == .tooComplex)
    }

    @Test func `labels say the zone in words`() {
        let circle = Zone.circle(centre: place(2.3, 49.9), radiusMetres: 1499.6)
        let many = Zone.communes(codes("80001", "80002", "80003", "80004", "80005", "80006", "80007"))
        #expect(circle.label == "circle of 1500 m around 2.3, 49.9")
        #expect(many.label == "communes 80001, 80002, 80003, 80004, 80005 and 2 more")
        #expect(
            Zone.difference(.union([amiens, .list("Écoles")]), except: .intersection([.department("80"), circle])).label
                == "((commune 80021 or list “Écoles”) except (department 80 and circle of 1500 m around 2.3, 49.9))")
        #expect(Zone.perimeter(name: "Crue", area: Area([])).label == "perimeter “Crue”")
    }

    @Test func `terms are the leaves in reading order`() {
        let zone = Zone.difference(
            .union([.list("a"), .intersection([.list("b"), .list("c")])]), except: .union([.list("d")]))
        #expect(zone.terms == [.list("a"), .list("b"), .list("c"), .list("d")])
    }
}
