import AlertModel
import Campaigns
import Channels
import Console
import Dispatching
import Foundation
import Speech
import Store

extension MessageDesk {
    /// Templates and tests of the database; amendments reach the dispatchers by `signal`.
    init(
        store: AlertDatabase, means: any CampaignMeans, voice: VoicePreview? = nil, signal: @escaping @Sendable () -> Void
    ) {
        let voice = voice ?? VoicePreview(recordings: store.recordedSounds)
        self.init(
            templates: { account in
                try await ConsoleProblems.translating {
                    try store.templates(of: account.organisation).map {
                        TemplateCard(name: $0.name, version: $0.version, template: $0.template)
                    }
                }
            },
            fill: { account, message, values in
                try await ConsoleProblems.translating {
                    try FilledMessage(message, values: values, organisation: try store.name(of: account.organisation))
                }
            },
            texts: { message, mode, channels in ChannelText.all(of: message, mode, channels) },
            speech: { account, message, mode, kind, language in
                try await ConsoleProblems.translating { try store.requireRecordings(of: message, for: account.organisation) }
                // Somebody invented stands for each recipient, as in the texts.
                let said = message.worded(for: .voice, language: language).marked(for: mode).sample
                do {
                    return try await voice.wave(of: said, language: language, kind: kind)
                } catch let error as SpeechError where error.code == .silent || error.code == .tooLong {
                    throw ConsoleProblem(.invalidMessage, ProblemDetail(path: "message", reason: error.description))
                } catch let error as SpeechError {
                    throw ConsoleProblem(.speechFailed, ProblemDetail(reason: error.description))
                }
            },
            testPlaces: { account in
                try await ConsoleProblems.translating {
                    try store.testAddresses(of: account.organisation).map {
                        TestPlace(label: $0.label, channel: $0.channel)
                    }
                }
            },
            test: { account, message, mode, channels in
                let addresses = try await ConsoleProblems.translating {
                    try means.require(mode)
                    let addresses = try store.testAddresses(of: account.organisation)
                        .filter { channels.contains($0.channel) }
                    guard !addresses.isEmpty else { throw TestSendError.noAddress(channels) }
                    return addresses
                }
                do {
                    return try await TestSending(store: store, means: means).send(
                        try message.filledOrRefused, to: addresses, language: "", of: account.organisation,
                        actor: account.user
                    ).map {
                        TestAnswer(
                            label: $0.label, channel: $0.channel, gateway: $0.gateway, answer: $0.words, detail: $0.detail,
                            failed: $0.isFailure)
                    }
                } catch {
                    return try await ConsoleProblems.translating { throw error }
                }
            },
            amend: { account, id, message, read, acceptance in
                try await ConsoleProblems.translating {
                    let office = CampaignOffice(store: store, means: means, signal: signal)
                    guard try office.find(id, account: account) != nil else { return nil }
                    let record = try store.ledger.campaign(id)
                    let message = try message.filledOrRefused
                    let rules = LaunchRules(mode: record.mode, available: Set(record.policy.channels))
                    if let refusal = rules.refusals(message: message, policy: record.policy).first { throw refusal }
                    _ = try store.amend(
                        id, with: message, read: read, author: .account, reason: acceptance, actor: account.user, now: .now)
                    signal()
                    return try office.find(id, account: account)
                }
            })
    }
}

extension Message {
    /// With no place left to fill.
    var filledOrRefused: Message {
        get throws {
            do {
                return try filled { _ in nil }
            } catch {
                throw ConsoleProblem(.invalidMessage, ProblemDetail(path: "message", reason: error.description))
            }
        }
    }
}

extension FilledMessage {
    fileprivate init(_ message: Message, values: [String: String], organisation: String) throws {
        let places: [PlaceholderText.Placeholder]
        do {
            places = try message.placeholders
        } catch {
            throw ConsoleProblem(.invalidMessage, ProblemDetail(path: "message", reason: error.description))
        }
        let standard = StandardPlaces.values(organisation: organisation, at: .now)
        let given = Dictionary(values.map { (PlaceholderText.folded($0.key), $0.value) }) { first, _ in first }
        func value(_ name: String) -> String? {
            given[name].flatMap { $0.isEmpty ? nil : $0 } ?? standard[name]
        }
        let missing = places.filter {
            $0.fallback == nil && value($0.name) == nil && PersonalPlace(rawValue: $0.name) == nil
        }.map(\.name)
        self.init(
            message: missing.isEmpty ? try message.filled(value) : nil,
            places: places.map {
                PlaceDocument(name: $0.name, written: $0.written, fallback: $0.fallback,
                    standard: standard[$0.name] ?? PersonalPlace(rawValue: $0.name)?.french)
            }, missing: missing)
    }
}

extension ChannelText {
    /// Each wording once a channel: everybody's first, then each language that has its own.
    fileprivate static func all(of message: Message, _ mode: CampaignMode, _ channels: [Channel]) -> [ChannelText] {
        let languages = Set(message.variants.compactMap(\.use.language)).sorted()
        return channels.flatMap { channel -> [ChannelText] in
            let general = message.worded(for: channel, language: "")
            let own = languages.map { (language: Optional($0), wording: message.worded(for: channel, language: $0)) }
                .filter { $0.wording != general }
            return ([(language: nil, wording: general)] + own).map { language, wording in
                // Somebody invented stands for each recipient.
                let sent = wording.marked(for: mode).sample
                return ChannelText(
                    channel: channel, language: language, subject: sent.subject, text: sent.text, recording: sent.recording,
                    sms: channel == .sms ? CampaignOffice.measure(wording, mode) : nil)
            }
        }
    }
}

extension PersonalPlace {
    /// What fills it, as the form says beside the place.
    fileprivate var french: String {
        switch self {
        case .name: "le nom de chaque destinataire"
        case .commune: "la commune de chaque destinataire"
        case .address: "l’adresse de chaque destinataire"
        }
    }
}
