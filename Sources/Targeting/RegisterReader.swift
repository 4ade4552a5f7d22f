import AlertModel
import GeoModel

/// The port through which a zone reads the register and the territory.
///
/// The store supplies it inside one read transaction; it is valid only there, so it is not Sendable. Every
/// function speaks of the recipients of the scope (organisations) the store opened it for.
package struct RegisterReader {
    /// Recipients with a point whose disc may touch the box: (recipient, point, uncertainty in metres).
    /// With `withoutCommuneCode`, only those the register gives no commune code that the territory knows.
    package var points:
        (
            _ near: BoundingBox<WGS84>, _ withoutCommuneCode: Bool,
            _ body: (RecipientID, Position<WGS84>, Double) throws -> Void
        ) throws -> Void

    /// Communes whose boundary may touch the box and of which some recipients are known no closer:
    /// (boundary, those recipients).
    package var communeExtents:
        (_ near: BoundingBox<WGS84>, _ body: (Area<WGS84>, [RecipientID]) throws -> Void) throws -> Void

    /// Recipients with neither a point nor a commune whose boundary is known; with `withoutCommuneCode`, only
    /// those the register gives no commune code that the territory knows.
    package var unlocated: (_ withoutCommuneCode: Bool) throws -> [RecipientID]

    /// The codes, with those of their delegated and associated communes and municipal arrondissements: a register
    /// written with the codes of before a merger selects the same people.
    package var withParts: ([CommuneCode]) throws -> [CommuneCode]

    /// Recipients whose commune code is exactly one of these.
    package var ofCommunes: ([CommuneCode]) throws -> [RecipientID]

    /// Members of a list, be it static, a saved filter or a combination. - Throws: when there is no such list.
    package var ofList: (String) throws -> [RecipientID]

    /// Whether `ofList` has the recipient. - Throws: as `ofList`.
    package var isInList: (_ recipient: RecipientID, _ list: String) throws -> Bool

    /// The communes' boundaries. - Throws: when a code is known neither to the territory nor to the register.
    package var boundaries: ([CommuneCode]) throws -> [Area<WGS84>]

    /// Codes of a department's communes, the register's own included. - Throws: when there is none.
    package var communesOfDepartment: (String) throws -> [CommuneCode]

    /// Tells whether a place lies in a commune of today other than these; for a delegated commune or an arrondissement
    /// among these, other than the whole commune it is a part of. See `BetweenCommunes`.
    package var otherCommunes: ([CommuneCode]) throws -> (Position<WGS84>) throws -> Bool = { _ in { _ in false } }

    /// The verdicts of everyone with a point over a shape, at once; nil where the register has nothing faster than
    /// `points`. They equal, recipient for recipient, those of `points` judged one by one.
    package var verdictsOfPoints: (ShapeQuery) throws -> VerdictPages? = { _ in nil }

    /// What is known of one recipient, for an explanation.
    package var facts: (RecipientID) throws -> RecipientFacts

    package init(
        points: @escaping (
            BoundingBox<WGS84>, Bool, (RecipientID, Position<WGS84>, Double) throws -> Void
        ) throws -> Void,
        communeExtents: @escaping (BoundingBox<WGS84>, (Area<WGS84>, [RecipientID]) throws -> Void) throws -> Void,
        unlocated: @escaping (Bool) throws -> [RecipientID],
        withParts: @escaping ([CommuneCode]) throws -> [CommuneCode],
        ofCommunes: @escaping ([CommuneCode]) throws -> [RecipientID],
        ofList: @escaping (String) throws -> [RecipientID],
        isInList: @escaping (RecipientID, String) throws -> Bool,
        boundaries: @escaping ([CommuneCode]) throws -> [Area<WGS84>],
        communesOfDepartment: @escaping (String) throws -> [CommuneCode],
        facts: @escaping (RecipientID) throws -> RecipientFacts
    ) {
        self.points = points
        self.communeExtents = communeExtents
        self.unlocated = unlocated
        self.withParts = withParts
        self.ofCommunes = ofCommunes
        self.ofList = ofList
        self.isInList = isInList
        self.boundaries = boundaries
        self.communesOfDepartment = communesOfDepartment
        self.facts = facts
    }
}

/// What the register knows of where a recipient is.
package struct RecipientFacts: Sendable {
    package let recipient: RecipientID
    package let communeCode: CommuneCode?
    /// Whether the territory knows the code; a code it does not know says nothing of where the recipient is.
    package let isCodeKnown: Bool
    package let communeName: String?
    package let location: Location?
    /// The commune's boundary when only the commune is known.
    package let extent: Area<WGS84>?

    package init(
        recipient: RecipientID, communeCode: CommuneCode?, isCodeKnown: Bool, communeName: String?,
        location: Location?, extent: Area<WGS84>?
    ) {
        self.recipient = recipient
        self.communeCode = communeCode
        self.isCodeKnown = isCodeKnown
        self.communeName = communeName
        self.location = location
        self.extent = extent
    }
}
