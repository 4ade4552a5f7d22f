import AlertModel
import Dispatching
import GRDB

/// Tariffs by organisation. One is never changed: a later one follows it, so that what was sent keeps its price.
extension AlertDatabase {
    /// Settles what an organisation pays, in one transaction with its entry in the journal.
    ///
    /// - Parameters:
    ///   - gateway: nil for all of the channel's that have none of their own.
    ///   - tariff: nil lets those above settle it again.
    ///   - from: now, or later.
    /// - Throws: `QuotaError.inThePast`, `.outOfBounds` for a unit that the channel is not charged by.
    package func setTariff(
        _ tariff: Tariff?, of organisation: OrganisationID, channel: Channel, gateway: String? = nil, from: UTCTime,
        actor: String, now: UTCTime = .now
    ) throws {
        guard from >= now else { throw QuotaError.inThePast }
        if let tariff, !tariff.unit.isOf(channel) {
            throw QuotaError.outOfBounds("\(channel.rawValue) is not charged by the \(tariff.unit.rawValue)")
        }
        try pool.write { database in
            try database.execute(
                sql: """
                    INSERT INTO tariffs (organisation_id, channel, gateway, unit, price, currency, from_at, set_at, set_by)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    organisation.rawValue, channel.rawValue, gateway ?? "", (tariff?.unit ?? .message).rawValue,
                    tariff?.price.millionths, tariff?.price.currency ?? "EUR", from.millisecondsSince1970,
                    now.millisecondsSince1970, actor,
                ])
            try database.audit(
                actor: actor, action: "organisation.tariff", subject: try database.organisationName(organisation),
                detail: [
                    "channel": channel.rawValue, "gateway": gateway ?? "",
                    "tariff": tariff.map { "\($0.price) a \($0.unit.rawValue)" } ?? "inherited",
                    "from": String(from.millisecondsSince1970),
                ], organisation: organisation)
        }
    }

    /// All that were ever settled for an organisation, the newest first.
    package func tariffs(of organisation: OrganisationID) throws -> [DatedTariff] {
        try pool.read { try $0.tariffs(of: [organisation]).reversed() }
    }

    /// What holds for an organisation now, by its own word or that of those above it.
    package func tariffBook(of organisation: OrganisationID) throws -> TariffBook {
        try pool.read { try $0.tariffBook(of: organisation) }
    }

    /// Keeps what the machine's files say of its real gateways, so that launches and quotas can be judged by it.
    /// - Parameter gateways: all of them; none says nothing, since a shell without the files knows less than the server.
    package func remember(_ gateways: [KnownGateway]) throws {
        guard !gateways.isEmpty else { return }
        let sorted = gateways.sorted { $0.name < $1.name }
        guard try pool.read({ try $0.knownGateways() }) != sorted else { return }
        try pool.write { database in
            try database.execute(sql: "DELETE FROM known_gateways")
            for gateway in sorted {
                try database.execute(
                    sql: "INSERT INTO known_gateways (name, channel, unit, price, currency) VALUES (?, ?, ?, ?, ?)",
                    arguments: [
                        gateway.name, gateway.channel.rawValue, gateway.tariff?.unit.rawValue, gateway.tariff?.price.millionths,
                        gateway.tariff?.price.currency,
                    ])
            }
        }
    }

    /// By name.
    package func knownGateways() throws -> [KnownGateway] { try pool.read { try $0.knownGateways() } }
}

extension Tariff.Unit {
    /// Whether a channel may be charged by it.
    fileprivate func isOf(_ channel: Channel) -> Bool {
        switch self {
        case .segment: channel == .sms
        case .minute: channel == .voice
        case .message: true
        }
    }
}

extension Tariff {
    /// From three columns of a row, NULL where there is none.
    init?(unit: String?, price: Int64?, currency: String?) throws {
        guard let price, let currency else { return nil }
        guard let unit = unit.flatMap(Unit.init) else { throw LedgerError.unreadable("a tariff of no unit") }
        self.init(unit: unit, price: Money(millionths: price, currency: currency))
    }
}

extension Database {
    func knownGateways() throws -> [KnownGateway] {
        try Row.fetchAll(self, sql: "SELECT name, channel, unit, price, currency FROM known_gateways ORDER BY name").map { row in
            KnownGateway(
                name: row[0], channel: try Channel(stored: row[1]),
                tariff: try Tariff(unit: row[2], price: row[3], currency: row[4]))
        }
    }

    func tariffBook(of organisation: OrganisationID) throws -> TariffBook {
        let lineage = try lineage(of: organisation)
        return TariffBook(lineage: lineage, try tariffs(of: lineage))
    }

    /// In the order in which they were settled.
    fileprivate func tariffs(of organisations: [OrganisationID]) throws -> [DatedTariff] {
        try Row.fetchAll(
            self,
            sql: """
                SELECT organisation_id, channel, gateway, unit, price, currency, from_at FROM tariffs
                WHERE organisation_id IN (\(organisations.map { String($0.rawValue) }.joined(separator: ","))) ORDER BY id
                """
        ).map { row in
            let gateway: String = row[2]
            return DatedTariff(
                organisation: OrganisationID(rawValue: row[0]), channel: try Channel(stored: row[1]),
                gateway: gateway.isEmpty ? nil : gateway, tariff: try Tariff(unit: row[3], price: row[4], currency: row[5]),
                from: UTCTime(stored: row[6]))
        }
    }

    /// What each gateway that an organisation may use charges it now, in the order of names.
    func prices(for organisation: OrganisationID, now: UTCTime) throws -> [(gateway: KnownGateway, tariff: Tariff?)] {
        let access = try gatewayBook().access(of: organisation)
        let book = try tariffBook(of: organisation)
        return try knownGateways().filter { access.allows($0.name, on: $0.channel) }.map { gateway in
            (gateway, book.tariff(of: gateway.name, on: gateway.channel, at: now)?.tariff ?? gateway.tariff)
        }
    }
}
