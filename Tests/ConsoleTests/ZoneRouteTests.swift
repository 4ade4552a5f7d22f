import AlertModel
import Foundation
import GeoModel
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Testing

@testable import Console

@Suite struct ZoneRouteTests {
    static let zone = #"{"type":"union","zones":[{"type":"circle","longitude":2.3,"latitude":49.9,"metres":5000},{"type":"communes","codes":["80021"]}]}"#
    static let bowtieFree = #"{"type":"Polygon","coordinates":[[[2.3,49.9],[2.4,49.9],[2.4,50],[2.3,49.9]]]}"#

    @Test func `a zone is counted`() async throws {
        var console = TestConsole()
        console.services.zones.counts = { account, zone in
            #expect(account.user == "amelie")
            #expect(
                zone
                    == .union([
                        .circle(centre: Position(longitude: 2.3, latitude: 49.9), radiusMetres: 5000),
                        .communes([CommuneCode("80021")!]),
                    ]))
            return .sample
        }
        try await console.run { browser async throws in
            let response = try await browser.post("/api/zone/counts", #"{"zone":\#(Self.zone)}"#)
            #expect(
                response.text
                    == #"{"areaSquareMetres":12345.5,"certain":926,"channels":{"email":400,"fax":0,"sms":800,"voice":0},"communes":2,"mapped":[{"code":"80621","name":null,"since":"1970-01-01","to":[{"code":"80630","name":"Poix-de-Picardie","part":true}],"why":"merged"}],"notLocated":12,"population":null,"possible":34,"recipients":960,"unreachable":3,"warnings":[{"code":"simplified_contour","message":"Contour simplifié."}]}"#)
        }
    }

    @Test func `while a corner is dragged the counts alone are told`() async throws {
        var console = TestConsole()
        console.services.zones.frame = { _, _ in .sample }
        try await console.run { browser async throws in
            let response = try await browser.post("/api/zone/counts", #"{"zone":\#(Self.zone),"detail":"counts"}"#)
            #expect(response.text.contains(#""recipients":960"#))
            let failure = try await browser.post("/api/zone/counts", #"{"zone":\#(Self.zone),"detail":"some"}"#).failure()
            #expect(failure.code == .invalidParameter)
        }
    }

    @Test(arguments: [
        (#"{"zone":null}"#, ProblemCode.emptyZone, "zone"), (#"{}"#, .emptyZone, "zone"),
        (#"{"zone":{"type":"union","zones":[{"type":"circle","longitude":2,"latitude":49,"metres":-1}]}}"#, .invalidZone, "zone.zones[0].metres"),
        (#"{"zone":{"type":"list","name":"a"},"Zone":1}"#, .invalidParameter, "Zone"),
        (#"{"zone":{"type":"perimeter","name":"p","geometry":{"type":"Point","coordinates":[2,49]}}}"#, .notAnArea, "zone.geometry"),
        (#"{"zone":{"type":"perimeter","name":"p","geometry":{"type":"Polygon","coordinates":[]}}}"#, .emptyGeometry, "zone.geometry.coordinates"),
        (#"{"zone":{"type":"perimeter","name":"p","geometry":{"type":"Polygon","coordinates":[[[49.9,2.3],[49.9,2.4],[50,2.4],[49.9,2.3]]]}}}"#, .swappedAxes, "zone.geometry.coordinates[0]"),
        (#"{"zone":{"type":"perimeter","name":"p","geometry":{"type":"Polygon","coordinates":[[[650000,6860000],[650010,6860000],[650010,6860010],[650000,6860000]]]}}}"#, .projectedCoordinates, "zone.geometry.coordinates[0]"),
    ])
    func `a zone that is not one is refused with its path, and nobody is counted`(body: String, code: ProblemCode, path: String) async throws {
        try await TestConsole().run { browser async throws in
            let failure = try await browser.post("/api/zone/counts", body).failure()
            #expect(failure.code == code)
            #expect(failure.detail?.path?.hasPrefix(path) == true)
        }
    }

    @Test func `a geometry's fault names polygon, ring, vertex and position, from zero for programs and one for people`() async throws {
        let body = #"{"zone":{"type":"perimeter","name":"p","geometry":{"type":"MultiPolygon","coordinates":[[[[2.3,49.9],[2.4,49.9],[2.4,50],[2.3,49.9]]],[[[2.3,49.9],[2.4,49.9],[2.4,50],[2.35,49.9]]]]}}}"#
        try await TestConsole().run { browser async throws in
            let failure = try await browser.post("/api/zone/counts", body).failure()
            #expect(failure.code == .ringNotClosed)
            #expect(failure.detail?.polygon == 1)
            #expect(failure.detail?.ring == 0)
            #expect(failure.detail?.vertex == 3)
            #expect(failure.detail?.position == LonLat(Position(longitude: 2.35, latitude: 49.9)))
            #expect(failure.message.hasSuffix("(polygone 2, contour extérieur, sommet 4)"))
        }
    }

    @Test func `what the desk refuses reaches the operator with its place`() async throws {
        var console = TestConsole()
        console.services.zones.counts = { _, _ in
            throw ConsoleProblem(
                .selfIntersection, ProblemDetail(polygon: 0, ring: 1, vertex: 2, position: Position(longitude: 2.35, latitude: 49.95)))
        }
        try await console.run { browser async throws in
            let failure = try await browser.post("/api/zone/counts", #"{"zone":\#(Self.zone)}"#).failure()
            #expect(failure.code == .selfIntersection)
            #expect(failure.message == "Le contour se croise lui-même. Déplacez le sommet en cause. (polygone 1, trou 1, sommet 3)")
        }
    }

    @Test func `cells are counted within a box, with a zone or without`() async throws {
        var console = TestConsole()
        console.services.zones.cells = { _, box, zoom, zone in
            #expect(box == BoundingBox(west: 1.5, south: 49.5, east: 3, north: 50.5))
            #expect(zoom == 9.5)
            return [DensityCell(centre: Position(longitude: 2, latitude: 50), recipients: 9, inside: zone == nil ? 0 : 4)]
        }
        try await console.run { browser async throws in
            let bare = try await browser.post("/api/cells", #"{"bounds":[1.5,49.5,3,50.5],"zoom":9.5,"zone":null}"#)
            #expect(bare.text == #"{"cells":[{"inside":0,"position":[2,50],"recipients":9}]}"#)
            let zoned = try await browser.post("/api/cells", #"{"bounds":[1.5,49.5,3,50.5],"zoom":9.5,"zone":\#(Self.zone)}"#)
            #expect(zoned.text == #"{"cells":[{"inside":4,"position":[2,50],"recipients":9}]}"#)
        }
    }

    @Test(arguments: [
        #"{"zoom":9}"#, #"{"bounds":[1,2,3],"zoom":9}"#, #"{"bounds":[3,49,1,50],"zoom":9}"#, #"{"bounds":[1,50,3,49],"zoom":9}"#,
        #"{"bounds":[1,-95,3,50],"zoom":9}"#, #"{"bounds":["1",49,3,50],"zoom":9}"#, #"{"bounds":[1,49,3,50]}"#,
        #"{"bounds":[1,49,3,50],"zoom":99}"#, #"{"bounds":[1,49,3,50],"zoom":-1}"#,
    ])
    func `cells out of bounds are refused`(body: String) async throws {
        try await TestConsole().run { browser async throws in
            #expect(try await browser.post("/api/cells", body).failure().code == .invalidParameter)
        }
    }

    @Test func `coverage is reported per zone and per commune, unknown populations as null`() async throws {
        var console = TestConsole()
        console.services.zones.coverage = { _, _ in
            CoverageReport(
                zone: .init(
                    population: nil, registered: 2, located: .init(given: 1, houseNumber: 1, street: 0, locality: 0, commune: 0),
                    notLocated: 0, reachable: [.sms: 2], unreachable: 0, share: nil),
                communes: [
                    .init(code: "80021", name: "Amiens", population: 133_625, populationYear: 2021, registered: 2, inZone: 1, reachable: 1, unreachable: 0, share: 0.5)
                ])
        }
        console.services.zones.shares = { _ in [CommuneShare(code: "80021", share: nil)] }
        try await console.run { browser async throws in
            let response = try await browser.post("/api/zone/coverage", #"{"zone":\#(Self.zone)}"#)
            #expect(
                response.text
                    == #"{"communes":[{"code":"80021","inZone":1,"name":"Amiens","population":133625,"populationYear":2021,"reachable":1,"registered":2,"share":0.5,"unreachable":0}],"zone":{"households":0,"located":{"commune":0,"given":1,"house_number":1,"locality":0,"street":0},"notLocated":0,"population":null,"populationMethods":[],"reachable":{"email":0,"fax":0,"sms":2,"voice":0},"registered":2,"share":null,"stale":0,"unreachable":0}}"#)
            #expect(try await browser.get("/api/coverage/communes").text == #"{"communes":[{"code":"80021","share":null}]}"#)
        }
    }

    @Test func `an uploaded perimeter is read, and its faults explained`() async throws {
        var console = TestConsole()
        console.services.perimeters.read = { bytes in
            let perimeter = try GeoJSON.decodePerimeter(bytes)
            guard case .wgs84(let area) = perimeter.surface else { throw unexpected("crs") }
            return PerimeterReading(name: "Crue", area: area, areaSquareMetres: 10, warnings: [])
        }
        try await console.run { browser async throws in
            let response = try await browser.post("/api/perimeters/read", Self.bowtieFree, type: "application/geo+json")
            #expect(
                response.text
                    == #"{"areaSquareMetres":10,"name":"Crue","vertices":4,"warnings":[],"geometry":{"coordinates":[[[2.3,49.9],[2.4,49.9],[2.4,50],[2.3,49.9]]],"type":"Polygon"}}"#)
            let broken = try await browser.post("/api/perimeters/read", #"{"type":"Polygon""#, type: "application/geo+json; charset=utf-8").failure()
            #expect(broken.code == .invalidGeoJSON)
            #expect(broken.detail?.reason?.contains("line 1") == true)
            let text = try await browser.post("/api/perimeters/read", "x", type: "text/plain").failure()
            #expect(text.code == .unsupportedMediaType)
        }
    }

    @Test func `perimeters are kept under a name, listed and deleted`() async throws {
        let area = Area<WGS84>([Polygon(exterior: Ring([(2.3, 49.9), (2.4, 49.9), (2.4, 50), (2.3, 49.9)].map { Position(longitude: $0.0, latitude: $0.1) }))])
        var console = TestConsole()
        console.services.perimeters.save = { _, name, given in
            #expect(name == "PPRI" && given == area)
            return 12
        }
        console.services.perimeters.saved = { _ in [SavedPerimeter(id: 12, name: "PPRI", area: area), SavedPerimeter(id: 13, name: "B", area: area)] }
        console.services.perimeters.delete = { _, id in id == 12 }
        console.services.perimeters.lists = { _ in [ListCard(name: "Mairies", members: 772, isDefault: true), ListCard(name: "Z", members: 0)] }
        try await console.run { browser async throws in
            let saved = try await browser.post("/api/perimeters", #"{"name":" PPRI ","geometry":\#(Self.bowtieFree)}"#)
            #expect(saved.status == .created && saved.text == #"{"id":12}"#)
            let list = try await browser.get("/api/perimeters").object()
            let perimeters = try #require(list["perimeters"] as? [[String: Any]])
            #expect(perimeters.count == 2 && perimeters[0]["name"] as? String == "PPRI")
            #expect((perimeters[1]["geometry"] as? [String: Any])?["type"] as? String == "Polygon")
            #expect(try await browser.send(.delete, "/api/perimeters/12").status == .noContent)
            #expect(try await browser.send(.delete, "/api/perimeters/13").failure().code == .notFound)
            #expect(try await browser.get("/api/lists").text == #"{"lists":[{"isDefault":true,"members":772,"name":"Mairies"},{"isDefault":false,"members":0,"name":"Z"}]}"#)
            for bad in [#"{"name":"","geometry":\#(Self.bowtieFree)}"#, #"{"geometry":\#(Self.bowtieFree)}"#, "{\"name\":\"\(String(repeating: "a", count: 121))\",\"geometry\":\(Self.bowtieFree)}"] {
                let response = try await browser.post("/api/perimeters", bad)
                #expect(try response.failure().code == .invalidParameter)
            }
        }
    }

    @Test(arguments: [
        ("", ProblemCode.invalidJSON), ("[]", .invalidJSON), ("{", .invalidJSON), (#"{"zone":1,"zone":2}"#, .invalidJSON), ("nope", .invalidJSON),
        ("\u{feff}{\"zone\":3}", .invalidZone), (#"{"zone":"a"}"#, .invalidZone),
    ])
    func `a body that is not a strict JSON object is refused with the reason`(body: String, code: ProblemCode) async throws {
        try await TestConsole().run { browser async throws in
            let failure = try await browser.post("/api/zone/counts", body).failure()
            #expect(failure.code == code)
            #expect(failure.detail?.reason != nil)
        }
    }

    @Test func `hostile nesting is refused, not recursed into`() async throws {
        try await TestConsole().run { browser async throws in
            for body in [String(repeating: "[", count: 200_000), String(repeating: #"{"zone":"#, count: 100_000)] {
                let response = try await browser.post("/api/zone/counts", body)
                #expect(try response.failure().code == .invalidJSON)
            }
            let coordinates = String(repeating: "[", count: 100_000)
            let geometry = try await browser.post("/api/zone/counts", #"{"zone":{"type":"perimeter","name":"a","geometry":{"coordinates":\#(coordinates)"#)
            #expect(try geometry.failure().code == .invalidJSON)
        }
    }

    @Test func `bodies are bounded: one mebibyte without a geometry`() async throws {
        var console = TestConsole()
        console.configuration.limits.geometryBytes = 3 << 20
        try await console.run { browser async throws in
            let large = #"{"subject":""# + String(repeating: "a", count: 1 << 20) + #""}"#
            let failure = try await browser.post("/api/message/measure", large).failure()
            #expect(failure.code == .tooLarge && failure.detail?.limit == 1 << 20)
            let allowed = try await browser.post("/api/zone/counts", large)
            #expect(try allowed.failure().code == .invalidParameter)
            let upload = try await browser.post("/api/perimeters/read", String(repeating: " ", count: 3 << 20 + 1), type: "application/geo+json")
            #expect(try upload.failure().code == .tooLarge)
            #expect(upload.headers[.connection] == "close")
        }
    }

    @Test func `a compressed or foreign body is refused unread`() async throws {
        try await TestConsole().run { browser async throws in
            let gzip = try await browser.post("/api/zone/counts", "{}", headers: [.contentEncoding: "gzip"])
            #expect(try gzip.failure().code == .unsupportedMediaType)
            for type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""] {
                let response = try await browser.post("/api/zone/counts", "{}", type: type)
                #expect(try response.failure().code == .unsupportedMediaType)
            }
        }
    }

    @Test func `an answer that takes too long is given up, even one that heeds no cancellation`() async throws {
        var console = TestConsole()
        console.configuration.limits.longTime = .milliseconds(1)
        console.configuration.limits.bodyTime = .milliseconds(1)
        let (never, hold) = AsyncStream.makeStream(of: Void.self)
        console.services.zones.shares = { _ in
            await Task.detached { for await _ in never {} }.value
            return []
        }
        try await console.run { browser async throws in
            #expect(try await browser.get("/api/coverage/communes").failure().code == .timeout)
        }
        hold.finish()
    }

    @Test func `an unforeseen error is logged and told without its text`() async throws {
        struct Secret: Error, CustomStringConvertible { let description = "constraint failed" }
        var console = TestConsole()
        let log = LogBook()
        console.logger = log.logger
        console.services.zones.shares = { _ in throw Secret() }
        try await console.run { browser async throws in
            let response = try await browser.get("/api/coverage/communes?nom=Durand")
            let failure = try response.failure()
            #expect(failure.code == .internalError)
            #expect(!response.text.contains("constraint"))
            #expect(log.lines.contains { $0.contains("constraint failed") && $0.contains(failure.requestId) })
        }
    }

    @Test func `the access log has the route, never the address, the query or the cookie`() async throws {
        var console = TestConsole()
        let log = LogBook()
        console.logger = log.logger
        console.services.territory.search = { _, _ in [] }
        try await console.run { browser async throws in
            _ = try await browser.get("/api/communes?q=Durand")
            _ = try await browser.get("/static/Durand.css")
            _ = try await browser.get("/Durand")
            _ = try await browser.get("/api/campaigns/Durand")
        }
        let lines = log.lines.filter { $0.contains("request") }
        #expect(lines.contains { $0.contains("/api/communes") && $0.contains("200") })
        #expect(!log.lines.contains { $0.contains("Durand") || $0.contains("tocsin_session") })
    }
}
