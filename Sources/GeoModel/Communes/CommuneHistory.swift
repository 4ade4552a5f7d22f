/// What the codes of other years mean today.
///
/// Built of INSEE's movements since 1943 and of what the loaded territory says stands today. A department's movements are
/// followed up to the vintage loaded of it: what happened later does not hold yet.
package struct CommuneHistory: Sendable {
    /// What stands today.
    package struct Territory: Sendable {
        /// Communes of today.
        package var communes: Set<CommuneCode> = []
        /// Parts of today, with their commune.
        package var parts: [CommuneCode: (kind: CommuneKind, commune: CommuneCode)] = [:]
        /// Parts of older vintages, with their commune then: for when no movement speaks of them.
        package var olderParts: [CommuneCode: CommuneCode] = [:]
        /// The vintage loaded of each department.
        package var vintages: [String: Int] = [:]

        package init() {}
    }

    /// Years whose codes can be told: INSEE's movements begin in 1943.
    package static let vintages = 1943...2100

    package let territory: Territory
    private let timeline: CommuneTimeline

    /// Most places one code may be shared out over; INSEE's file needs seven.
    private static let maximumPlaces = 64
    /// Most mergers one after the other that a code's ground goes through; INSEE's file needs seven.
    private static let maximumNesting = 64
    /// Parts of parts that are followed when no movement speaks of them.
    private static let maximumDepth = 4

    package init(movements: some Sequence<CommuneMovement>, territory: Territory) {
        self.territory = territory
        timeline = CommuneTimeline(movements)
    }

    /// The first vintage that knows of every movement; nil without any.
    package var movementsVintage: Int? { timeline.steps.last?.day.vintage }

    /// Every code that a movement names.
    package var codes: Set<CommuneCode> { Set(timeline.touches.keys.map(\.code)) }

    /// What a code means today. Without a vintage, a code that stands today means itself, and any other what it last
    /// meant; with one, what it meant on 1 January of that year.
    ///
    /// - Returns: nil for a code that is known nowhere, or that was none in that vintage.
    package func resolve(_ code: CommuneCode, at vintage: Int? = nil) -> CommuneMeaning? {
        guard let places = vintage.map({ places(of: code, at: $0) }) ?? placesToday(of: code), !places.isEmpty else {
            return nil
        }
        guard places != [CommunePlace(commune: code)] else { return CommuneMeaning(places: places) }
        let end = vintage.flatMap { firstChange(of: code, after: $0) } ?? CommuneKind.allCases.lazy
            .compactMap { timeline.lastEnd[CommuneNode($0, code)] }.first
        return CommuneMeaning(places: places, since: end.map { timeline.steps[$0.step].day }, name: end?.name)
    }

    /// The first event after a vintage that left a commune's ground another place than it was.
    private func firstChange(of code: CommuneCode, after vintage: Int) -> CommuneTimeline.Departure? {
        let start = timeline.firstStep(afterVintage: vintage)
        let track = CommuneTrack(whole: code)
        return timeline.departures[CommuneNode(.commune, code)]?.first {
            $0.step >= start && track.moved(by: timeline.steps[$0.step]) != [track]
        }
    }

    // MARK: Today

    private func placesToday(of code: CommuneCode, depth: Int = 0) -> [CommunePlace]? {
        if stands(code) { return [CommunePlace(commune: code)] }
        if depth < Self.maximumDepth, let part = territory.parts[code] {
            return placesToday(of: part.commune, depth: depth + 1).map { Self.inner(code, of: $0) }
        }
        if let end = timeline.lastEnd[CommuneNode(.commune, code)] {
            return followed(CommuneTrack(whole: code), from: end.step)
        }
        if let places = placesOfPart(code) { return places }
        guard depth < Self.maximumDepth, let older = territory.olderParts[code], older != code else { return nil }
        return placesToday(of: older, depth: depth + 1).map { Self.inner(code, of: $0) }
    }

    private static func inner(_ code: CommuneCode, of places: [CommunePlace]) -> [CommunePlace] {
        places.map { CommunePlace(commune: $0.commune, parts: [code] + $0.parts) }
    }

    /// Whether a commune stands today: by the territory where its department is loaded, else by the movements.
    private func stands(_ code: CommuneCode) -> Bool {
        if territory.communes.contains(code) { return true }
        guard territory.vintages[code.department] == nil else { return false }
        return timeline.stood(CommuneNode(.commune, code), before: timeline.steps.count) ?? false
    }

    /// For a part that was never a commune in the time the movements cover.
    private func placesOfPart(_ code: CommuneCode) -> [CommunePlace]? {
        for kind in CommuneKind.allCases where kind.isPart {
            let node = CommuneNode(kind, code)
            guard let end = timeline.lastEnd[node] else { continue }
            let step = timeline.steps[end.step]
            let communes = (step.targets[node] ?? []).filter { $0.kind == .commune }.map(\.code)
            let tracks = communes.map { commune in
                step.event == .restoration
                    ? CommuneTrack(whole: commune)
                    : CommuneTrack(whole: commune, parts: [CommuneTrack.Part(kind: nil, code: code)])
            }
            let places = tracks.compactMap { followed($0, from: end.step + 1) }.flatMap { $0 }
            if !places.isEmpty { return Set(places).sorted() }
        }
        return nil
    }

    // MARK: At a vintage

    private func places(of code: CommuneCode, at vintage: Int) -> [CommunePlace]? {
        let start = timeline.firstStep(afterVintage: vintage)
        let node = CommuneNode(.commune, code)
        if timeline.stood(node, before: start) ?? territory.communes.contains(code) {
            return followed(CommuneTrack(whole: code), from: start)
        }
        let parts = CommuneKind.allCases.filter(\.isPart).map { CommuneNode($0, code) }.filter { part in
            timeline.stood(part, before: start) ?? (territory.parts[code]?.kind == part.kind)
        }
        guard !parts.isEmpty else { return nil }
        // Its way from when the commune became that part leads through that vintage.
        if let end = timeline.departures[node]?.last(where: { departure in
            departure.step < start && timeline.steps[departure.step].targets[node]?.contains(where: parts.contains) == true
        }) {
            return followed(CommuneTrack(whole: code), from: end.step)
        }
        return placesToday(of: code)
    }

    // MARK: Following

    private func followed(_ track: CommuneTrack, from start: Int) -> [CommunePlace]? {
        var open = [(track: track, from: start)]
        var ends: Set<CommunePlace> = []
        while let (track, from) = open.popLast() {
            guard ends.count + open.count < Self.maximumPlaces, track.parts.count < Self.maximumNesting else { return nil }
            guard let index = timeline.nextStep(from: from, of: track.nodes), holds(timeline.steps[index], for: track) else {
                ends.insert(track.place)
                continue
            }
            open += track.moved(by: timeline.steps[index]).map { ($0, index + 1) }
        }
        guard ends.allSatisfy({ stands($0.commune) }) else { return nil }
        return ends.sorted()
    }

    private func holds(_ step: CommuneTimeline.Step, for track: CommuneTrack) -> Bool {
        territory.vintages[track.whole.department].map { step.day <= CalendarDay(firstOf: $0) } ?? true
    }
}
