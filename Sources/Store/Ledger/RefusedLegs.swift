import AlertModel
import GRDB

extension Database {
    /// Leaves an address out of an organisation's information campaigns under way: what is queued is cancelled, what is in
    /// flight or waits for its receipt is not tried again. Alerts go on.
    func cancelInformation(of organisation: Int64, channel: Channel, address: String, now: UTCTime) throws {
        let legs = try Int64.fetchAll(
            cachedStatement(sql: """
                SELECT legs.id FROM campaigns CROSS JOIN legs ON legs.campaign_id = campaigns.id
                    AND legs.channel = ?2 AND legs.address = ?3
                WHERE campaigns.organisation_id = ?1 AND campaigns.kind = 'information'
                    AND (campaigns.state = 'running' OR campaigns.state = 'paused')
                    AND (legs.state = 'queued' OR legs.state = 'in_flight' OR legs.state = 'accepted')
                ORDER BY legs.id
                """), arguments: [organisation, channel.rawValue, address])
        for leg in legs {
            try cachedStatement(sql: "INSERT OR IGNORE INTO refused_legs (leg_id) VALUES (?)").execute(arguments: [leg])
        }
        if !legs.isEmpty { try cancelRefusedLegs(now: now) }
    }

    /// Cancels the legs of refused information that wait to be submitted, again or at all.
    func cancelRefusedLegs(now: UTCTime) throws {
        let legs = try Row.fetchAll(
            cachedStatement(sql: """
                SELECT legs.id, legs.state, legs.campaign_id, legs.channel, legs.delivery_id, legs.shared, legs.due_at
                FROM refused_legs CROSS JOIN legs ON legs.id = refused_legs.leg_id
                    JOIN campaigns ON campaigns.id = legs.campaign_id
                WHERE (legs.state <> 'in_flight' AND legs.state <> 'accepted')
                    OR campaigns.state = 'completed' OR campaigns.state = 'stopped'
                ORDER BY legs.id LIMIT 500
                """))
        guard !legs.isEmpty else { return }
        let end = try cachedStatement(sql: "UPDATE legs SET state = 'cancelled', cause = NULL, ended_at = ? WHERE id = ?")
        let done = try cachedStatement(sql: "DELETE FROM refused_legs WHERE leg_id = ?")
        var refresh = try DeliveryRefresh(self)
        var deltas = CounterDeltas()
        var deliveries: Set<Int64> = []
        for row in legs {
            let leg: Int64 = row[0]
            if try LegState(stored: row[1]) == .queued {
                try end.execute(arguments: [now.millisecondsSince1970, leg])
                deltas.moveLeg(campaign: row[2], channel: row[3], from: .queued, to: .cancelled)
                if UTCTime(stored: row[6]) == .never { deltas.add(-1, campaign: row[2], heldOn: row[3]) }
                deliveries.formUnion(try refresh.deliveries(ofLeg: leg, owner: row[4], isShared: row[5]))
            }
            try done.execute(arguments: [leg])
        }
        for delivery in deliveries.sorted() { try refresh.refresh(delivery, now: now, &deltas) }
        try deltas.write(to: self)
    }
}
