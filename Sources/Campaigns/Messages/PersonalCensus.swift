import AlertModel

/// What a personal message comes to over an audience: who has no value for a place that needs one, and how long it gets.
/// Nothing of a message that is the same for everybody.
///
/// Its measure is taken of masked values, which take the same SMS segments and name nobody.
package struct PersonalCensus {
    private let message: Message
    private let channels: Set<Channel>
    private let needed: [PersonalPlace]
    private var missing: [PersonalPlace: Int] = [:]
    private var sharing: [PersonalPlace: Int] = [:]
    private var byAddress: [Address: PersonalValues] = [:]
    private var measured: [Form: Measure] = [:]
    private var longestSegments = 0
    private var longestCharacters = 0
    private var longestSubject = 0

    private struct Address: Hashable {
        let channel: Channel
        let address: String
    }

    private struct Form: Hashable {
        let channel: Channel
        let language: String
        let values: PersonalValues
    }

    /// What a recipient's message comes to on a channel.
    package struct Measure: Sendable {
        /// Of the same segments and length, and of nobody.
        package let text: Message
        /// 0 where it is no SMS.
        package let segments: Int
        /// 0 where it is no call.
        package let minutes: Int

        /// Whether a launch lets it pass.
        var isWithinLimits: Bool {
            segments <= SMSText.maximumSegments && text.text.count <= LaunchRules.textLimit
                && text.subject.count <= LaunchRules.subjectLimit
        }
    }

    /// - Throws: `LaunchError.textMalformed` when the message is not of the form it says it has.
    package init(_ message: Message, policy: Policy, mode: CampaignMode) throws(LaunchError) {
        self.message = message.marked(for: mode)
        channels = Set(policy.channels)
        do throws(PlaceholderError) {
            needed = try message.personalPlaces.needed
        } catch {
            throw .textMalformed(error)
        }
    }

    /// Takes in the next recipient, in the order in which the launch writes them.
    /// - Throws: as `init`.
    package mutating func take(_ entry: AudienceEntry) throws(LaunchError) {
        guard message.isPersonal else { return }
        let values = entry.values ?? PersonalValues()
        let points = entry.contactPoints.filter { channels.contains($0.channel) }
        guard !points.isEmpty else { return }
        for place in needed where values[place] == nil { missing[place, default: 0] += 1 }
        var shared: Set<PersonalPlace> = []
        for point in points {
            let address = Address(channel: point.channel, address: point.address.value)
            if let first = byAddress[address] {
                let common = first.common(with: values)
                for place in needed where values[place] != nil && common[place] == nil { shared.insert(place) }
                byAddress[address] = common
            } else {
                byAddress[address] = values
            }
            _ = try measure(point.channel, language: entry.language, values)
        }
        for place in shared { sharing[place, default: 0] += 1 }
    }

    /// Takes in one leg of a campaign that runs, whose values are what those who share its address have in common.
    /// - Throws: as `init`.
    package mutating func take(_ channel: Channel, language: String, _ values: PersonalValues) throws(LaunchError) {
        for place in needed where values[place] == nil { missing[place, default: 0] += 1 }
        _ = try measure(channel, language: language, values)
    }

    /// Somebody who joins late, with as many of their values as their messages have room for: who is inside is never left
    /// out for a long name. The longest goes first.
    /// - Returns: whether a value had to go.
    /// - Throws: as `init`.
    package mutating func fitting(_ entry: AudienceEntry) throws(LaunchError) -> (entry: AudienceEntry, isCut: Bool) {
        guard message.isPersonal, let whole = entry.values else { return (entry, false) }
        var values = whole
        while let longest = PersonalPlace.allCases.filter({ values[$0] != nil }).max(by: {
            (values[$0] ?? "").count < (values[$1] ?? "").count
        }) {
            var fits = true
            for point in entry.contactPoints where channels.contains(point.channel) {
                fits = try measure(point.channel, language: entry.language, values).isWithinLimits && fits
            }
            if fits { break }
            values = values.without(longest)
        }
        return values == whole ? (entry, false) : (entry.with(values: values), true)
    }

    /// What a recipient's message comes to.
    /// - Throws: as `init`.
    package mutating func measure(
        _ channel: Channel, language: String, _ values: PersonalValues
    ) throws(LaunchError) -> Measure {
        let form = Form(
            channel: channel, language: language, values: message.isPersonal ? values.masked : PersonalValues())
        if let known = measured[form] { return known }
        let text: Message
        do throws(PlaceholderError) {
            text = try message.worded(for: channel, language: language).personal(form.values)
        } catch {
            throw .textMalformed(error)
        }
        let measure = Measure(
            text: text, segments: channel == .sms ? SMSText(text.text).segments : 0,
            minutes: channel == .voice ? SpokenText.startedMinutes(text.text) : 0)
        longestSegments = max(longestSegments, measure.segments)
        longestCharacters = max(longestCharacters, text.text.count)
        longestSubject = max(longestSubject, text.subject.count)
        // Beyond it each is measured again: slower, and no longer.
        if measured.count < Self.mostForms { measured[form] = measure }
        return measure
    }

    /// Lengths of values that are remembered: three places of eighty characters have more than a machine holds.
    private static let mostForms = 20_000

    /// Why the message may not go to this audience; nil when it may.
    package var refusal: LaunchError? {
        for place in needed {
            let without = missing[place, default: 0]
            let shared = sharing[place, default: 0]
            if without + shared > 0 { return .placeWithoutValue(place, recipients: without, sharing: shared) }
        }
        if longestSegments > SMSText.maximumSegments {
            return .textTooLong(segments: longestSegments, limit: SMSText.maximumSegments)
        }
        if longestCharacters > LaunchRules.textLimit {
            return .textTooLongInCharacters(longestCharacters, limit: LaunchRules.textLimit)
        }
        if longestSubject > LaunchRules.subjectLimit {
            return .subjectTooLong(characters: longestSubject, limit: LaunchRules.subjectLimit)
        }
        return nil
    }
}
