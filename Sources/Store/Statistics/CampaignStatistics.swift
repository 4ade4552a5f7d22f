import AlertModel
import Campaigns
import Dispatching
import GRDB

/// What an organisation's campaigns of one month and mode came to.
package struct CampaignFigures: Sendable {
    /// By channel: messages that passed or failed, and what was paid for once the campaign was over.
    package struct OfChannel: Sendable {
        package let channel: Channel
        package var reached = 0
        package var failed = 0
        package var messages = 0
        package var segments = 0
        /// One sum for each currency.
        package var costs: [Money] = []
    }

    /// People whom nothing reached, by the last cause of a way.
    package struct OfCause: Sendable {
        package let channel: Channel
        package let cause: FailureCause
        package let recipients: Int
    }

    package let organisation: OrganisationID
    package let name: String
    package let year: Int
    package let month: Int
    package let mode: CampaignMode
    package internal(set) var campaigns = 0
    package internal(set) var recipients = 0
    /// Of the campaigns, those whose delays and causes are not counted: something of them is under way.
    package internal(set) var uncounted = 0
    /// Recipients by the state of their delivery, as the ledger counts them.
    package internal(set) var states: [String: Int] = [:]
    /// Seconds from the launch until half, and nine tenths, of those who were reached had been; nil where nobody was.
    package internal(set) var halfReachedSeconds: Int?
    package internal(set) var mostReachedSeconds: Int?
    package internal(set) var channels: [OfChannel] = []
    /// The most frequent first.
    package internal(set) var causes: [OfCause] = []
}

extension AlertDatabase {
    /// Figures of the last months, the newest first, of an organisation and those below it: from counters that the ledger keeps
    /// and what `tally` counted of ended campaigns, never from recipients. A month without campaigns has none.
    ///
    /// - Parameters:
    ///   - months: how many, this one included.
    ///   - mostOrganisations: the first so many of the tree.
    /// - Returns: and whether there were more organisations.
    package func campaignFigures(
        under organisation: OrganisationID, months: Int, mostOrganisations: Int, now: UTCTime = .now
    ) throws -> (figures: [CampaignFigures], isCut: Bool) {
        try settleCharges(most: Self.mostSettledAtOnce, now: now)
        let window = try figuresWindow(under: organisation, months: months, mostOrganisations: mostOrganisations, now: now)
        guard !window.spans.isEmpty else { return ([], window.isCut) }
        return (try pool.read { try MonthReading($0, window.places, window.spans).figures() }, window.isCut)
    }

    /// Whose campaigns, of which months, the newest first; and whether there were more organisations.
    func figuresWindow(
        under organisation: OrganisationID, months: Int, mostOrganisations: Int, now: UTCTime
    ) throws -> (places: [Organisation], spans: [MonthSpan], isCut: Bool) {
        let clock = try localClock(ofOrganisationNamed: name(of: organisation))
        let places = try organisationTree(under: organisation).map(\.organisation)
        let today = clock.reading(at: now).day.parts
        let spans = (0..<months).map { back in
            MonthSpan(number: today.year * 12 + today.month - 1 - back, clock)
        }
        return (Array(places.prefix(mostOrganisations)), spans, places.count > mostOrganisations)
    }
}

/// A month by an organisation's clock.
struct MonthSpan {
    /// Since the year 0.
    let number: Int
    let from: UTCTime
    let to: UTCTime

    init(number: Int, _ clock: LocalClock) {
        self.number = number
        let year = number / 12, month = number % 12 + 1
        from = clock.moment(of: CivilDay(year: year, month: month, day: 1), second: 0)
        to = clock.moment(of: CivilDay(year: year, month: month + 1, day: 1), second: 0)
    }
}

/// The months of all the organisations at once: one question of each kind.
private struct MonthReading {
    private struct Key: Hashable {
        let organisation: Int64
        let month: Int
        let mode: String
    }

    private static let groups = "organisation_id, month, mode"

    private let database: Database
    private let places: [Organisation]
    private let spans: [MonthSpan]
    /// `those`: the campaigns, each with its month.
    private let those: String
    private let arguments: StatementArguments

    init(_ database: Database, _ places: [Organisation], _ spans: [MonthSpan]) {
        self.database = database
        self.places = places
        self.spans = spans
        those = """
            WITH spans (month, start, stop) AS (VALUES \(Array(repeating: "(?, ?, ?)", count: spans.count).joined(separator: ", "))),
            those AS (
                SELECT campaigns.id, organisation_id, month, mode, recipients FROM campaigns
                JOIN spans ON created_at >= start AND created_at < stop
                WHERE organisation_id IN (SELECT value FROM json_each(?)))
            """
        arguments = StatementArguments(spans.flatMap { [Int64($0.number), $0.from.millisecondsSince1970, $0.to.millisecondsSince1970] })
            + [places.map(\.id.rawValue).json]
    }

    /// - Parameter body: given each row with its month's figures; its first three columns are `groups`.
    private func read(_ sql: String, _ all: inout [Key: CampaignFigures], _ body: (Row, inout CampaignFigures) throws -> Void) throws {
        for row in try Row.fetchAll(database, sql: those + "\n" + sql, arguments: arguments) {
            let key = Key(organisation: row[0], month: row[1], mode: row[2])
            guard var figures = all[key] else { continue }
            try body(row, &figures)
            all[key] = figures
        }
    }

    func figures() throws -> [CampaignFigures] {
        var all: [Key: CampaignFigures] = [:]
        for place in places {
            for span in spans {
                for mode in [CampaignMode.real, .exercise] {
                    all[Key(organisation: place.id.rawValue, month: span.number, mode: mode.rawValue)] = CampaignFigures(
                        organisation: place.id, name: place.name, year: span.number / 12, month: span.number % 12 + 1, mode: mode)
                }
            }
        }
        try read("""
            SELECT \(Self.groups), count(*), sum(recipients), count(*) - count(campaign_tallies.campaign_id)
            FROM those LEFT JOIN campaign_tallies ON campaign_id = those.id GROUP BY \(Self.groups)
            """, &all) { row, figures in
            (figures.campaigns, figures.recipients, figures.uncounted) = (row[3], row[4], row[5])
        }
        try readStates(&all)
        try readCharges(&all)
        try readDelays(&all)
        try read("""
            SELECT \(Self.groups), channel, cause, sum(campaign_causes.recipients)
            FROM those JOIN campaign_causes ON campaign_id = those.id
            GROUP BY \(Self.groups), channel, cause ORDER BY 6 DESC, channel, cause
            """, &all) { row, figures in
            figures.causes.append(
                .init(channel: try Channel(stored: row[3]), cause: try FailureCause(stored: row[4]), recipients: row[5]))
        }
        return spans.flatMap { span in
            places.flatMap { place in
                [CampaignMode.real, .exercise].compactMap { mode in
                    all[Key(organisation: place.id.rawValue, month: span.number, mode: mode.rawValue)].flatMap {
                        $0.campaigns > 0 ? $0 : nil
                    }
                }
            }
        }
    }

    private func readStates(_ all: inout [Key: CampaignFigures]) throws {
        try read("""
            SELECT \(Self.groups), scope, campaign_counters.state, sum(count)
            FROM those JOIN campaign_counters ON campaign_id = those.id
            GROUP BY \(Self.groups), scope, campaign_counters.state ORDER BY scope, campaign_counters.state
            """, &all) { row, figures in
            let scope: String = row[3], state: String = row[4], count: Int = row[5]
            if scope == "delivery" { figures.states[state, default: 0] += count }
            guard let channel = Channel(rawValue: scope) else { return }
            switch state {
            case "delivered", "accepted", "answered", "acknowledged": figures[channel].reached += count
            case "failed": figures[channel].failed += count
            default: break
            }
        }
    }

    private func readCharges(_ all: inout [Key: CampaignFigures]) throws {
        try read("""
            SELECT \(Self.groups), channel, sum(messages), sum(segments), sum(cost), currency
            FROM those JOIN campaign_charges ON campaign_id = those.id AND campaign_charges.state = 'spent'
            GROUP BY \(Self.groups), channel, currency ORDER BY channel, currency
            """, &all) { row, figures in
            guard let channel = Channel(rawValue: row[3]) else { return }
            figures[channel].messages += row[4]
            figures[channel].segments += row[5]
            if let cost = row[6] as Int64?, let currency = row[7] as String? {
                figures[channel].costs.append(Money(millionths: cost, currency: currency))
            }
        }
    }

    /// The first second by which so many hundredths of those who were reached had been.
    private func readDelays(_ all: inout [Key: CampaignFigures]) throws {
        try read("""
            , sums AS (
                SELECT \(Self.groups), seconds, sum(campaign_delays.recipients) AS reached
                FROM those JOIN campaign_delays ON campaign_id = those.id GROUP BY \(Self.groups), seconds),
            running AS (
                SELECT \(Self.groups), seconds, sum(reached) OVER (PARTITION BY \(Self.groups) ORDER BY seconds) AS by_then,
                    sum(reached) OVER (PARTITION BY \(Self.groups)) AS total
                FROM sums)
            SELECT \(Self.groups), min(CASE WHEN by_then * 100 >= total * 50 THEN seconds END),
                min(CASE WHEN by_then * 100 >= total * 90 THEN seconds END)
            FROM running GROUP BY \(Self.groups)
            """, &all) { row, figures in
            (figures.halfReachedSeconds, figures.mostReachedSeconds) = (row[3], row[4])
        }
    }
}

extension CampaignFigures {
    /// In the order of channels, made where there is none yet.
    fileprivate subscript(_ channel: Channel) -> OfChannel {
        get { channels.first { $0.channel == channel } ?? OfChannel(channel: channel) }
        set {
            channels.removeAll { $0.channel == channel }
            channels.append(newValue)
            channels.sort { $0.channel < $1.channel }
        }
    }
}
