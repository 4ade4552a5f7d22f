import Foundation
import GeoModel
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Synchronization
import Testing

@testable import Console

@Suite struct AddressRouteTests {
    static let door: FoundAddress = {
        var door = FoundAddress(
            kind: .housenumber, label: "8bis Boulevard du Port 80000 Amiens", score: 0.49159, identifier: "80021_6590_00008_bis",
            name: "Boulevard du Port", cityCode: "80021", city: "Amiens", position: Position(longitude: 2.290084, latitude: 49.897443))
        door.houseNumber = "8bis"
        door.postcode = "80000"
        door.context = "80, Somme, Hauts-de-France"
        (door.eastingMetres, door.northingMetres) = (648952.58, 6977867.25)
        door.importance = 0.67
        return door
    }()

    /// A console whose desk answers every question with one door, and remembers the questions.
    final class Questions: Sendable {
        let asked = Mutex<[AddressQuestion]>([])
        let placed = Mutex<[PlaceQuestion]>([])
        let tables = Mutex<[AddressTableRequest]>([])

        var desk: AddressDesk {
            AddressDesk(
                search: { question in
                    self.asked.withLock { $0.append(question) }
                    return ([AddressRouteTests.door], nil)
                },
                reverse: { question in
                    self.placed.withLock { $0.append(question) }
                    var door = AddressRouteTests.door
                    door.distanceMetres = 12.9
                    return [door]
                },
                open: { request in
                    self.tables.withLock { $0.append(request) }
                    let pieces = Mutex<[[UInt8]]>([Array("a;b\n".utf8), Array("1;2\n".utf8)])
                    return AddressTable(charset: "utf-8") { pieces.withLock { $0.isEmpty ? nil : $0.removeFirst() } }
                })
        }

        func console(_ change: (inout ConsoleLimits) -> Void = { _ in }) -> TestConsole {
            var console = TestConsole()
            console.services.addresses = desk
            change(&console.configuration.limits)
            return console
        }
    }

    @Test(arguments: ["/search?q=8+bd+du+port", "/search/?q=8%20bd%20du%20port"])
    func `a search is answered member by member as the national geocoder does, without sign-in`(path: String) async throws {
        try await Questions().console().run { browser async throws in
            let response = try await browser.stranger.get(path)
            #expect(response.status == .ok)
            #expect(response.headers[.contentType] == "application/json; charset=utf-8")
            #expect(
                response.text
                    == #"{"type":"FeatureCollection","version":"draft","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[2.290084,49.897443]},"properties":{"label":"8bis Boulevard du Port 80000 Amiens","score":0.49159,"housenumber":"8bis","id":"80021_6590_00008_bis","type":"housenumber","name":"8bis Boulevard du Port","postcode":"80000","citycode":"80021","x":648952.58,"y":6977867.25,"city":"Amiens","context":"80, Somme, Hauts-de-France","importance":0.67,"street":"Boulevard du Port"}}],"attribution":"BAN","licence":"ETALAB-2.0","query":"8 bd du port","limit":5}"#)
        }
    }

    @Test func `the parameters are the national geocoder's`() async throws {
        let questions = Questions()
        try await questions.console().run { browser async throws in
            let path = "/search?q=port&limit=7&autocomplete=0&lat=49.9&lon=2.3&type=street&type=locality&postcode=80000+80080&citycode=2a004&city=Saint+Denis&street=Rue+X"
            let answer = try await browser.stranger.get(path).object()
            let filters = try #require(answer["filters"] as? [String: [String]])
            #expect(filters == [
                "type": ["street", "locality"], "postcode": ["80000", "80080"], "citycode": ["2a004"],
                "city": ["Saint Denis"], "street": ["Rue X"],
            ])
            #expect(answer["center"] as? [Double] == [2.3, 49.9])
            #expect(answer["limit"] as? Int == 7)
            _ = try await browser.stranger.get("/search?q=port&type=nonsense&limit=0")
            _ = try await browser.stranger.get("/reverse/?longitude=2.3&latitude=49.9&type=street")
        }
        let asked = questions.asked.withLock { $0 }
        #expect(asked[0].limit == 7 && !asked[0].completes)
        #expect(asked[0].centre == Position(longitude: 2.3, latitude: 49.9))
        #expect(asked[0].filters.kinds == [.street, .locality] && asked[0].filters.cityCodes == ["2A004"])
        #expect(asked[1].limit == 5 && asked[1].completes && asked[1].filters.kinds == [])
        let placed = questions.placed.withLock { $0 }
        #expect(placed == [PlaceQuestion(position: Position(longitude: 2.3, latitude: 49.9), limit: 1, filters: AddressFilters([("type", ["street"])]))])
    }

    @Test func `a reverse answer has the distance, in whole metres`() async throws {
        try await Questions().console().run { browser async throws in
            let answer = try await browser.stranger.get("/reverse/?lon=2.3&lat=49.9").object()
            let features = try #require(answer["features"] as? [[String: Any]])
            #expect((features[0]["properties"] as? [String: Any])?["distance"] as? Int == 12)
            #expect(answer["limit"] as? Int == 1 && answer["query"] == nil)
        }
    }

    @Test func `a query of coordinates says how it was read`() async throws {
        var console = TestConsole()
        console.services.addresses = Questions().desk
        console.services.addresses?.search = { _ in
            ([], ReadCoordinates(position: Position(longitude: 2.3, latitude: 49.89), order: "latitude,longitude"))
        }
        try await console.run { browser async throws in
            let answer = try await browser.stranger.get("/search?q=49.89+2.30")
            #expect(answer.text.contains(#""interpretation":{"type":"coordinates","order":"latitude,longitude","coordinates":[2.3,49.89]}"#))
        }
    }

    @Test(arguments: [
        ("/search", #"{"title":"Missing parameter","description":"The \"q\" parameter is required."}"#, 400),
        ("/search?q=", #"{"title":"Missing parameter","description":"The \"q\" parameter is required."}"#, 400),
        ("/search?q=a&limit=101", #"{"title":"Invalid parameter","description":"The \"limit\" parameter is invalid. out of range (1..100)"}"#, 400),
        ("/search?q=a&limit=x", #"{"title":"Invalid parameter","description":"The \"limit\" parameter is invalid. The value must be an integer."}"#, 400),
        ("/search?q=a&lat=x&lon=2", #"{"title":"Invalid parameter","description":"The \"lat\" parameter is invalid. invalid value"}"#, 400),
        ("/search?q=a&lat=91&lon=2", #"{"title":"Invalid parameter","description":"The \"lat\" parameter is invalid. out of range"}"#, 400),
        ("/search?q=a&autocomplete=x", #"{"title":"Invalid parameter","description":"The \"autocomplete\" parameter is invalid. The value of the parameter must be \"true\" or \"false\"."}"#, 400),
        ("/search?q=\(String(repeating: "a", count: 201))", #"{"title":"Query too long, 201 chars, limit is 200"}"#, 413),
        ("/reverse?lon=2", #"{"title":"Missing parameter","description":"The \"lat\" parameter is required."}"#, 400),
        ("/reverse", #"{"title":"Missing parameter","description":"The \"lon\" parameter is required."}"#, 400),
        ("/reverse?lon=2&lat=nan", #"{"title":"Invalid parameter","description":"The \"lat\" parameter is invalid. invalid value"}"#, 400),
        ("/reverse?lon=-181&lat=2", #"{"title":"Invalid parameter","description":"The \"lon\" parameter is invalid. out of range"}"#, 400),
    ])
    func `failures are addok's`(path: String, body: String, status: Int) async throws {
        try await Questions().console().run { browser async throws in
            let response = try await browser.stranger.get(path)
            #expect(response.text == body && response.status.code == status)
            #expect(response.headers[.accessControlAllowOrigin] == "*")
        }
    }

    @Test func `a client that asks too often is told when to come again, the console not`() async throws {
        var console = Questions().console { $0.addressRequestsPerSecond = 2 }
        let time = Date(timeIntervalSince1970: 1_700_000_000)
        console.configuration.now = { time }
        try await console.run { browser async throws in
            for _ in 0..<2 { #expect(try await browser.stranger.get("/search?q=a").status == .ok) }
            let refused = try await browser.stranger.get("/reverse?lon=2&lat=49")
            #expect(refused.status == .tooManyRequests && refused.headers[.retryAfter] == "1")
            #expect(try refused.object()["title"] as? String == "Too many requests")
            #expect(try await browser.get("/api/session").status == .ok)
        }
    }

    @Test func `a flood of refusals is one line a second, which says how many more there were`() async throws {
        let book = LogBook()
        var console = Questions().console { $0.addressRequestsPerSecond = 1 }
        let time = Mutex(Date(timeIntervalSince1970: 1_700_000_000))
        console.configuration.now = { time.withLock { $0 } }
        console.logger = book.logger
        try await console.run { browser async throws in
            for _ in 0..<40 { _ = try await browser.stranger.get("/search?q=a") }
            time.withLock { $0 += 1.5 }
            for _ in 0..<2 { _ = try await browser.stranger.get("/search?q=a") }
        }
        let lines = book.lines.filter { $0.contains("request [") || $0.contains("\"request\"") || $0.contains(" request ") }
        let refused = lines.filter { $0.contains("429") }
        #expect(refused.count == 2)
        #expect(refused.last?.contains("\"alike\": 38") == true, "\(refused)")
    }

    @Test func `pages of any site may read these answers, and no others`() async throws {
        try await Questions().console().run { browser async throws in
            let foreign: HTTPFields = [.origin: "https://elsewhere.example", .secFetchSite: "cross-site"]
            let answer = try await browser.stranger.send(.get, "/search?q=a", headers: foreign)
            #expect(answer.headers[.accessControlAllowOrigin] == "*")
            #expect(answer.headers[.accessControlAllowCredentials] == nil)
            #expect(try await browser.get("/api/session").headers[.accessControlAllowOrigin] == nil)
            let table = try await browser.stranger.send(.post, "/search/csv", headers: foreign)
            #expect(table.status == .forbidden && table.headers[.accessControlAllowOrigin] == nil)
        }
    }

    @Test(arguments: ["/search", "/search/", "/reverse", "/reverse/"])
    func `a browser that asks first may read addresses from any site`(path: String) async throws {
        try await Questions().console().run { browser async throws in
            let asking: HTTPFields = [
                .origin: "https://elsewhere.example", .secFetchSite: "cross-site", .accessControlRequestMethod: "GET",
                .accessControlRequestHeaders: "x-requested-with",
            ]
            let answer = try await browser.stranger.send(.options, path, headers: asking)
            #expect(answer.status == .noContent)
            #expect(answer.headers[.accessControlAllowOrigin] == "*")
            #expect(answer.headers[.accessControlAllowMethods] == "GET, HEAD")
            #expect(answer.headers[.accessControlAllowHeaders] == "X-Requested-With")
            #expect(answer.headers[.accessControlAllowCredentials] == nil)
        }
    }

    @Test(arguments: ["/search/csv", "/reverse/csv", "/api/session", "/api/campaigns", "/"])
    func `and nothing else`(path: String) async throws {
        try await Questions().console().run { browser async throws in
            for caller in [browser, browser.stranger] {
                let answer = try await caller.send(
                    .options, path, headers: [.origin: "https://elsewhere.example", .accessControlRequestMethod: "POST"])
                #expect(answer.status == .methodNotAllowed)
                #expect(answer.headers[.accessControlAllowOrigin] == nil)
                #expect(answer.headers[.accessControlAllowMethods] == nil)
            }
        }
    }

    @Test func `an upload comes back from its spool as it went in, whatever its length`() throws {
        for length in [0, 1, (1 << 18) - 1, 1 << 18, (1 << 20) + 7] {
            let spool = try UploadSpool()
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }
            for start in stride(from: 0, to: length, by: 70_001) {
                try spool.append(bytes[start..<min(length, start + 70_001)])
            }
            #expect(spool.count == length)
            #expect(try Array(spool.contents()) == bytes)
        }
    }

    @Test func `turned off, the routes do not exist`() async throws {
        try await TestConsole().run { browser async throws in
            for path in ["/search?q=a", "/reverse?lon=2&lat=49"] {
                #expect(try await browser.get(path).failure().code == .notFound)
            }
        }
    }

    @Test func `a question is in no line of the log`() async throws {
        let book = LogBook()
        var console = Questions().console()
        console.logger = book.logger
        try await console.run { browser async throws in
            _ = try await browser.stranger.get("/search?q=ruesecrete&city=villesecrete&limit=x")
            _ = try await browser.stranger.get("/search/?q=ruesecrete")
            _ = try await browser.stranger.get("/reverse?lon=2.123456&lat=49.654321")
            _ = try await Self.upload(browser, "adresse\nruesecrete\n", ["columns": "ruesecrete"])
        }
        let text = book.lines.joined(separator: "\n")
        #expect(text.contains("/search"))
        for secret in ["secrete", "2.123456", "49.654321"] { #expect(!text.contains(secret)) }
    }

    // MARK: Tables

    static func upload(
        _ browser: Browser, _ file: String?, _ fields: KeyValuePairs<String, String>, path: String = "/search/csv/",
        type: String? = nil, end: String = "--x--\r\n"
    ) async throws -> TestResponse {
        var body = ""
        if let file {
            body += "--x\r\nContent-Disposition: form-data; name=\"data\"; filename=\"../mes \"adresses\" é.csv\"\r\nContent-Type: text/csv\r\n\r\n\(file)\r\n"
        }
        for (name, value) in fields { body += "--x\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n" }
        return try await browser.stranger.send(
            .post, path, headers: [.contentType: type ?? "multipart/form-data; boundary=x"], body: body + end)
    }

    @Test func `a table comes back under its name, with what the form says of it`() async throws {
        let questions = Questions()
        try await questions.console().run { browser async throws in
            let response = try await Self.upload(
                browser, "a;b\n1;2\n",
                ["columns": "a", "columns": "b", "citycode": "code", "encoding": "latin-1", "delimiter": ";", "with_bom": "true",
                 "min_score": "0.7", "lat": "y", "lon": "x", "result_columns": "result_label", "unknown": "z"])
            #expect(response.status == .ok && response.text == "a;b\n1;2\n")
            #expect(response.headers[.contentType] == "text/csv; charset=utf-8")
            #expect(response.headers[.contentDisposition] == "attachment; filename=\"mes adresses.geocoded.csv\"")
            #expect(response.headers[.accessControlAllowOrigin] == nil)
            _ = try await Self.upload(browser, "lat,lon\n", [:], path: "/reverse/csv")
        }
        let tables = questions.tables.withLock { $0 }
        let table = tables[0]
        #expect(table.direction == .search && String(decoding: table.bytes, as: UTF8.self) == "a;b\n1;2\n")
        #expect(table.columns == ["a", "b"] && table.resultColumns == ["result_label"])
        #expect(table.filterColumns == ["citycode": "code"] && table.encoding == "latin-1" && table.delimiter == ";")
        #expect(table.writesMark && table.leastScore == 0.7)
        #expect(table.latitudeColumn == "y" && table.longitudeColumn == "x")
        #expect(tables[1].direction == .reverse && tables[1].encoding == nil && tables[1].leastScore == 0.5)
    }

    @Test func `a crowd at the address lanes holds a table up, and does not cut it off`() async throws {
        var console = TestConsole()
        let pieces = Mutex<[Result<[UInt8], ConsoleProblem>]>([
            .success(Array("a\n".utf8)), .failure(ConsoleProblem(.unavailable)), .success(Array("1\n".utf8)),
        ])
        console.services.addresses = Questions().desk
        console.services.addresses?.open = { _ in
            AddressTable(charset: "utf-8") { try pieces.withLock { $0.isEmpty ? nil : try $0.removeFirst().get() } }
        }
        try await console.run { browser async throws in
            #expect(try await Self.upload(browser, "a\n1\n", [:]).text == "a\n1\n")
        }
    }

    @Test func `a form that is none is refused, and the place in memory is free again`() async throws {
        try await Questions().console { $0.concurrentTables = 1; $0.tableBytes = 1_000 }.run { browser async throws in
            func title(_ response: TestResponse, _ status: Int) throws -> String? {
                #expect(response.status.code == status)
                return try response.object()["title"] as? String
            }
            for _ in 0..<3 {
                #expect(try title(try await Self.upload(browser, nil, ["columns": "a"]), 400) == "Missing file")
                #expect(try title(try await Self.upload(browser, "", [:]), 400) == "Empty file")
                #expect(try title(try await Self.upload(browser, "a\n", [:], end: ""), 400) == "Malformed form")
                #expect(try title(try await Self.upload(browser, "a\n", [:], type: "text/csv"), 415) == "Unsupported media type")
                #expect(try title(try await Self.upload(browser, "a\n", ["min_score": "2"]), 400) == "Invalid parameter")
                let large = String(repeating: "a", count: 1_001)
                #expect(try title(try await Self.upload(browser, large, [:]), 413) == "Payload too large")
                #expect(try title(try await Self.upload(browser, "a", ["columns": large]), 400) == "Invalid parameter")
                #expect(try await Self.upload(browser, "a\n", [:]).status == .ok)
            }
        }
    }

    @Test(arguments: [
        ("a.csv", "a"), ("/etc/passwd", "passwd"), ("C:\\x\\mairie.2024.csv", "mairie.2024"), ("", "addresses"),
        ("\"; x=\"\r\nSet-Cookie: a", "xSet-Cookie a"), ("é.csv", "addresses"), ("..", "."),
    ])
    func `a file's name is cut to what a header may hold`(name: String, stem: String) {
        #expect(AddressRoutes.stem(of: name) == stem)
    }
}
