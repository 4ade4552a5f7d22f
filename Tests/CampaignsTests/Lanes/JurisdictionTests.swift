import AlertModel
import GeoModel
import Testing

@testable import Campaigns

@Suite struct JurisdictionTests {
    private static let territory = Zone.department("80")
    private static let circle = Zone.circle(centre: Position(longitude: 2, latitude: 50), radiusMetres: 100)
    private static let codes = Zone.communes([CommuneCode("80001")!])
    private static let list = Zone.list("Riverains")

    /// Every way to put places and people together, two deep.
    private static let zones: [Zone] = {
        let leaves = [circle, codes, list, .widened(codes, metres: 50), territory]
        var zones = leaves
        for left in leaves {
            for right in leaves {
                zones += [
                    .union([left, right]), .intersection([left, right]), .difference(left, except: right),
                    .certainly(.union([left, .difference(right, except: circle)])),
                ]
            }
        }
        return zones
    }()

    @Test(arguments: zones) func `what is cut says so, and is not cut again by being looked at`(zone: Zone) {
        let cut = zone.cut(to: Self.territory)
        #expect(cut.isCut(to: Self.territory))
        #expect((cut.ground == nil) == (zone.ground == nil))
    }

    @Test func `no place escapes, whatever it is put together with`() {
        let territory = Self.territory
        for zone in [
            Self.circle, .union([Self.list, Self.circle]), .difference(Self.circle, except: territory),
            .intersection([Self.circle, Self.list]), .certainly(Self.circle),
            .union([.intersection([Self.codes, territory]), Self.circle]), .widened(territory, metres: 10),
            .difference(.union([territory, Self.circle]), except: Self.list),
        ] { #expect(!zone.isCut(to: territory), "\(zone)") }
    }

    @Test func `nobody's name makes the ground smaller`() {
        let abroad = Self.circle, named = Zone.intersection([abroad, Self.list])
        #expect(Zone.difference(abroad, except: named).ground == abroad)
        #expect(Zone.intersection([abroad, .union([Self.territory, Self.list])]).ground == .intersection([abroad]))
        #expect(!Zone.intersection([abroad, .union([Self.territory, Self.list])]).isCut(to: Self.territory))
    }

    @Test func `people of a list stay on it, and what is excluded stays excluded`() {
        #expect(Self.list.cut(to: Self.territory) == Self.list)
        #expect(
            Zone.union([Self.list, Self.circle]).cut(to: Self.territory)
                == .union([Self.list, .intersection([Self.circle, Self.territory])]))
        #expect(
            Zone.difference(Self.codes, except: Self.circle).cut(to: Self.territory)
                == .difference(.intersection([Self.codes, Self.territory]), except: Self.circle))
    }

    @Test func `a border drawn by two hands is no ground beyond it`() {
        #expect(!Jurisdiction.isBeyond(0.9, of: 100))
        #expect(!Jurisdiction.isBeyond(99, of: 100_000_000))
        #expect(Jurisdiction.isBeyond(101, of: 100_000_000))
        #expect(Jurisdiction.isBeyond(1.1, of: 2))
    }
}
