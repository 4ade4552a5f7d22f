import AlertModel
import GeoEngine
import GeoModel

/// The port through which zones are counted: recipients by their seats, numbers that keep neighbours together.
///
/// As `RegisterReader`, it is the store's, valid within one read transaction. Seats may be named that nobody has, or
/// somebody of another scope: `keepScope` takes them out of what was found.
package struct RegisterSeats {
    /// The verdicts of everyone with a point over a shape; nil where only one at a time can be judged. They equal, recipient
    /// for recipient, those of `RegisterReader.points` judged one by one.
    package let points: (ShapeQuery) throws -> VerdictPages?

    /// Those without a point, as a shape within a box sees them.
    package let withoutPoint: (BoundingBox<WGS84>, ZoneIndex?) throws -> SeatsWithoutPoint

    /// The surfaces that together hold a code's ground, as `RegisterReader.grounds` gives them.
    package let extents: (CommuneCode) throws -> [PreparedExtent]

    /// Those without a point whose code says nothing.
    package let withoutKnownCode: () throws -> [Range<Int64>]

    /// As `RegisterReader.ofCommune`.
    package let ofCommune: (CommuneCode, _ isFound: Bool) -> [Range<Int64>]

    /// The plan of a term, made when it is not known.
    package let plan: (CommuneTermKey, _ make: () throws -> CommunePlan) throws -> CommunePlan

    /// Judges those with a point whose commune no given code proves, and adds their verdicts.
    package let judgeUnproven: (CommuneTermKey, CommunePlan, UnprovenJudge, VerdictPages) throws -> Void

    package let seat: (RecipientID) -> Int64?
    package let recipient: (_ seat: Int64) -> RecipientID

    /// Leaves the scope's recipients alone.
    package let keepScope: (VerdictPages) -> Void

    /// As `keepScope`, with the scope's people who are written to once.
    package let keepReach: (VerdictPages) throws -> Void

    package init(
        points: @escaping (ShapeQuery) throws -> VerdictPages?,
        withoutPoint: @escaping (BoundingBox<WGS84>, ZoneIndex?) throws -> SeatsWithoutPoint,
        extents: @escaping (CommuneCode) throws -> [PreparedExtent],
        withoutKnownCode: @escaping () throws -> [Range<Int64>],
        ofCommune: @escaping (CommuneCode, Bool) -> [Range<Int64>],
        plan: @escaping (CommuneTermKey, () throws -> CommunePlan) throws -> CommunePlan,
        judgeUnproven: @escaping (CommuneTermKey, CommunePlan, UnprovenJudge, VerdictPages) throws -> Void,
        seat: @escaping (RecipientID) -> Int64?, recipient: @escaping (Int64) -> RecipientID,
        keepScope: @escaping (VerdictPages) -> Void, keepReach: @escaping (VerdictPages) throws -> Void
    ) {
        self.points = points
        self.withoutPoint = withoutPoint
        self.extents = extents
        self.withoutKnownCode = withoutKnownCode
        self.ofCommune = ofCommune
        self.plan = plan
        self.judgeUnproven = judgeUnproven
        self.seat = seat
        self.recipient = recipient
        self.keepScope = keepScope
        self.keepReach = keepReach
    }
}

/// Recipients without a point, by what a shape's box and index tell of the ground of their codes.
package struct SeatsWithoutPoint {
    /// By codes whose ground the shape may touch.
    package var near: [(code: CommuneCode, seats: [Range<Int64>])] = []
    /// Those whose ground the shape holds.
    package var inside: [Range<Int64>] = []
    /// Those whose ground is not known.
    package var unlocated: [Range<Int64>] = []

    package init() {}
}

/// A shape as the register is asked about it, all recipients with a point at once.
package struct ShapeQuery {
    /// Of the shape, without its margin.
    package let index: ZoneIndex
    package var marginMetres = 0.0
    /// Of whoever is inside the index, disc and all.
    package var inside = Verdict.certain
    /// Judges one place, exactly: (point, uncertainty in metres).
    package let verdict: (Position<WGS84>, Double) throws -> Verdict
}

/// A term that names communes, as it was asked.
package enum CommuneTermKey: Hashable, Sendable {
    case communes([CommuneCode], vintage: Int?)
    /// Which means communes of the territory, and codes of the register.
    case department(String)
    /// By its SIREN number.
    case epci(String)
}

/// What a term that names communes comes to.
package struct CommunePlan: Sendable {
    /// Codes whose people all live in what is named.
    package var covered: [CommuneCode] = []
    /// Codes of whose people some do, or may: each is judged by place.
    package var partial: [(code: CommuneCode, places: [CommunePlace])] = []
    /// Whether any boundary is loaded.
    package let hasGround: Bool
    /// Whether it follows from the territory alone.
    package var isLasting = false
}

/// Judges recipients whose commune no given code proves.
package struct UnprovenJudge {
    package let exactly: (CommuneEvidence, Location) throws -> Verdict
    /// Of somebody whose disc lies inside the query's shape, `BetweenCommunes.toleranceMetres` and more from its edge.
    package let inside: (CommuneEvidence) throws -> Verdict
    /// The ground of what is named; beyond the tolerance from it everybody is outside. Nil when that is not one shape.
    package let query: () throws -> ShapeQuery?
    /// Boxes outside which everybody is outside.
    package let boxes: () throws -> [BoundingBox<WGS84>]
}
