import GeoModel

/// How a commune's legal population was shared out to a part of it.
package enum PopulationMethod: String, CaseIterable, Sendable {
    /// All of the commune is inside: nothing was shared out.
    case whole
    /// By the imported addresses (house numbers) inside, of all of the commune's.
    case addresses
    /// By the people of a population grid's squares inside, of all in the commune.
    case grid
    /// By the ground inside, of all of the commune's.
    case area
}

/// What tells where in a commune its people live.
///
/// The store supplies it inside one read transaction; it is valid only there, so it is not Sendable.
package struct PopulationSources {
    /// The house numbers whose address bears one of the codes.
    package var doors: ([CommuneCode], _ body: (Position<WGS84>) throws -> Void) throws -> Void
    /// The population grids there are, as system and side in metres, the finest first.
    package var grids: () throws -> [(epsgCode: Int, sideMetres: Int)]
    /// Squares of one grid by the range of their corners, with their people.
    package var squares:
        (
            _ epsgCode: Int, _ sideMetres: Int, _ norths: ClosedRange<Int>, _ easts: ClosedRange<Int>,
            _ body: (GridSquare, Double) throws -> Void
        ) throws -> Void

    package init(
        doors: @escaping ([CommuneCode], (Position<WGS84>) throws -> Void) throws -> Void,
        grids: @escaping () throws -> [(epsgCode: Int, sideMetres: Int)],
        squares: @escaping (
            Int, Int, ClosedRange<Int>, ClosedRange<Int>, (GridSquare, Double) throws -> Void
        ) throws -> Void
    ) {
        self.doors = doors
        self.grids = grids
        self.squares = squares
    }

    /// Nothing but the ground is known.
    package static var none: PopulationSources {
        PopulationSources(doors: { _, _ in }, grids: { [] }, squares: { _, _, _, _, _ in })
    }
}
