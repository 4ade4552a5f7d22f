import AlertModel
import GeoModel
import Testing

@testable import Reports

@Suite struct CampaignReportTests {
    private typealias Line = CampaignReportData.Line

    private static let start = UTCTime(millisecondsSince1970: 1_700_000_000_000)

    private static let square = Area<WGS84>([
        Polygon(
            exterior: Ring([
                Position(longitude: 2, latitude: 50), Position(longitude: 2.1, latitude: 50),
                Position(longitude: 2.1, latitude: 50.1), Position(longitude: 2, latitude: 50),
            ]))
    ])

    private static let data = CampaignReportData(
        reference: "7", mode: .exercise, state: .completed,
        message: Message(subject: "EXERCICE - Crue", text: "EXERCICE - Montez à l’étage"),
        zone: "perimeter “Crue, aval”", audienceHash: String(repeating: "ab", count: 32), createdBy: "agent",
        startedAt: start,
        endedAt: start.advanced(byMilliseconds: 61_005), firstSubmissionAt: start.advanced(byMilliseconds: 12),
        lastOutcomeAt: nil, recipients: 6, certain: 5, possible: 1, notLocated: 2,
        totals: [.acknowledged: 2, .answered: 1, .passed: 1, .failed: 1, .unreachable: 1],
        channels: [.sms: [.delivered: 1, .failed: 1], .voice: [.acknowledged: 2, .answered: 1]], possibleDuplicates: 1,
        communes: [
            CampaignReportData.Commune(
                code: CommuneCode("80021"), name: "Amiens", counts: [.acknowledged: 2, .answered: 1, .passed: 1],
                boundary: square),
            CampaignReportData.Commune(
                code: nil, name: "", counts: [.failed: 1, .unreachable: 1], boundary: nil),
        ],
        decision: DecisionTimes(
            openedAt: start.advanced(byMilliseconds: -3_100), askedAt: nil, launchedAt: start,
            firstMessageAt: start.advanced(byMilliseconds: 12)))

    @Test func `the text is for people`() {
        #expect(
            CampaignReport(Self.data).render(.text) == #"""
                Campaign 7 (EXERCISE, completed)
                Subject: EXERCICE - Crue
                Zone: perimeter “Crue, aval”
                Audience: 6 recipients (5 certain, 1 possible); 2 of the register could not be located
                Audience hash: abababababababababababababababababababababababababababababababab
                Launched by agent at 2023-11-14T22:13:20.000Z
                Shown to whoever launched it: 2023-11-14T22:13:16.900Z; from there to the first submission: 3.1 s
                First submission: 2023-11-14T22:13:20.012Z, last outcome: –, ended: 2023-11-14T22:14:21.005Z

                Answered and validated          2
                Answered, not validated         1
                Passed                          1
                Failed                          1
                Unreachable (no contact point)  1
                Still to be attempted           0
                Cancelled                       0
                Possible duplicates             1

                Channel  queued  in_flight  accepted  delivered  answered  acknowledged  failed  cancelled
                sms           0          0         0          1         0             0       1          0
                voice         0          0         0          0         1             2       0          0

                Commune       answered_validated  answered_not_validated  passed  failed  unreachable  pending  canc\#
                elled
                80021 Amiens                   2                       1       1       0            0        0      \#
                    0
                -                              0                       0       0       1            1        0      \#
                    0

                """#)
    }

    @Test func `the JSON has every count and time`() {
        #expect(
            CampaignReport(Self.data).render(.json) == #"""
                {"reference":"7","mode":"exercise","state":"completed","subject":"EXERCICE - Crue",\#
                "text":"EXERCICE - Montez à l’étage","zone":"perimeter “Crue, aval”",\#
                "audience_hash":"abababababababababababababababababababababababababababababababab",\#
                "created_by":"agent","started_at":"2023-11-14T22:13:20.000Z","ended_at":"2023-11-14T22:14:21.005Z",\#
                "first_submission_at":"2023-11-14T22:13:20.012Z","last_outcome_at":null,"opened_at":"2023-11-14T22:13:16.900Z","asked_at":null,\#
                "decision_to_first_message_seconds":3.1,"recipients":6,"certain":5,\#
                "possible":1,"not_located":2,"joined":0,"addenda":0,"possible_duplicates":1,"totals":{"answered_validated":2,\#
                "answered_not_validated":1,"passed":1,"failed":1,"unreachable":1,"pending":0,"cancelled":0},\#
                "channels":{"sms":{"queued":0,"in_flight":0,"accepted":0,"delivered":1,"answered":0,\#
                "acknowledged":0,"failed":1,"cancelled":0},"voice":{"queued":0,"in_flight":0,"accepted":0,\#
                "delivered":0,"answered":1,"acknowledged":2,"failed":0,"cancelled":0}},"estimate":[],"communes":[{"code":"80021",\#
                "name":"Amiens","recipients":4,"answered_validated":2,"answered_not_validated":1,"passed":1,\#
                "failed":0,"unreachable":0,"pending":0,"cancelled":0},{"code":null,"name":"","recipients":2,\#
                "answered_validated":0,"answered_not_validated":0,"passed":0,"failed":1,"unreachable":1,"pending":0,\#
                "cancelled":0}]}

                """#)
    }

    @Test func `the GeoJSON has a feature for each commune, without geometry where none is known`() {
        #expect(
            CampaignReport(Self.data).render(.geojson) == #"""
                {"type":"FeatureCollection","features":[
                {"type":"Feature","properties":{"code":"80021","name":"Amiens","recipients":4,\#
                "answered_validated":2,"answered_not_validated":1,"passed":1,"failed":0,"unreachable":0,"pending":0,\#
                "cancelled":0},"geometry":{"type":"Polygon","coordinates":[[[2,50],[2.1,50],[2.1,50.1],[2,50]]]}},
                {"type":"Feature","properties":{"code":null,"name":"","recipients":2,"answered_validated":0,\#
                "answered_not_validated":0,"passed":0,"failed":1,"unreachable":1,"pending":0,"cancelled":0},\#
                "geometry":null}
                ]}

                """#)
    }

    private func leg(
        _ channel: Channel, _ state: LegState, cause: FailureCause? = nil, attempts: Int = 1, from: Int64 = 0,
        to: Int64? = 1000, duplicate: Bool = false
    ) -> Line.Leg {
        Line.Leg(
            channel: channel, state: state, cause: cause, attempts: attempts,
            firstAttemptAt: Self.start.advanced(byMilliseconds: from),
            endedAt: to.map { Self.start.advanced(byMilliseconds: $0) }, possibleDuplicate: duplicate)
    }

    private func row(_ id: String, _ state: DeliveryState, _ legs: [Line.Leg]) -> String {
        CampaignReport.csvRow(
            Line(
                externalID: id, communeCode: CommuneCode("80021"), certainty: .possible, precision: .houseNumber,
                state: state, legs: legs))
    }

    @Test func `the CSV has a column for each channel's state, cause and attempts`() {
        #expect(CampaignReport(Self.data).render(.csv) == CampaignReport.csvHeader)
        #expect(
            CampaignReport.csvHeader
                == "external_id,commune_code,certainty,precision,state,first_attempt_at,ended_at,"
                + "sms_state,sms_cause,sms_attempts,voice_state,voice_cause,voice_attempts,"
                + "email_state,email_cause,email_attempts,fax_state,fax_cause,fax_attempts,possible_duplicate\n")
        #expect(
            row(
                "A,1", .passed,
                [
                    leg(.sms, .delivered, from: 5, duplicate: true),
                    leg(.email, .failed, cause: .refused, attempts: 3, to: 9000),
                ])
                == "\"A,1\",80021,possible,house_number,passed,2023-11-14T22:13:20.000Z,2023-11-14T22:13:29.000Z,"
                + "delivered,,1,,,,failed,refused,3,,,,1\n")
        #expect(
            row("B", .unreachable, [])
                == "B,80021,possible,house_number,unreachable,,,,,,,,,,,,,,,0\n")
    }

    @Test func `a recipient with an open leg has not ended`() {
        let row = row("C", .pending, [leg(.sms, .delivered), leg(.voice, .queued, to: nil)])
        #expect(row.contains("pending,2023-11-14T22:13:20.000Z,,delivered"))
    }

    @Test func `of several addresses of a channel the best one stands, and attempts add up`() {
        let order: [LegState] = [
            .cancelled, .failed, .queued, .inFlight, .accepted, .delivered, .answered, .acknowledged,
        ]
        #expect(Set(order) == Set(LegState.allCases))
        for (worse, better) in zip(order, order.dropFirst()) {
            let legs = [leg(.voice, worse, attempts: 2), leg(.voice, better, attempts: 3)]
            for legs in [legs, legs.reversed()] {
                #expect(row("D", .pending, legs).contains(",\(better.rawValue),,5,"), "\(worse), \(better)")
            }
        }
    }

    @Test func `every state of a delivery has its words, once`() {
        #expect(CampaignReport.states.count == DeliveryState.allCases.count)
        #expect(Set(CampaignReport.states.map(\.state)) == Set(DeliveryState.allCases))
        #expect(Set(CampaignReport.states.map(\.key)).count == CampaignReport.states.count)
    }
}
