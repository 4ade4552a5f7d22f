import AlertModel
import GRDB

/// What was said of an absorbed recipient's not being another, for the time it is part of the kept one.
struct CarriedDistinctions: Codable {
    struct Pair: Codable {
        let other: Int64
        let at: Int64
        let actor: String
    }

    /// All that was said of the absorbed one.
    let pairs: [Pair]
    /// Of whom the kept one was not yet said to be another.
    let taken: [Int64]
}

extension Database {
    /// Says of the kept one what was said of the absorbed one, before that goes.
    func carryDistinctions(of absorbed: Int64, to kept: Int64) throws -> CarriedDistinctions {
        let pairs = try Row.fetchAll(
            self,
            sql: """
                SELECT iif(first_id = ?1, second_id, first_id), at, actor FROM recipient_distinctions
                WHERE first_id = ?1 OR second_id = ?1 ORDER BY 1
                """, arguments: [absorbed]
        ).map { CarriedDistinctions.Pair(other: $0[0], at: $0[1], actor: $0[2]) }
        let taken = try pairs.filter { try $0.other != kept && distinguish(kept, $0) }.map(\.other)
        return CarriedDistinctions(pairs: pairs, taken: taken)
    }

    /// Says it of the absorbed one again, of whomever there still is.
    func bringBack(_ carried: CarriedDistinctions, of absorbed: Int64, from kept: Int64) throws {
        // What somebody said of the kept one itself meanwhile stays.
        for pair in carried.pairs where carried.taken.contains(pair.other) {
            try execute(
                sql: "DELETE FROM recipient_distinctions WHERE first_id = ? AND second_id = ? AND at = ? AND actor = ?",
                arguments: [min(kept, pair.other), max(kept, pair.other), pair.at, pair.actor])
        }
        for pair in carried.pairs { _ = try distinguish(absorbed, pair) }
    }

    /// - Returns: whether it was not known before.
    private func distinguish(_ one: Int64, _ pair: CarriedDistinctions.Pair) throws -> Bool {
        try execute(
            sql: """
                INSERT INTO recipient_distinctions (first_id, second_id, at, actor)
                SELECT ?, ?, ?, ? WHERE EXISTS (SELECT 1 FROM recipients WHERE id = ?) ON CONFLICT DO NOTHING
                """, arguments: [min(one, pair.other), max(one, pair.other), pair.at, pair.actor, pair.other])
        return changesCount == 1
    }
}
