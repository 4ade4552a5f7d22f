import AlertModel
import GeoEngine
import GeoModel

/// A survey of coverage under way: recipients are counted as they come, so that a department's are never all in memory. What
/// it keeps grows with communes, households and cells.
package struct CoverageGathering {
    private let survey: CoverageSurvey
    private let zone: Zone
    private let surface: Area<WGS84>?
    private let territory: [CommuneCode: CommuneCoverage]?
    private let sharing: PopulationSharing
    private var tally: CoverageTally
    private var lines: [CommuneCode: CommuneCode] = [:]

    /// - Parameter territory: the communes the zone covers; nil when it is not only a place.
    init(
        _ survey: CoverageSurvey, zone: Zone, surface: Area<WGS84>?, territory: [CommuneCode: CommuneCoverage]?,
        _ sharing: PopulationSharing, cells: SquareGrid?
    ) {
        self.survey = survey
        self.zone = zone
        self.surface = surface
        self.territory = territory
        self.sharing = sharing
        tally = CoverageTally(territory: territory ?? [:], cells: cells)
    }

    /// Counts somebody whom the zone selects.
    package mutating func add(_ recipient: SurveyedRecipient) throws {
        try tally.count(recipient)
        guard let given = recipient.communeCode else {
            tally.withoutCommune += 1
            return
        }
        let code = try lines[given] ?? survey.line(of: given, in: tally.communes)
        lines[given] = code
        if tally.communes[code] == nil {
            tally.communes[code] = try survey.line(for: code, named: recipient.communeName)
        }
        tally.count(recipient, in: code)
    }

    /// - Parameter notLocated: how many the zone cannot judge.
    package func coverage(notLocated: Int) throws -> Coverage {
        var coverage = try tally.coverage(of: zone.label, notLocated: notLocated, territory: territory, sharing)
        coverage.surface = surface
        return coverage
    }
}
