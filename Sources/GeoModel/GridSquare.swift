/// A square of the grids that INSEE and Eurostat publish population by, in the projected system its identifier names.
package struct GridSquare: Hashable, Sendable, Comparable {
    /// The EPSG code of the system: 3035 for metropolitan France, others overseas.
    package let epsgCode: Int
    package let sideMetres: Int
    /// Of the south-western corner; a multiple of the side.
    package let northMetres: Int
    package let eastMetres: Int

    /// The systems INSEE's squares have been published in: ETRS89 LAEA, then Martinique and Guadeloupe, Guyane, La
    /// Réunion and Mayotte.
    package static let systems: Set<Int> = [3035, 5490, 32620, 2972, 32622, 2975, 32740, 4471]
    /// INSEE publishes 200 m and 1 km; nobody publishes less than a field or more than a canton.
    package static let sidesMetres = 50...50_000

    package init(epsgCode: Int, sideMetres: Int, northMetres: Int, eastMetres: Int) {
        self.epsgCode = epsgCode
        self.sideMetres = sideMetres
        self.northMetres = northMetres
        self.eastMetres = eastMetres
    }

    /// - Parameter id: `CRS3035RES200mN2387600E3728800`: system, side, and the south-western corner north first.
    /// - Returns: nil for anything else, and for a corner that the grid does not have.
    package init?(id: some StringProtocol) {
        var rest = Substring(id.filter { !$0.isWhitespace })
        func number(after word: String, upTo end: String?) -> Int? {
            guard rest.hasPrefix(word) else { return nil }
            rest = rest.dropFirst(word.count)
            let digits = rest.prefix { ("0"..."9").contains($0) }
            rest = rest.dropFirst(digits.count)
            // Seven digits reach ten thousand kilometres.
            guard (1...8).contains(digits.count) else { return nil }
            if let end { guard rest.hasPrefix(end) else { return nil } }
            return Int(digits)
        }
        guard let epsg = number(after: "CRS", upTo: "RES"), Self.systems.contains(epsg),
              let side = number(after: "RES", upTo: "m"), Self.sidesMetres.contains(side)
        else { return nil }
        rest = rest.dropFirst()
        guard let north = number(after: "N", upTo: "E"), let east = number(after: "E", upTo: nil), rest.isEmpty,
              north.isMultiple(of: side), east.isMultiple(of: side)
        else { return nil }
        self.init(epsgCode: epsg, sideMetres: side, northMetres: north, eastMetres: east)
    }

    package var id: String { "CRS\(epsgCode)RES\(sideMetres)mN\(northMetres)E\(eastMetres)" }

    /// From south to north, then from west to east.
    package static func < (left: Self, right: Self) -> Bool {
        (left.epsgCode, left.sideMetres, left.northMetres, left.eastMetres)
            < (right.epsgCode, right.sideMetres, right.northMetres, right.eastMetres)
    }
}
