import AlertModel
import GeoModel

/// What a campaign's report is made of; the caller reads it from the ledger.
package struct CampaignReportData: Sendable {
    /// One recipient's place in the campaign.
    package struct Line: Sendable {
        package struct Leg: Sendable {
            package let channel: Channel
            package let state: LegState
            package let cause: FailureCause?
            package let attempts: Int
            package let firstAttemptAt: UTCTime?
            package let endedAt: UTCTime?
            package let possibleDuplicate: Bool

            package init(
                channel: Channel, state: LegState, cause: FailureCause?, attempts: Int, firstAttemptAt: UTCTime?,
                endedAt: UTCTime?, possibleDuplicate: Bool
            ) {
                self.channel = channel
                self.state = state
                self.cause = cause
                self.attempts = attempts
                self.firstAttemptAt = firstAttemptAt
                self.endedAt = endedAt
                self.possibleDuplicate = possibleDuplicate
            }
        }

        package let externalID: String
        package let communeCode: CommuneCode?
        package let certainty: Certainty
        package let precision: Precision
        package let state: DeliveryState
        package let legs: [Leg]

        package init(
            externalID: String, communeCode: CommuneCode?, certainty: Certainty, precision: Precision,
            state: DeliveryState, legs: [Leg]
        ) {
            self.externalID = externalID
            self.communeCode = communeCode
            self.certainty = certainty
            self.precision = precision
            self.state = state
            self.legs = legs
        }
    }

    package struct Commune: Sendable {
        package let code: CommuneCode?
        package let name: String
        package let counts: [DeliveryState: Int]
        package let boundary: Area<WGS84>?

        package init(code: CommuneCode?, name: String, counts: [DeliveryState: Int], boundary: Area<WGS84>?) {
            self.code = code
            self.name = name
            self.counts = counts
            self.boundary = boundary
        }
    }

    package let reference: String
    package let mode: CampaignMode
    package let state: CampaignState
    package let message: Message
    package let zone: String
    package let audienceHash: String
    package let createdBy: String
    package let startedAt: UTCTime
    package let endedAt: UTCTime?
    package let firstSubmissionAt: UTCTime?
    package let lastOutcomeAt: UTCTime?
    package let recipients: Int
    package let certain: Int
    package let possible: Int
    package let notLocated: Int
    /// Of the recipients, who joined after the launch, in so many addenda.
    package let joined: (recipients: Int, addenda: Int)
    package let totals: [DeliveryState: Int]
    package let channels: [Channel: [LegState: Int]]
    package let possibleDuplicates: Int
    package let communes: [Commune]
    package let account: CampaignAccount
    /// How long it took to be decided, as far as that is known.
    package let decision: DecisionTimes

    package init(
        reference: String, mode: CampaignMode, state: CampaignState, message: Message, zone: String,
        audienceHash: String, createdBy: String, startedAt: UTCTime, endedAt: UTCTime?, firstSubmissionAt: UTCTime?,
        lastOutcomeAt: UTCTime?, recipients: Int, certain: Int, possible: Int, notLocated: Int,
        joined: (recipients: Int, addenda: Int) = (0, 0), totals: [DeliveryState: Int], channels: [Channel: [LegState: Int]], possibleDuplicates: Int,
        communes: [Commune], account: CampaignAccount = CampaignAccount(estimate: nil), decision: DecisionTimes? = nil
    ) {
        self.account = account
        self.decision = decision
            ?? DecisionTimes(openedAt: nil, askedAt: nil, launchedAt: startedAt, firstMessageAt: firstSubmissionAt)
        self.reference = reference
        self.mode = mode
        self.state = state
        self.message = message
        self.zone = zone
        self.audienceHash = audienceHash
        self.createdBy = createdBy
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.firstSubmissionAt = firstSubmissionAt
        self.lastOutcomeAt = lastOutcomeAt
        self.recipients = recipients
        self.certain = certain
        self.possible = possible
        self.notLocated = notLocated
        self.joined = joined
        self.totals = totals
        self.channels = channels
        self.possibleDuplicates = possibleDuplicates
        self.communes = communes
    }
}

/// Renders a campaign's report: the four lists a prefecture asks for (passed, answered and validated, answered not
/// validated, failed), with times. No name, address or number leaves by here.
package struct CampaignReport {
    /// The order in which states are listed, and the words for them.
    package static let states: [(state: DeliveryState, key: String, words: String)] = [
        (.acknowledged, "answered_validated", "Answered and validated"),
        (.answered, "answered_not_validated", "Answered, not validated"),
        (.passed, "passed", "Passed"),
        (.failed, "failed", "Failed"),
        (.unreachable, "unreachable", "Unreachable (no contact point)"),
        (.pending, "pending", "Still to be attempted"),
        (.cancelled, "cancelled", "Cancelled"),
    ]

    private let data: CampaignReportData

    package init(_ data: CampaignReportData) {
        self.data = data
    }

    /// Everything but the rows of `csv`, which are streamed: see `csvHeader` and `csvRow`.
    package func render(_ format: ReportFormat) -> String {
        switch format {
        case .text: text
        case .json: json
        case .geojson: geoJSON
        case .csv: Self.csvHeader
        }
    }

    package static let csvHeader: String = {
        var writer = CSVWriter()
        writer.row(
            ["external_id", "commune_code", "certainty", "precision", "state", "first_attempt_at", "ended_at"]
                + Channel.allCases.flatMap { ["\($0.rawValue)_state", "\($0.rawValue)_cause", "\($0.rawValue)_attempts"] }
                + ["possible_duplicate"])
        return writer.text
    }()

    /// One delivery. Where a recipient has several addresses of a channel the best state stands, and attempts add up.
    package static func csvRow(_ line: CampaignReportData.Line) -> String {
        var writer = CSVWriter()
        let byChannel = Dictionary(grouping: line.legs, by: \.channel)
        let first = line.legs.compactMap(\.firstAttemptAt).min()
        let last = line.legs.allSatisfy { $0.endedAt != nil } ? line.legs.compactMap(\.endedAt).max() : nil
        let cells = Channel.allCases.flatMap { channel -> [String] in
            guard let legs = byChannel[channel] else { return ["", "", ""] }
            let best = legs.max { rank($0.state) < rank($1.state) }!
            return [best.state.rawValue, best.cause?.rawValue ?? "", String(legs.reduce(0) { $0 + $1.attempts })]
        }
        writer.row(
            [
                line.externalID, line.communeCode?.rawValue ?? "", line.certainty.rawValue, line.precision.rawValue,
                key(line.state), time(first), time(last),
            ] + cells + [line.legs.contains(where: \.possibleDuplicate) ? "1" : "0"])
        return writer.text
    }

    /// How far a leg got: an address given up is never shown before one that was reached or still may be.
    private static func rank(_ state: LegState) -> Int {
        switch state {
        case .cancelled: 0
        case .failed: 1
        case .queued: 2
        case .inFlight: 3
        case .accepted: 4
        case .delivered: 5
        case .answered: 6
        case .acknowledged: 7
        }
    }

    private static func key(_ state: DeliveryState) -> String {
        states.first { $0.state == state }?.key ?? state.rawValue
    }

    private static func time(_ time: UTCTime?) -> String { time.map { ISO8601.text($0) } ?? "" }

    private var askedText: String {
        data.decision.askedAt.map { ", a second person asked at \(Self.time($0))" } ?? ""
    }

    private var text: String {
        func moment(_ time: UTCTime?) -> String { time.map { ISO8601.text($0) } ?? "–" }
        var text = """
            Campaign \(data.reference) (\(data.mode == .exercise ? "EXERCISE" : "REAL"), \(data.state.rawValue))
            Subject: \(data.message.subject)
            Zone: \(data.zone)
            Audience: \(data.recipients) recipients (\(data.certain) certain, \(data.possible) possible); \
            \(data.notLocated) of the register could not be located
            Audience hash: \(data.audienceHash)
            Launched by \(data.createdBy) at \(Self.time(data.startedAt))
            Shown to whoever launched it: \(moment(data.decision.openedAt))\(askedText); from there to the first submission: \
            \(data.decision.decisionToFirstMessage.map { "\($0) s" } ?? "not known")
            First submission: \(moment(data.firstSubmissionAt)), last outcome: \(moment(data.lastOutcomeAt)), \
            ended: \(moment(data.endedAt))


            """
        if data.joined.addenda > 0 {
            text.removeLast()
            text += "Joined since: \(data.joined.recipients) of them, in \(data.joined.addenda) addenda\n\n"
        }
        var totals = TextTable()
        for (state, _, words) in Self.states { totals.row([words, String(data.totals[state] ?? 0)]) }
        totals.row(["Possible duplicates", String(data.possibleDuplicates)])
        text += totals.text + "\n"
        var channels = TextTable()
        channels.row(["Channel"] + LegState.allCases.map(\.rawValue))
        for channel in Channel.allCases {
            guard let states = data.channels[channel] else { continue }
            channels.row([channel.rawValue] + LegState.allCases.map { String(states[$0] ?? 0) })
        }
        text += channels.text + "\n"
        if !data.account.figures.isEmpty { text += EstimateTable.text(data.account) + "\n" }
        var communes = TextTable()
        communes.row(["Commune"] + Self.states.map(\.key))
        for commune in data.communes {
            communes.row(
                [[commune.code?.rawValue ?? "-", commune.name].joined(separator: " ")]
                    + Self.states.map { String(commune.counts[$0.state] ?? 0) })
        }
        return text + communes.text
    }

    private var json: String {
        var object = JSONObject()
        object.append("reference", .string(data.reference))
        object.append("mode", .string(data.mode.rawValue))
        object.append("state", .string(data.state.rawValue))
        object.append("subject", .string(data.message.subject))
        object.append("text", .string(data.message.text))
        object.append("zone", .string(data.zone))
        object.append("audience_hash", .string(data.audienceHash))
        object.append("created_by", .string(data.createdBy))
        for (key, moment) in [
            ("started_at", data.startedAt), ("ended_at", data.endedAt), ("first_submission_at", data.firstSubmissionAt),
            ("last_outcome_at", data.lastOutcomeAt), ("opened_at", data.decision.openedAt), ("asked_at", data.decision.askedAt),
        ] {
            object.append(key, moment.map { .string(ISO8601.text($0)) } ?? .null)
        }
        object.append(
            "decision_to_first_message_seconds", data.decision.decisionToFirstMessage.map { .number($0) } ?? .null)
        for (key, count) in [
            ("recipients", data.recipients), ("certain", data.certain), ("possible", data.possible),
            ("not_located", data.notLocated), ("joined", data.joined.recipients), ("addenda", data.joined.addenda),
            ("possible_duplicates", data.possibleDuplicates),
        ] {
            object.append(key, .number(Double(count)))
        }
        object.append("totals", .object(Self.object(data.totals)))
        var channels = JSONObject()
        for channel in Channel.allCases {
            guard let states = data.channels[channel] else { continue }
            var counts = JSONObject()
            for state in LegState.allCases { counts.append(state.rawValue, .number(Double(states[state] ?? 0))) }
            channels.append(channel.rawValue, .object(counts))
        }
        object.append("channels", .object(channels))
        object.append("estimate", EstimateTable.value(data.account))
        object.append("communes", .array(data.communes.map { .object(Self.object($0)) }))
        var writer = JSONWriter()
        writer.value(.object(object))
        return writer.text + "\n"
    }

    private var geoJSON: String {
        var writer = JSONWriter()
        writer.raw("{\"type\":\"FeatureCollection\",\"features\":[")
        for (index, commune) in data.communes.enumerated() {
            writer.raw(index == 0 ? "\n" : ",\n")
            writer.feature(properties: Self.object(commune), area: commune.boundary)
        }
        writer.raw("\n]}\n")
        return writer.text
    }

    private static func object(_ commune: CampaignReportData.Commune) -> JSONObject {
        var object = JSONObject()
        object.append("code", commune.code.map { .string($0.rawValue) } ?? .null)
        object.append("name", .string(commune.name))
        object.append("recipients", .number(Double(commune.counts.values.reduce(0, +))))
        for member in Self.object(commune.counts).members { object.append(member.key, member.value) }
        return object
    }

    private static func object(_ counts: [DeliveryState: Int]) -> JSONObject {
        var object = JSONObject()
        for (state, key, _) in states { object.append(key, .number(Double(counts[state] ?? 0))) }
        return object
    }
}
