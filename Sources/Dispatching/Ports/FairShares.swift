/// Shares places among campaigns by weight, over many claims as within one.
///
/// Places are numbered for ever. In each round of as many places as the weights' sum, every campaign has its weight's
/// number, spread over the round: who comes first when there is one place only changes with the number.
package enum FairShares {
    /// - Parameters:
    ///   - count: places to share now.
    ///   - weights: at least 1 each, in the campaigns' order.
    ///   - place: the number of the first place; grows by what was shared before.
    /// - Returns: places for each campaign; their sum is `count`.
    package static func quotas(_ count: Int, weights: [Int], from place: Int) -> [Int] {
        let round = weights.reduce(0, +)
        guard round > 0, count > 0 else { return weights.map { _ in 0 } }
        let wholeRounds = count / round
        var quotas = weights.map { $0 * wholeRounds }
        let left = count % round
        guard left > 0 else { return quotas }
        let order = order(of: weights)
        let first = place % round
        for offset in 0..<left { quotas[order[(first + offset) % round]] += 1 }
        return quotas
    }

    /// Which campaign each place of a round is, spread evenly (as smooth weighted round-robin does).
    static func order(of weights: [Int]) -> [Int] {
        let round = weights.reduce(0, +)
        var credits = weights.map { _ in 0 }
        return (0..<round).map { _ in
            var best = 0
            for index in weights.indices {
                credits[index] += weights[index]
                if credits[index] > credits[best] { best = index }
            }
            credits[best] -= round
            return best
        }
    }
}
