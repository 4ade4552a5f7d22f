import AlertModel
import GeoModel
import Testing

@testable import Reports

@Suite struct SelectionReportTests {
    private let lines = [
        SelectionReport.Line(
            externalID: "hab-1", certainty: .certain, precision: .given, communeCode: CommuneCode("80021"),
            communeName: "Amiens", position: Position(longitude: 2.2958, latitude: 49.8942), channels: [.sms, .email],
            why: "perimeter “Crue, aval”"),
        SelectionReport.Line(
            externalID: "hab-\"2\"", certainty: .possible, precision: .commune, communeCode: nil, communeName: nil,
            position: nil, channels: [], why: "list “A”; commune 80021"),
    ]

    @Test func `the CSV has one recipient a row`() {
        #expect(
            SelectionReport.csv(lines) == #"""
                external_id,certainty,precision,commune_code,commune_name,longitude,latitude,sms,voice,email,fax,why
                hab-1,certain,given,80021,Amiens,2.2958,49.8942,1,0,1,0,"perimeter “Crue, aval”"
                "hab-""2""",possible,commune,,,,,0,0,0,0,list “A”; commune 80021

                """#)
    }

    @Test func `the JSON has positions, null where there is none`() {
        #expect(
            SelectionReport.json(lines) == #"""
                {"recipients":[
                {"external_id":"hab-1","certainty":"certain","precision":"given","commune_code":"80021",\#
                "commune_name":"Amiens","longitude":2.2958,"latitude":49.8942,"channels":["sms","email"],\#
                "why":"perimeter “Crue, aval”"},
                {"external_id":"hab-\"2\"","certainty":"possible","precision":"commune","commune_code":null,\#
                "commune_name":null,"longitude":null,"latitude":null,"channels":[],"why":"list “A”; commune 80021"}
                ]}

                """#)
    }

    @Test func `the GeoJSON has points, and a null geometry where there is none`() {
        #expect(
            SelectionReport.geoJSON(lines) == #"""
                {"type":"FeatureCollection","features":[
                {"type":"Feature","properties":{"external_id":"hab-1","certainty":"certain","precision":"given",\#
                "commune_code":"80021","commune_name":"Amiens","channels":["sms","email"],"why":"perimeter “Crue,\#
                 aval”"},"geometry":{"type":"Point","coordinates":[2.2958,49.8942]}},
                {"type":"Feature","properties":{"external_id":"hab-\"2\"","certainty":"possible",\#
                "precision":"commune","commune_code":null,"commune_name":null,"channels":[],\#
                "why":"list “A”; commune 80021"},"geometry":null}
                ]}

                """#)
    }

    @Test func `nobody selected is still a document`() {
        #expect(SelectionReport.csv([]).split(separator: "\n").count == 1)
        #expect(SelectionReport.json([]) == "{\"recipients\":[\n]}\n")
        #expect(SelectionReport.geoJSON([]) == "{\"type\":\"FeatureCollection\",\"features\":[\n]}\n")
    }
}
