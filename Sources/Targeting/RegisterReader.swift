import AlertModel
import GeoModel

/// The port through which a zone reads the register and the territory.
///
/// The store supplies it inside one read transaction; it is valid only there, so it is not Sendable. Every
/// function speaks of the recipients of the scope (organisations) the store opened it for.
package struct RegisterReader {
    /// Recipients with a point whose disc may touch the box: (recipient, point, uncertainty in metres).
    package var points:
        (_ near: BoundingBox<WGS84>, _ body: (RecipientID, Position<WGS84>, Double) throws -> Void) throws -> Void

    /// Recipients with a point whose disc may touch the box and whose commune no given code proves: it has none, the
    /// geocoder found it, or the territory does not know it.
    package var unprovenPoints:
        (_ near: BoundingBox<WGS84>, _ body: (RecipientID, Location, CommuneEvidence) throws -> Void) throws -> Void

    /// Codes whose ground may touch the box and of which some recipients are known no closer:
    /// (the ground's surfaces, which together hold it; those recipients).
    package var communeExtents:
        (_ near: BoundingBox<WGS84>, _ body: ([Area<WGS84>], [RecipientID]) throws -> Void) throws -> Void

    /// Recipients with neither a point nor a commune whose boundary is known; with `withoutCommuneCode`, only
    /// those the register gives no commune code that the territory knows.
    package var unlocated: (_ withoutCommuneCode: Bool) throws -> [RecipientID]

    /// What communes codes name today, or, with a vintage, what those of 1 January of that year do. - Throws: when a code is
    /// known neither to the territory nor to the register, or when what it meant that year cannot be told.
    package var communes: ([CommuneCode], _ vintage: Int?) throws -> [NamedCommune]

    /// A department's communes of today, and the register's own codes of it that the territory does not know; for a
    /// department of old, the communes its codes became. - Throws: when there is none.
    package var department: (String) throws -> [NamedCommune]

    /// The communes of today of an intercommunalité, by its SIREN number. - Throws: when there is none.
    package var epci: (String) throws -> [NamedCommune]

    /// Every code that the people of these communes of today may bear, with all its places.
    package var codes: (_ of: [CommuneCode]) throws -> [CommuneCode: [CommunePlace]]

    /// Where the people of a code live today; empty for one the territory does not know.
    package var places: (CommuneCode) throws -> [CommunePlace]

    /// The ground of a code, as far as boundaries are loaded.
    package var grounds: (CommuneCode) throws -> [NamedCommune.Ground]

    /// Recipients whose commune code is exactly this one, given by the register or, with `isFound`, by the geocoder.
    package var ofCommune: (CommuneCode, _ isFound: Bool) throws -> [RecipientID]

    /// As `ofCommune`, both given and found, with the point where there is one.
    package var locationsOfCommune:
        (CommuneCode, _ body: (RecipientID, _ isFound: Bool, Location?) throws -> Void) throws -> Void

    /// Whom a membership takes, in any order. - Throws: when there is no such list, label or campaign.
    package var members: (Membership) throws -> [RecipientID]

    /// Whether `members` has the recipient. - Throws: as `members`.
    package var isMember: (RecipientID, Membership) throws -> Bool

    /// Tells whether a place lies in a commune of today other than these; for a delegated commune or an arrondissement
    /// among these, other than the whole commune it is a part of. See `BetweenCommunes`.
    package var otherCommunes: ([CommuneCode]) throws -> (Position<WGS84>) throws -> Bool = { _ in { _ in false } }

    /// The register by seats; nil where it has nothing faster than the questions above.
    package var seats: () throws -> RegisterSeats? = { nil }

    /// Refuses a zone whose parts would leave people out without a word. - Throws: what the register has to say of it.
    package var requireWhole: (Zone) throws -> Void = { _ in }

    /// What is known of one recipient, for an explanation.
    package var facts: (RecipientID) throws -> RecipientFacts

    package init(
        points: @escaping (BoundingBox<WGS84>, (RecipientID, Position<WGS84>, Double) throws -> Void) throws -> Void,
        unprovenPoints: @escaping (
            BoundingBox<WGS84>, (RecipientID, Location, CommuneEvidence) throws -> Void
        ) throws -> Void,
        communeExtents: @escaping (BoundingBox<WGS84>, ([Area<WGS84>], [RecipientID]) throws -> Void) throws -> Void,
        unlocated: @escaping (Bool) throws -> [RecipientID],
        communes: @escaping ([CommuneCode], Int?) throws -> [NamedCommune],
        department: @escaping (String) throws -> [NamedCommune],
        epci: @escaping (String) throws -> [NamedCommune],
        codes: @escaping ([CommuneCode]) throws -> [CommuneCode: [CommunePlace]],
        places: @escaping (CommuneCode) throws -> [CommunePlace],
        grounds: @escaping (CommuneCode) throws -> [NamedCommune.Ground],
        ofCommune: @escaping (CommuneCode, Bool) throws -> [RecipientID],
        locationsOfCommune: @escaping (CommuneCode, (RecipientID, Bool, Location?) throws -> Void) throws -> Void,
        members: @escaping (Membership) throws -> [RecipientID],
        isMember: @escaping (RecipientID, Membership) throws -> Bool,
        facts: @escaping (RecipientID) throws -> RecipientFacts
    ) {
        self.points = points
        self.unprovenPoints = unprovenPoints
        self.communeExtents = communeExtents
        self.unlocated = unlocated
        self.communes = communes
        self.department = department
        self.epci = epci
        self.codes = codes
        self.places = places
        self.grounds = grounds
        self.ofCommune = ofCommune
        self.locationsOfCommune = locationsOfCommune
        self.members = members
        self.isMember = isMember
        self.facts = facts
    }

    /// The communes that a term names: a commune set, a department or an intercommunalité.
    func named(by term: Zone) throws -> [NamedCommune] {
        switch term {
        case .communes(let codes, let vintage): try communes(codes, vintage)
        case .department(let code): try department(code)
        case .epci(let siren): try epci(siren)
        default: []
        }
    }

    /// The rule for a term that names communes.
    func term(_ named: [NamedCommune]) -> CommuneTerm { CommuneTerm(named: named, register: self) }
}

/// What the register knows of where a recipient is.
package struct RecipientFacts: Sendable {
    package let recipient: RecipientID
    /// The code and what it means today; a code the territory does not know says nothing of where the recipient is.
    package let evidence: CommuneEvidence
    /// What became of the code, in words: “80621 (Méricourt) is part of 80295 (Étinehem) since 2017-01-01”; nil when it
    /// stands for itself.
    package let history: String?
    package let location: Location?
    /// The surfaces that hold the commune's ground when only the commune is known; empty when none is loaded.
    package let extent: [Area<WGS84>]

    package init(
        recipient: RecipientID, evidence: CommuneEvidence, history: String?, location: Location?,
        extent: [Area<WGS84>]
    ) {
        self.recipient = recipient
        self.evidence = evidence
        self.history = history
        self.location = location
        self.extent = extent
    }
}
