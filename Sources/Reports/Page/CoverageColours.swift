/// The classes of coverage on a map: one hue, the darker the better covered, as on the console's map.
enum CoverageColours {
    private static let ramp = ["#edf3f9", "#c3d9ec", "#8bb9dd", "#4a8fc4", "#1a639c"]
    static let unknown = "#e3e3e0"
    static let zone = "#b3131b"
    static let land = "#f4f6f7"

    /// Registers differ by orders of magnitude: the limits are picked so that the map says something.
    private static let scales = [
        [0.005, 0.01, 0.02, 0.04], [0.02, 0.04, 0.06, 0.1], [0.05, 0.1, 0.2, 0.35], [0.25, 0.4, 0.55, 0.7],
    ]

    /// Four rising limits between five classes.
    static func limits(for shares: [Double?]) -> [Double] {
        let known = shares.compactMap(\.self).sorted()
        guard !known.isEmpty else { return scales[3] }
        let high = known[min(known.count - 1, known.count * 4 / 5)]
        return scales.first { high <= $0[3] * 1.25 } ?? scales[3]
    }

    static func colour(of share: Double?, _ limits: [Double]) -> String {
        guard let share else { return unknown }
        return ramp[limits.firstIndex { share < $0 } ?? limits.count]
    }

    static func legend(_ limits: [Double]) -> [(colour: String, text: String)] {
        let texts = limits.map { FrenchText.percent($0) }
        return [(ramp[0], "moins de \(texts[0])")]
            + (1..<limits.count).map { (ramp[$0], "\(texts[$0 - 1]) à \(texts[$0])") }
            + [(ramp[limits.count], "\(texts[limits.count - 1]) et plus"), (unknown, "population inconnue ou nulle")]
    }
}
