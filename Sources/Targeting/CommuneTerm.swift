import AlertModel
import GeoEngine
import GeoModel

/// A commune that a term names, as the territory understands the code today.
package struct NamedCommune: Sendable {
    package let code: CommuneCode
    /// Never empty: a code that only the register knows is a commune of its own.
    package let places: [CommunePlace]
    /// Its ground as far as boundaries are loaded; empty when none is.
    package let grounds: [Ground]

    /// A surface that holds the commune's ground.
    package struct Ground: Sendable {
        package let area: Area<WGS84>
        /// False when it is larger than the commune's: the whole for a part whose boundary is not loaded.
        package let isExact: Bool

        package init(area: Area<WGS84>, isExact: Bool) {
            self.area = area
            self.isExact = isExact
        }
    }

    package init(code: CommuneCode, places: [CommunePlace], grounds: [Ground]) {
        self.code = code
        self.places = places
        self.grounds = grounds
    }
}

/// What the register says of a recipient's commune.
package struct CommuneEvidence: Sendable {
    package let code: CommuneCode?
    /// Whether the geocoder found the code: a guess, and no proof.
    package let isFound: Bool
    /// Where the code's people live today; empty when the territory does not know the code, which then says nothing.
    package let places: [CommunePlace]

    package init(code: CommuneCode?, isFound: Bool, places: [CommunePlace]) {
        self.code = code
        self.isFound = isFound
        self.places = places
    }
}

/// Judges recipients by commune: by the code that was given first, by place where the code leaves it open.
///
/// The one rule behind the selection and the explanation; its cases are the table of decision 0013. Holds C handles: used
/// within one synchronous selection.
final class CommuneTerm {
    /// How the ground of a code lies to the communes that are named.
    enum Overlap {
        /// All of it is named.
        case covered
        /// Some of it is, or may be.
        case partial
        case none
    }

    let named: [NamedCommune]
    private let placesByCommune: [CommuneCode: [CommunePlace]]
    private let register: RegisterReader
    private lazy var between = BetweenCommunes(
        area: Area(named.flatMap(\.grounds).flatMap(\.area.polygons)), codes: named.map(\.code) + communes,
        register: register)
    private var preparedExact: PreparedShape??
    private var preparedLoose: PreparedShape??
    private var codeShapes: [CommuneCode: PreparedShape?] = [:]

    init(named: [NamedCommune], register: RegisterReader) {
        self.named = named
        self.register = register
        placesByCommune = Dictionary(grouping: named.flatMap(\.places), by: \.commune)
    }

    /// The communes of today that are named, wholly or in part.
    var communes: [CommuneCode] { placesByCommune.keys.sorted() }

    var hasGround: Bool { named.contains { !$0.grounds.isEmpty } }

    func overlap(of places: [CommunePlace]) -> Overlap {
        var covered = 0
        var touched = 0
        for place in places {
            let names = placesByCommune[place.commune] ?? []
            if names.contains(where: { $0.encloses(place) }) {
                covered += 1
            } else if names.contains(where: { place.encloses($0) }) {
                touched += 1
            }
        }
        if !places.isEmpty, covered == places.count { return .covered }
        return covered + touched > 0 ? .partial : .none
    }

    /// Nil when the code proves nothing: there is none, or one that means nothing today and is not named itself.
    func overlap(of evidence: CommuneEvidence) -> Overlap? {
        if !evidence.places.isEmpty { return overlap(of: evidence.places) }
        guard let code = evidence.code else { return nil }
        let itself = CommunePlace(commune: code)
        return placesByCommune[code]?.contains(itself) == true ? .covered : nil
    }

    /// The verdict, by code and place together.
    func verdict(of evidence: CommuneEvidence, at location: Location?) throws -> Verdict {
        guard let overlap = overlap(of: evidence) else {
            guard let location else { return .notLocated }
            let verdict = try verdict(at: location)
            guard verdict == .outside, hasGround else { return verdict }
            return try between.verdict(at: location.position, uncertaintyMetres: location.uncertaintyMetres)
        }
        switch (overlap, evidence.isFound) {
        case (.covered, false): return .certain
        case (.none, false): return .outside
        case (.covered, true):
            return try location.map(verdict(at:)) == .certain ? .certain : .possible
        case (.none, true):
            // The guess says elsewhere, the place says here: neither is proof.
            guard let location else { return .outside }
            return .intersection(try verdict(at: location), .possible)
        case (.partial, _):
            guard let location else { return .possible }
            let verdict = try verdict(at: location)
            guard verdict == .outside else { return verdict }
            // A point outside the commune that the register says decides nothing.
            guard let code = evidence.code, let shape = try shape(of: code) else { return .possible }
            return try shape.verdict(at: location) == .outside ? .possible : .outside
        }
    }

    /// By place alone: certain only on ground that is exactly what is named.
    func verdict(at location: Location) throws -> Verdict {
        let exactly = try exact()?.verdict(at: location) ?? .outside
        if exactly == .certain { return .certain }
        let loosely = try loose()?.verdict(at: location) ?? .outside
        return .union(exactly, .intersection(loosely, .possible))
    }

    /// The boxes outside which no point can be inside.
    func boundingBoxes() throws -> [BoundingBox<WGS84>] {
        try [exact(), loose()].compactMap { $0?.boundingBox.spread(byMetres: BetweenCommunes.toleranceMetres) }
    }

    /// For an explanation; nil without any ground.
    func distanceInWords(from position: Position<WGS84>) throws -> String? {
        try (exact() ?? loose())?.distanceInWords(from: position)
    }

    // MARK: Shapes

    func exactShape() throws -> PreparedShape? { try exact() }

    private func exact() throws -> PreparedShape? {
        if let known = preparedExact { return known }
        let shape = try Self.shape(named.flatMap(\.grounds).filter(\.isExact))
        preparedExact = .some(shape)
        return shape
    }

    private func loose() throws -> PreparedShape? {
        if let known = preparedLoose { return known }
        let shape = try Self.shape(named.flatMap(\.grounds).filter { !$0.isExact })
        preparedLoose = .some(shape)
        return shape
    }

    private func shape(of code: CommuneCode) throws -> PreparedShape? {
        if let known = codeShapes[code] { return known }
        let shape = try Self.shape(try register.grounds(code))
        codeShapes[code] = .some(shape)
        return shape
    }

    private static func shape(_ grounds: [NamedCommune.Ground]) throws -> PreparedShape? {
        let area = Area(grounds.flatMap(\.area.polygons))
        return area.isEmpty ? nil : try PreparedShape(area: area)
    }
}

extension PreparedShape {
    func verdict(at location: Location) throws -> Verdict {
        try verdict(at: location.position, uncertaintyMetres: location.uncertaintyMetres)
    }
}
