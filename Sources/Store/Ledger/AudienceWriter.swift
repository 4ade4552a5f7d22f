import AlertModel
import Campaigns
import Dispatching
import GRDB
import GeoModel

/// Writes an audience's deliveries and legs. One leg per channel and address: a household that shares a number is
/// called once, and each of its members is followed through that one leg.
struct AudienceWriter {
    private let database: Database
    private let campaign: Int64
    private let audience: AudienceHash
    private let addendum: Int
    private let channels: Set<Channel>
    private let cascade: Cascade?
    private let now: Int64
    private let insertDelivery: RawStatement
    private let insertLeg: RawStatement
    private let findLeg: Statement
    private let shareLeg: Statement
    private let markShared: Statement
    private let release: Statement
    private let keepValues: Statement
    private var deltas = CounterDeltas()

    /// - Parameter addendum: the number of the addendum whose hash `audience` is; 0 for the campaign's own audience.
    init(
        database: Database, campaign: Int64, audience: AudienceHash, policy: Policy, now: UTCTime, addendum: Int = 0
    ) throws {
        self.addendum = addendum
        self.database = database
        self.campaign = campaign
        self.audience = audience
        self.now = now.millisecondsSince1970
        channels = Set(policy.channels)
        cascade = policy.cascade
        insertDelivery = try RawStatement(database, """
            INSERT INTO deliveries (campaign_id, recipient_id, external_id, name, commune_code, precision, certainty,
                language, why, state, changed_at, addendum)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        insertLeg = try RawStatement(database, """
            INSERT INTO legs (campaign_id, delivery_id, channel, address, rank, state, due_at, seal, sole, stage, addendum)
            VALUES (?, ?, ?, ?, ?, 'queued', ?, ?, ?, ?, ?)
            ON CONFLICT (campaign_id, channel, address) DO NOTHING
            """)
        findLeg = try database.makeStatement(sql: """
            SELECT id, delivery_id, due_at, state, cause, seal FROM legs WHERE campaign_id = ? AND channel = ? AND address = ?
            """)
        shareLeg = try database.makeStatement(sql: """
            INSERT INTO leg_shares (delivery_id, leg_id, stage) VALUES (?, ?, ?) ON CONFLICT DO NOTHING
            """)
        markShared = try database.makeStatement(sql: "UPDATE legs SET shared = 1, sole = 0 WHERE id = ?")
        release = try database.makeStatement(sql: "UPDATE legs SET state = 'queued', cause = NULL, due_at = ?, ended_at = NULL WHERE id = ?")
        keepValues = try database.makeStatement(sql: """
            INSERT INTO leg_values (leg_id, document, seal) VALUES (?, ?, ?)
            ON CONFLICT (leg_id) DO UPDATE SET document = excluded.document, seal = excluded.seal
            """)
        for channel in policy.channels { deltas.add(0, campaign: campaign, channel: channel.rawValue, .queued) }
    }

    /// - Returns: the delivery's row number.
    @discardableResult
    mutating func write(_ entry: AudienceEntry) throws -> Int64 {
        let contacts = entry.contactPoints.filter { channels.contains($0.channel) }
        let state = contacts.isEmpty ? DeliveryState.unreachable : .pending
        insertDelivery.bind(campaign, at: 1)
        insertDelivery.bind(entry.recipient.rawValue, at: 2)
        insertDelivery.bind(entry.externalID, at: 3)
        insertDelivery.bind(entry.name?.value, at: 4)
        insertDelivery.bind(entry.communeCode?.rawValue, at: 5)
        insertDelivery.bind(entry.precision.rawValue, at: 6)
        insertDelivery.bind(entry.certainty.rawValue, at: 7)
        insertDelivery.bind(entry.language, at: 8)
        insertDelivery.bind(entry.why, at: 9)
        insertDelivery.bind(state.rawValue, at: 10)
        insertDelivery.bind(now, at: 11)
        insertDelivery.bind(Int64(addendum), at: 12)
        try insertDelivery.run()
        deltas.add(1, campaign: campaign, delivery: state)
        let delivery = database.lastInsertedRowID
        try write(contacts, of: entry, delivery)
        return delivery
    }

    /// Gives a delivery that had no address the entry's.
    mutating func write(contactsOf entry: AudienceEntry, to delivery: Int64) throws {
        try write(entry.contactPoints.filter { channels.contains($0.channel) }, of: entry, delivery)
    }

    private mutating func write(_ contacts: [ContactPoint], of entry: AudienceEntry, _ delivery: Int64) throws {
        guard let cascade else {
            for contact in contacts { try write(contact, of: entry, delivery, isSole: contacts.count == 1) }
            return
        }
        let stages = cascade.stages(of: contacts)
        for (contact, stage) in stages {
            // Steps for which the recipient has nothing are not waited for.
            try write(
                contact, of: entry, delivery, isSole: contacts.count == 1, stage: stage,
                isHeld: stage != stages.first?.stage)
        }
    }

    private mutating func write(
        _ contact: ContactPoint, of entry: AudienceEntry, _ delivery: Int64, isSole: Bool, stage: Int = 0,
        isHeld: Bool = false
    ) throws {
        let seal = LegSeal(
            audience: audience, externalID: entry.externalID, certainty: entry.certainty, channel: contact.channel,
            address: contact.address)
        insertLeg.bind(campaign, at: 1)
        insertLeg.bind(delivery, at: 2)
        insertLeg.bind(contact.channel.rawValue, at: 3)
        insertLeg.bind(contact.address.value, at: 4)
        insertLeg.bind(Int64(contact.rank), at: 5)
        insertLeg.bind(isHeld ? UTCTime.never.millisecondsSince1970 : now, at: 6)
        insertLeg.bind(seal.rawValue, at: 7)
        insertLeg.bind(isSole, at: 8)
        insertLeg.bind(Int64(stage), at: 9)
        insertLeg.bind(Int64(addendum), at: 10)
        try insertLeg.run()
        if database.changesCount == 1 {
            deltas.add(1, campaign: campaign, channel: contact.channel.rawValue, .queued)
            if isHeld { deltas.add(1, campaign: campaign, heldOn: contact.channel.rawValue) }
            if let values = entry.values { try keep(values, of: database.lastInsertedRowID, seal) }
            return
        }
        let row = try Row.fetchOne(
            findLeg, arguments: [campaign, contact.channel.rawValue, contact.address.value])
        // The same number twice in one recipient's own card needs no link.
        guard let row, row[1] != delivery else { return }
        let leg: Int64 = row[0]
        try shareLeg.execute(arguments: [delivery, leg, stage])
        try markShared.execute(arguments: [leg])
        if let values = entry.values, let others = try database.values(of: leg) {
            try keep(others.values.common(with: values), of: leg, LegSeal(rawValue: row[5]))
        }
        let channel = contact.channel.rawValue
        let state = try LegState(stored: row[3])
        // Whoever of the household comes first has it sent, also when the others no longer needed it, or when nothing
        // carried the channel before.
        let isAnew = state == .cancelled || (state == .failed && row[4] == FailureCause.unavailable.rawValue)
        let isReleased = state == .queued && UTCTime(stored: row[2]) == .never && !isHeld
        guard isAnew || isReleased else { return }
        try release.execute(arguments: [isHeld ? UTCTime.never.millisecondsSince1970 : now, leg])
        if isAnew {
            deltas.moveLeg(campaign: campaign, channel: channel, from: state, to: .queued)
            if isHeld { deltas.add(1, campaign: campaign, heldOn: channel) }
        } else {
            deltas.add(-1, campaign: campaign, heldOn: channel)
        }
    }

    private func keep(_ values: PersonalValues, of leg: Int64, _ seal: LegSeal) throws {
        try keepValues.execute(arguments: [leg, values.document, ValuesSeal(values, of: seal).rawValue])
    }

    func finish() throws { try deltas.write(to: database) }
}

extension Database {
    /// What fills the places of a leg's texts; nil for a campaign that is not personal, and for a document that cannot be
    /// read: the last check withholds that leg, and the others leave.
    func values(of leg: Int64) throws -> SealedValues? {
        guard let row = try Row.fetchOne(
            cachedStatement(sql: "SELECT document, seal FROM leg_values WHERE leg_id = ?"), arguments: [leg])
        else { return nil }
        guard let values = PersonalValues(document: row[0]) else { return nil }
        return SealedValues(values, ValuesSeal(rawValue: row[1]))
    }
}
