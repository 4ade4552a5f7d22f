import AlertModel
import GeoModel
import Testing

@testable import Reports

@Suite struct ReportPageTests {
    @Test func `figures are written as the French write them`() {
        #expect(FrenchText.integer(1_234_567) == "1\u{202F}234\u{202F}567")
        #expect(FrenchText.integer(1_000) == "1\u{202F}000" && FrenchText.integer(999) == "999" && FrenchText.integer(0) == "0")
        #expect(FrenchText.integer(-1_005) == "−1\u{202F}005")
        #expect(FrenchText.integer(nil) == "inconnu" && FrenchText.integer(Double.nan) == "inconnu")
        #expect(FrenchText.percent(0.1234) == "12,3\u{202F}%" && FrenchText.percent(nil) == "–" && FrenchText.percent(0) == "0,0\u{202F}%")
        #expect(FrenchText.points(0.012) == "+1,2\u{202F}pt" && FrenchText.points(-0.5) == "−50,0\u{202F}pt")
        #expect(FrenchText.points(0.00001) == "=" && FrenchText.points(nil) == "–")
        #expect(FrenchText.duration(59.2) == "1\u{202F}min" && FrenchText.duration(3725) == "1\u{202F}h 2\u{202F}min")
        #expect(FrenchText.duration(nil) == "débit inconnu" && FrenchText.duration(.infinity) == "débit inconnu")
        #expect(FrenchText.day("2026-11-01T10:00:00Z") == "1er novembre 2026")
    }

    @Test func `whatever a text holds stays text`() {
        let nasty = "<b>&\"'\u{0}\u{8}"
        let page = ReportPage(
            title: nasty, subtitle: nasty, footer: nasty,
            blocks: [
                .heading(nasty), .paragraph(nasty), .note(nasty), .facts([(nasty, nasty)]),
                .table(.init(caption: nasty, columns: [.init(nasty, isNumber: false)], rows: [[nasty]])),
            ])
        let html = page.html(links: [(text: nasty, address: "\"><script>")])
        #expect(!html.contains("<b>") && !html.contains("<script") && !html.contains("\u{0}") && !html.contains("\u{8}"))
        #expect(html.contains("&lt;b&gt;&amp;&quot;&#39;"))
    }

    @Test func `lines count what follows the head`() throws {
        let table = ReportPage.Table(caption: "T", columns: [.init("a")], rows: [["1"], ["2"]])
        let page = ReportPage(title: "t", subtitle: "s", footer: "f", blocks: [.heading("h"), .table(table), .note("n")])
        var texts: [String] = []
        let count = try page.lines { body in
            var writer = JSONWriter()
            body(&writer)
            texts.append(writer.text)
        }
        #expect(count == 5 && texts.count == 6)
        #expect(texts[3] == #"{"row":["1"]}"#)
    }

    @Test func `a map shows its frame whole, to scale, and never divides by nothing`() throws {
        let area = Area<WGS84>([Polygon(exterior: Ring([
            Position(longitude: 2, latitude: 50), Position(longitude: 2.1, latitude: 50),
            Position(longitude: 2.1, latitude: 50.05), Position(longitude: 2, latitude: 50.05), Position(longitude: 2, latitude: 50),
        ]))])
        let map = try #require(ReportMap(
            title: "m", surfaces: [.init(area: area, label: "Ville")], frame: area.boundingBox, legend: []))
        let points = map.shapes[0].rings[0]
        #expect(points.allSatisfy { $0.x > 0 && $0.x < map.width && $0.y > 0 && $0.y < map.height })
        #expect(map.labels.map(\.text) == ["Ville"])
        // 0.1 degree at 50.025° N is 7.15 km.
        let width = try #require(points.map(\.x).max()) - (try #require(points.map(\.x).min()))
        #expect(map.scale.text == "1 km" || map.scale.text == "2 km")
        let kilometres = map.scale.text == "1 km" ? 1.0 : 2.0
        #expect(abs(width / map.scale.length * kilometres - 7.152) < 0.03)
        let point = BoundingBox<WGS84>(west: 2, south: 50, east: 2, north: 50)
        #expect(try #require(ReportMap(title: "m", surfaces: [.init(area: area)], frame: point, legend: [])).height > 0)
        #expect(ReportMap(title: "m", surfaces: [], frame: point, legend: []) == nil)
    }
}
