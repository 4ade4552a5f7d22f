import AlertModel
import Foundation
import GeoEngine
import GeoModel
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import Console

@Suite struct TerritoryRouteTests {
    static let abbeville = CommuneCard(
        code: CommuneCode("80001")!, name: "Abbeville", population: 22_395, centre: Position(longitude: 1.83, latitude: 50.1),
        bounds: BoundingBox(west: 1.77, south: 50.05, east: 1.9, north: 50.15))

    @Test func `the configuration is the installation's facts and the server's time`() async throws {
        var console = TestConsole()
        console.configuration.now = { Date(timeIntervalSince1970: 1_700_000_000.125) }
        console.services.territory.facts = { account in
            #expect(account.user == "amelie")
            return InstallationFacts(
                version: "1", organisation: .init(name: "Préfecture de la Somme"),
                communes: .init(count: 0, vintage: nil, bounds: nil), recipients: .init(count: 2, notLocated: 1),
                channels: [.init(channel: .sms, available: false, gateway: nil)])
        }
        try await console.run { browser async throws in
            let response = try await browser.get("/api/config")
            #expect(
                response.text
                    == #"{"channels":[{"available":false,"channel":"sms","gateway":null}],"communes":{"bounds":null,"count":0,"vintage":null},"organisation":{"name":"Préfecture de la Somme"},"recipients":{"count":2,"notLocated":1},"unread":0,"version":"1","serverTime":"2023-11-14T22:13:20.125Z"}"#)
            #expect(response.headers[.cacheControl] == "no-store")
        }
    }

    @Test func `communes are searched by text`() async throws {
        var console = TestConsole()
        console.services.territory.search = { text, limit in
            #expect(text == "saint valéry" && limit == 8)
            return [Self.abbeville]
        }
        try await console.run { browser async throws in
            let response = try await browser.get("/api/communes?q=saint+val%C3%A9ry%20&limit=8")
            #expect(
                response.text
                    == #"{"communes":[{"bounds":[1.77,50.05,1.9,50.15],"centre":[1.83,50.1],"code":"80001","department":"80","name":"Abbeville","population":22395}]}"#)
            #expect(try await browser.get("/api/communes?q=").json(CommuneList.self).communes == [])
        }
    }

    @Test func `communes are looked up by code, and unknown codes are named`() async throws {
        var console = TestConsole()
        console.services.territory.communes = { codes, _ in
            #expect(codes.map(\.rawValue) == ["80001", "80999"])
            return [Self.abbeville]
        }
        try await console.run { browser async throws in
            let list = try await browser.get("/api/communes?codes=80001,80999,bad,80001").json(CommuneList.self)
            #expect(list.communes == [Self.abbeville])
            #expect(list.unknown == ["bad", "80999"])
        }
    }

    @Test(arguments: [
        "/api/communes", "/api/communes?limit=5", "/api/communes?q=a&limit=0", "/api/communes?q=a&limit=51",
        "/api/communes?q=a&limit=x", "/api/communes?q=a&q=b", "/api/communes?q=\(String(repeating: "a", count: 101))",
        "/api/communes?codes=\(Array(repeating: "80001", count: 1_001).joined(separator: ","))",
        "/api/communes/at", "/api/communes/at?lon=2", "/api/communes/at?lon=200&lat=50", "/api/communes/at?lon=2&lat=nan",
        "/api/communes/at?lon=2&lat=inf", "/api/communes/at?lon=2&lat=",
    ])
    func `parameters out of bounds are refused by name`(path: String) async throws {
        try await TestConsole().run { browser async throws in
            let failure = try await browser.get(path).failure()
            #expect(failure.code == .invalidParameter)
            #expect(failure.detail?.path != nil)
        }
    }

    @Test func `a place is in one commune or in none`() async throws {
        var console = TestConsole()
        console.services.territory.commune = { $0.latitude > 50 ? Self.abbeville : nil }
        try await console.run { browser async throws in
            #expect(try await browser.get("/api/communes/at?lon=1.8&lat=50.1").json(CommuneCard.self) == Self.abbeville)
            #expect(try await browser.get("/api/communes/at?lon=1.8&lat=48.1").failure().code == .notFound)
        }
    }

    @Test func `tiles carry their tag, and an empty one is no content`() async throws {
        var console = TestConsole()
        console.services.territory.tile = { address in
            address.zoom == 9 && address.x == 259 && address.y == 173
                ? CommuneTile(bytes: [31, 139], isGzipped: true, tag: "v1-abc") : nil
        }
        try await console.run { browser async throws in
            let tile = try await browser.get("/tiles/communes/9/259/173.mvt")
            #expect(tile.headers[.contentType] == "application/vnd.mapbox-vector-tile")
            #expect(tile.headers[.contentEncoding] == "gzip")
            #expect(tile.headers[.cacheControl]?.contains("private") == true)
            #expect(tile.headers[.eTag] == "\"v1-abc\"")
            #expect(try await browser.get("/tiles/communes/9/259/173.mvt", headers: [.ifNoneMatch: "\"v1-abc\""]).status == .notModified)
            #expect(try await browser.get("/tiles/communes/9/1/1.mvt").status == .noContent)
            #expect(try await browser.get("/tiles/communes/3/1/1.mvt").status == .noContent)
        }
    }

    @Test(arguments: ["9/512/1.mvt", "9/1/512.mvt", "23/1/1.mvt", "-1/0/0.mvt", "9/1/1", "9/1/1.png", "9/1/x.mvt", "9/+1/1.mvt", "99999999999/1/1.mvt"])
    func `an impossible tile is not found`(path: String) async throws {
        try await TestConsole().run { browser async throws in
            #expect(try await browser.get("/tiles/communes/\(path)").failure().code == .notFound)
        }
    }

    @Test func `intercommunalités are found by name, with their communes`() async throws {
        var console = TestConsole()
        console.services.territory.epcis = { _, text, limit in
            #expect((text, limit) == ("amiens", 3))
            return [EPCICard(siren: "248000531", name: "Amiens Métropole", codes: [CommuneCode("80021")!], bounds: nil)]
        }
        console.services.perimeters.tags = { _ in [TagCard(name: "fragile", members: 3)] }
        try await console.run { browser async throws in
            #expect(
                try await browser.get("/api/epcis?q=amiens&limit=3").text
                    == #"{"epcis":[{"bounds":null,"codes":["80021"],"name":"Amiens Métropole","siren":"248000531"}]}"#)
            #expect(try await browser.get("/api/epcis").failure().code == .invalidParameter)
            #expect(try await browser.get("/api/epcis?q=").text == #"{"epcis":[]}"#)
            #expect(try await browser.get("/api/tags").text == #"{"tags":[{"members":3,"name":"fragile"}]}"#)
        }
    }
}
