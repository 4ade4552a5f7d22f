import AlertModel
import GeoModel
import Targeting

/// What the certificate of an exercise is made of; the caller reads it from the ledger.
package struct ExerciseFacts: Sendable {
    /// A step of the guided first exercise, with the time that the operator's browser measured for it.
    package struct GuidedStep: Sendable {
        package let name: String
        /// For programs.
        package let word: String
        /// Nil where it was not seen.
        package let seconds: Int?

        package init(name: String, word: String, seconds: Int?) {
            self.name = name
            self.word = word
            self.seconds = seconds
        }
    }

    package let reference: String
    package let organisation: String
    package let launchedBy: String
    /// Where it was one.
    package let scenario: String?
    package let zone: Zone
    package let message: Message
    package let state: CampaignState
    package let times: DecisionTimes
    /// When half of the messages, and the last of them, had been tried first; nil where that part was never reached.
    package let halfAt: UTCTime?
    package let allAt: UTCTime?
    package let endedAt: UTCTime?
    package let recipients: Int
    package let certain: Int
    package let notLocated: Int
    package let totals: [DeliveryState: Int]
    package let channels: [Channel: [LegState: Int]]
    package let audienceHash: String
    package let clock: LocalClock
    /// Empty where it was not guided.
    package let guided: [GuidedStep]

    package init(
        reference: String, organisation: String, launchedBy: String, scenario: String?, zone: Zone, message: Message,
        state: CampaignState, times: DecisionTimes, halfAt: UTCTime?, allAt: UTCTime?, endedAt: UTCTime?, recipients: Int,
        certain: Int, notLocated: Int, totals: [DeliveryState: Int], channels: [Channel: [LegState: Int]],
        audienceHash: String, clock: LocalClock, guided: [GuidedStep] = []
    ) {
        self.reference = reference
        self.organisation = organisation
        self.launchedBy = launchedBy
        self.scenario = scenario
        self.zone = zone
        self.message = message
        self.state = state
        self.times = times
        self.halfAt = halfAt
        self.allAt = allAt
        self.endedAt = endedAt
        self.recipients = recipients
        self.certain = certain
        self.notLocated = notLocated
        self.totals = totals
        self.channels = channels
        self.audienceHash = audienceHash
        self.clock = clock
        self.guided = guided
    }
}

/// The certificate of an exercise for the commune's emergency plan (plan communal de sauvegarde), in French: who, when, over
/// whom, how long each step took, and what of all this was simulated. Names nobody but who launched it.
package struct ExerciseCertificate: Sendable {
    private let facts: ExerciseFacts

    package init(_ facts: ExerciseFacts) {
        self.facts = facts
    }

    package var page: ReportPage {
        let day = day(facts.times.launchedAt)
        return ReportPage(
            title: "Attestation d'exercice d'alerte",
            subtitle: "\(facts.organisation) · \(day)",
            footer: "Tocsin · exercice n° \(facts.reference) du \(day) · empreinte \(facts.audienceHash.prefix(12))",
            blocks: [
                .paragraph(
                    "L'organisme « \(facts.organisation) » s'est exercé le \(day) à alerter la population avec Tocsin. "
                        + "Rien n'est parti : tous les envois ont été simulés, et chaque texte commençait par EXERCICE."),
                .facts([
                    ("Exercice", "n° \(facts.reference)"), ("Lancé par", facts.launchedBy),
                    ("Destinataires visés", FrenchText.integer(facts.recipients)),
                    ("De la décision au premier message", Self.duration(facts.times.decisionToFirstMessage)),
                ]),
                .heading("Ce qui a été joué"),
                .table(subject), .heading("Le déroulement"), .table(steps),
            ] + guidedBlocks + [
                .heading("Par canal"), .table(channels),
                .heading("Ce qui est établi, et ce qui ne l'est pas"), .paragraph(Self.known), .paragraph(simulated),
                .note("Empreinte de l'audience (SHA-256) : \(facts.audienceHash)"),
            ])
    }

    private var subject: ReportPage.Table {
        ReportPage.Table(
            caption: "Zone, message et issue",
            columns: [.init("", isNumber: false, weight: 1), .init("", isNumber: false, weight: 3)],
            rows: [
                ["Scénario", facts.scenario ?? "sans scénario"], ["Zone", FrenchZone.words(facts.zone)],
                ["Objet", facts.message.subject], ["Message", facts.message.text],
                [
                    "Destinataires",
                    "\(FrenchText.integer(facts.recipients)), dont \(FrenchText.integer(facts.certain)) certains ; "
                        + "\(FrenchText.integer(facts.notLocated)) inscrits non localisés n'en font pas partie",
                ],
                ["Issue", facts.state == .completed ? "menée à son terme" : "arrêtée par l'opérateur"],
            ])
    }

    /// Each step with its hour, and how long after the decision it came.
    private var steps: ReportPage.Table {
        let times = facts.times
        var steps: [(String, UTCTime?)] = [("Décision : l'envoi est présenté à l'opérateur", times.openedAt)]
        if let askedAt = times.askedAt { steps.append(("Une seconde personne est sollicitée", askedAt)) }
        steps += [
            ("Lancement confirmé", times.launchedAt), ("Premier message", times.firstMessageAt),
            ("La moitié des messages", facts.halfAt), ("Tous les messages", facts.allAt), ("Fin", facts.endedAt),
        ]
        return ReportPage.Table(
            caption: "Heure légale (\(facts.clock.zone))",
            columns: [
                .init("Étape", isNumber: false, weight: 3), .init("Heure", weight: 1.5), .init("Depuis la décision", weight: 1.5),
            ],
            rows: steps.map { name, moment in
                [
                    name, moment.map { clockText($0) } ?? "non connu",
                    Self.duration(times.openedAt.flatMap { start in
                        moment.map { DecisionTimes.seconds(from: start, to: $0) }
                    }),
                ]
            })
    }

    /// What the ledger does not know of: told apart from what it does.
    private var guidedBlocks: [ReportPage.Block] {
        guard !facts.guided.isEmpty else { return [] }
        return [
            .heading("Le premier exercice guidé, étape par étape"),
            .table(
                ReportPage.Table(
                    caption: "Temps relevé par le navigateur de l'opérateur, non vérifié par le serveur",
                    columns: [.init("Étape", isNumber: false, weight: 3), .init("Durée", weight: 1.5)],
                    rows: facts.guided.map { [$0.name, Self.duration($0.seconds.map(Double.init))] })),
        ]
    }

    private var channels: ReportPage.Table {
        func sum(_ states: [LegState: Int], _ wanted: LegState...) -> String {
            FrenchText.integer(wanted.reduce(0) { $0 + (states[$1] ?? 0) })
        }
        return ReportPage.Table(
            caption: "Messages simulés",
            columns: [
                .init("Canal", isNumber: false, weight: 2), .init("Messages"), .init("Pris en charge", weight: 1.3), .init("Remis"), .init("Répondus"), .init("Validés"),
                .init("Échecs"), .init("Annulés"),
            ],
            rows: Channel.allCases.compactMap { channel in
                guard let states = facts.channels[channel] else { return nil }
                return [
                    FrenchText.channel(channel), FrenchText.integer(states.values.reduce(0, +)),
                    sum(states, .accepted, .delivered, .answered, .acknowledged),
                    sum(states, .delivered, .answered, .acknowledged), sum(states, .answered, .acknowledged),
                    sum(states, .acknowledged), sum(states, .failed), sum(states, .cancelled),
                ]
            })
    }

    private static let known =
        "Établi : qui a lancé l'exercice et quand, la zone, les destinataires du registre qu'elle désignait à cet instant "
        + "(leur liste, la zone et le message sont figés sous l'empreinte ci-dessous), le temps mis à décider et à lancer."

    private var simulated: String {
        "Simulé : les envois, leur rythme, les remises, les réponses et les échecs. Ils ne disent rien de ce que les opérateurs "
            + "de télécommunications auraient acheminé, ni de qui aurait été joint. "
            + (facts.times.openedAt == nil
                ? "L'instant de la décision n'a pas été relevé."
                : "La décision est l'instant où l'envoi a été présenté à l'opérateur ; ce qui l'a précédée n'est pas mesuré.")
    }

    /// `{"kind":"exercise_certificate",…}`, for other tools: times in UTC, seconds, the same words as the report's.
    package var json: String {
        var object = JSONObject()
        object.append("kind", .string("exercise_certificate"))
        for (key, text) in [
            ("reference", facts.reference), ("organisation", facts.organisation), ("launched_by", facts.launchedBy),
            ("zone", FrenchZone.words(facts.zone)), ("subject", facts.message.subject), ("text", facts.message.text),
            ("state", facts.state.rawValue), ("audience_hash", facts.audienceHash),
        ] { object.append(key, .string(text)) }
        object.append("scenario", facts.scenario.map { .string($0) } ?? .null)
        let times = facts.times
        for (key, moment) in [
            ("opened_at", times.openedAt), ("asked_at", times.askedAt), ("launched_at", times.launchedAt),
            ("first_message_at", times.firstMessageAt), ("half_at", facts.halfAt), ("all_at", facts.allAt),
            ("ended_at", facts.endedAt),
        ] { object.append(key, moment.map { .string(ISO8601.text($0)) } ?? .null) }
        object.append("decision_to_first_message_seconds", times.decisionToFirstMessage.map { .number($0) } ?? .null)
        for (key, count) in [
            ("recipients", facts.recipients), ("certain", facts.certain), ("not_located", facts.notLocated),
        ] { object.append(key, .number(Double(count))) }
        var channels = JSONObject()
        for channel in Channel.allCases {
            guard let states = facts.channels[channel] else { continue }
            var counts = JSONObject()
            for state in LegState.allCases { counts.append(state.rawValue, .number(Double(states[state] ?? 0))) }
            channels.append(channel.rawValue, .object(counts))
        }
        object.append("simulated_channels", .object(channels))
        if !facts.guided.isEmpty {
            var guided = JSONObject()
            for step in facts.guided { guided.append(step.word, step.seconds.map { .number(Double($0)) } ?? .null) }
            object.append("guided_step_seconds", .object(guided))
        }
        var writer = JSONWriter()
        writer.value(.object(object))
        return writer.text + "\n"
    }

    private func day(_ time: UTCTime) -> String { FrenchText.day(facts.clock.text(time)) }

    /// `18:04:09`.
    private func clockText(_ time: UTCTime) -> String {
        let seconds = facts.clock.reading(at: time).milliseconds / 1000 % 60
        return facts.clock.text(time).suffix(5) + ":" + (seconds < 10 ? "0\(seconds)" : "\(seconds)")
    }

    /// Tenths below a minute: what a stop-watch shows.
    private static func duration(_ seconds: Double?) -> String {
        guard let seconds else { return "non connu" }
        guard seconds >= 0, seconds < 60 else { return FrenchText.duration(max(0, seconds)) }
        let tenths = Int((seconds * 10).rounded(.down))
        return "\(tenths / 10),\(tenths % 10) s"
    }
}
