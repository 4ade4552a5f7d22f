import AlertModel
import GeoEngine
import GeoModel
import Testing

@testable import Targeting

/// A town of 1,000 from 2.0 to 2.1 east and 50.0 to 50.1 north, cut in the middle.
@Suite struct PopulationSharingTests {
    private let register = MemoryRegister.threeTowns()
    private let westHalf = Zone.perimeter(name: "W", area: rectangle(2.0, 50.0, 2.05, 50.1))

    private func coverage(
        _ zone: Zone, doors: [Position<WGS84>] = [], squares: [(GridSquare, Double)] = []
    ) throws -> CoverageFigures {
        let sources = PopulationSources(
            doors: { codes, body in
                guard codes.contains(where: { $0.rawValue == "80001" }) else { return }
                for door in doors { try body(door) }
            },
            grids: { squares.isEmpty ? [] : [(3035, 200)] },
            squares: { _, _, norths, easts, body in
                for (square, people) in squares
                where norths.contains(square.northMetres) && easts.contains(square.eastMetres) { try body(square, people) }
            })
        return try register.survey(sources: sources).coverage(of: zone, selected: [], notLocated: 0).figures
    }

    /// The square of the grid at a place.
    private func square(_ longitude: Double, _ latitude: Double) throws -> GridSquare {
        try SquareGrid(epsgCode: 3035, sideMetres: 200).square(at: place(longitude, latitude))
    }

    private func doors(west: Int, east: Int) -> [Position<WGS84>] {
        (0..<west).map { place(2.01 + 0.0001 * Double($0), 50.05) } + (0..<east).map { place(2.09 - 0.0001 * Double($0), 50.05) }
    }

    @Test func `addresses come before squares, squares before area`() throws {
        let squares = [(try square(2.02, 50.05), 90.0), (try square(2.08, 50.05), 10)]
        let byArea = try coverage(westHalf)
        #expect(byArea.methods == [.area: 1])
        #expect(abs(try #require(byArea.population) - 500) < 0.5)
        let byGrid = try coverage(westHalf, squares: squares)
        #expect(byGrid.methods == [.grid: 1])
        #expect(abs(try #require(byGrid.population) - 900) < 0.5)
        let byDoors = try coverage(westHalf, doors: doors(west: 30, east: 90), squares: squares)
        #expect(byDoors.methods == [.addresses: 1])
        #expect(byDoors.population == 250)
    }

    @Test func `addresses too few for the town are no list of it`() throws {
        #expect(try coverage(westHalf, doors: doors(west: 10, east: 14)).methods == [.area: 1])
        #expect(try coverage(westHalf, doors: doors(west: 10, east: 15)).methods == [.addresses: 1])
    }

    @Test func `a square that the zone cuts counts by its area`() throws {
        // One square astride the zone's edge holds everybody.
        let figures = try coverage(westHalf, squares: [(try square(2.05, 50.05), 42)])
        let people = try #require(figures.population)
        #expect(people > 0 && people < 1000)
        let grid = try SquareGrid(epsgCode: 3035, sideMetres: 200)
        let place = try grid.area(of: try square(2.05, 50.05))
        let inside = try Overlay.intersection(place, rectangle(2.0, 50.0, 2.05, 50.1))
        let share = SurfaceArea.squareMetres(of: inside) / SurfaceArea.squareMetres(of: place)
        #expect(abs(people - 1000 * share) < 0.01)
    }

    @Test func `an empty grid and a whole commune are not shared out`() throws {
        #expect(try coverage(westHalf, squares: [(try square(2.02, 50.05), 0)]).methods == [.area: 1])
        let whole = try coverage(.communes(codes("80001")), doors: doors(west: 30, east: 90))
        #expect(whole.methods == [.whole: 1])
        #expect(whole.population == 1000)
    }

    @Test func `rates give a time, and an unknown one none`() {
        var figures = CoverageFigures()
        for _ in 0..<120 { figures.count(precision: .given, channels: [.sms, .email]) }
        let rates = GatewayRates(perSecond: [.sms: 2])
        #expect(rates.seconds(over: .sms, toReach: figures) == 60)
        #expect(rates.seconds(over: .email, toReach: figures) == nil)
        #expect(rates.seconds(over: .fax, toReach: figures) == 0)
        #expect(rates.secondsToReachEveryone(figures) == nil)
        #expect(GatewayRates(perSecond: [.sms: 2, .email: 1]).secondsToReachEveryone(figures) == 120)
    }

    @Test func `the worst covered come first, and those without a share last`() {
        func line(_ name: String, _ population: Double?, _ reachable: Int) -> PerimeterCoverage {
            var figures = CoverageFigures()
            figures.population = population
            for _ in 0..<reachable { figures.count(precision: .given, channels: [.sms]) }
            return PerimeterCoverage(id: 1, name: name, area: rectangle(2, 50, 2.1, 50.1), figures: figures, previous: nil)
        }
        let lines = [
            line("nobody", 0, 3), line("good", 10, 9), line("unknown", nil, 9), line("small", 10, 1), line("large", 100, 10),
            line("none", 5, 0),
        ]
        #expect(
            lines.sorted(by: PerimeterCoverage.isWorse).map(\.name)
                == ["none", "large", "small", "good", "nobody", "unknown"])
    }
}
