import AlertModel
import GeoEngine
import GeoModel
import Testing

@testable import Targeting

@Suite struct CoverageSurveyTests {
    private let register = MemoryRegister.threeTowns()

    private func coverage(_ zone: Zone, _ selected: [SurveyedRecipient] = []) throws -> Coverage {
        try register.survey().coverage(of: zone, selected: selected, notLocated: 4)
    }

    private func recipient(
        _ code: String?, _ channels: Channel..., precision: Precision = .given
    ) -> SurveyedRecipient {
        SurveyedRecipient(
            communeCode: code.flatMap { CommuneCode($0) }, communeName: code.map { "Ville \($0)" },
            precision: precision, channels: channels)
    }

    @Test func `whole communes count their whole population`() throws {
        let coverage = try coverage(.communes(codes("80001", "80002")))
        #expect(coverage.figures.population == 3000)
        #expect(coverage.communes.map(\.code.rawValue) == ["80001", "80002"])
        #expect(coverage.communes.map(\.areaShare) == [1, 1])
        #expect(coverage.notLocated == 4)
    }

    @Test func `a perimeter weighs each commune by the share of its area inside`() throws {
        // Half of the first commune and a quarter of the second, by longitude.
        let coverage = try coverage(.perimeter(name: "P", area: rectangle(2.05, 49.9, 2.125, 50.2)))
        #expect(coverage.communes.map(\.code.rawValue) == ["80001", "80002"])
        #expect(abs(try #require(coverage.communes[0].areaShare) - 0.5) < 1e-4)
        #expect(abs(try #require(coverage.communes[1].areaShare) - 0.25) < 1e-4)
        #expect(abs(try #require(coverage.figures.population) - (500 + 500)) < 0.2)
    }

    @Test func `a sliver of a neighbour is no part of the zone`() throws {
        let coverage = try coverage(.perimeter(name: "P", area: rectangle(2.0, 50.0, 2.10005, 50.1)))
        #expect(coverage.communes.map(\.code.rawValue) == ["80001"])
        #expect(coverage.figures.population == 1000)
    }

    @Test func `polygons that overlap count once`() throws {
        let half = rectangle(2.0, 50.0, 2.05, 50.1).polygons
        let coverage = try coverage(.perimeter(name: "P", area: Area(half + half)))
        #expect(abs(try #require(coverage.figures.population) - 500) < 0.2)
        let union = try self.coverage(
            .union([
                .perimeter(name: "P", area: Area(half)), .perimeter(name: "Q", area: Area(half)),
            ]))
        #expect(abs(try #require(union.figures.population) - 500) < 0.2)
    }

    @Test func `a circle's surface lacks less than a ten-thousandth`() throws {
        let zone = Zone.circle(centre: place(2.1, 50), radiusMetres: 3000)
        let surface = try #require(try register.survey().surface(of: zone))
        let circle = try GeodesicCircle(centre: place(2.1, 50), radiusMetres: 3000)
        let share = SurfaceArea.squareMetres(of: surface) / circle.areaSquareMetres
        #expect(share < 1 && share > 0.9999)
    }

    @Test func `an unknown population makes the total unknown, never too small`() throws {
        let coverage = try coverage(.communes(codes("80001", "80003")))
        #expect(coverage.figures.population == nil)
        #expect(coverage.figures.share == nil)
        #expect(coverage.communes.map(\.figures.population) == [1000, nil])
    }

    @Test func `a zone with a list has no population`() throws {
        for zone in [
            Zone.list("rive"), .union([.list("rive"), .communes(codes("80001"))]),
            .intersection([.communes(codes("80001")), .list("rive")]),
            .difference(.communes(codes("80001")), except: .list("rive")),
        ] {
            let coverage = try coverage(zone, [recipient("80001", .sms)])
            #expect(coverage.figures.population == nil, "\(zone.label)")
            #expect(coverage.communes.map(\.figures.registered) == [1])
        }
    }

    @Test func `sets of whole communes combine as sets`() throws {
        let first = Zone.communes(codes("80001"))
        let both = Zone.communes(codes("80001", "80002"))
        #expect(try coverage(.union([first, both])).figures.population == 3000)
        #expect(try coverage(.intersection([first, both])).figures.population == 1000)
        #expect(try coverage(.difference(both, except: first)).figures.population == 2000)
    }

    @Test func `places combine as surfaces`() throws {
        let west = Zone.perimeter(name: "W", area: rectangle(2.0, 50.0, 2.05, 50.1))
        let town = Zone.communes(codes("80001"))
        #expect(abs(try #require(coverage(.intersection([town, west])).figures.population) - 500) < 0.2)
        #expect(abs(try #require(coverage(.difference(town, except: west)).figures.population) - 500) < 0.2)
    }

    @Test func `parts that share nothing have an empty surface, and are no error`() throws {
        let west = Zone.perimeter(name: "W", area: rectangle(2.0, 50.0, 2.05, 50.1))
        let east = Zone.perimeter(name: "E", area: rectangle(2.15, 50.0, 2.2, 50.1))
        let nothing = Zone.intersection([west, east])
        for zone in [
            nothing, .intersection([nothing, west]), .intersection([west, nothing]), .difference(nothing, except: west),
            .union([nothing, nothing]),
        ] {
            #expect(try register.survey().surface(of: zone)?.isEmpty == true, "\(zone.label)")
            #expect(try coverage(zone).communes.isEmpty)
        }
        let kept = try #require(try register.survey().surface(of: .difference(west, except: nothing)))
        #expect(kept == rectangle(2.0, 50.0, 2.05, 50.1))
    }

    @Test func `a commune without a boundary makes the surface unknown, never too small`() throws {
        let unknown = Zone.communes(codes("80001", "80003"))
        let west = Zone.perimeter(name: "W", area: rectangle(2.0, 50.0, 2.05, 50.1))
        #expect(try register.survey().surface(of: unknown) == nil)
        #expect(try coverage(.union([unknown, west])).figures.population == nil)
        #expect(try coverage(.difference(unknown, except: west)).figures.population == nil)
    }

    @Test func `figures add up over precisions, channels and communes`() throws {
        let coverage = try coverage(
            .communes(codes("80001")),
            [
                recipient("80001", .sms, .voice), recipient("80001", precision: .street),
                recipient("80777", .email, precision: .commune), recipient(nil, .fax),
            ])
        #expect(coverage.figures.registered == 4)
        #expect(coverage.figures.located == [.given: 2, .street: 1, .commune: 1])
        #expect(coverage.figures.reachable == [.sms: 1, .voice: 1, .email: 1, .fax: 1])
        #expect(coverage.figures.unreachable == 1)
        #expect(coverage.withoutCommune == 1)
        #expect(coverage.figures.share == 4.0 / 1000)
        #expect(coverage.communes.map(\.code.rawValue) == ["80001", "80777"])
        #expect(coverage.communes.map(\.figures.registered) == [2, 1])
        #expect(coverage.communes[1].name == "Ville 80777")
        #expect(coverage.communes[1].areaShare == nil)
    }

    @Test func `nobody living there is no share, not a division by zero`() {
        var figures = CoverageFigures()
        figures.count(precision: .given, channels: [])
        #expect(figures.share == nil)
        figures.population = 0
        #expect(figures.share == nil)
        figures.population = 4
        #expect(figures.share == 0.25)
    }
}
