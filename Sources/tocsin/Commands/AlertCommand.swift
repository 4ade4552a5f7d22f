import AlertModel
import ArgumentParser
import Campaigns
import Dispatching
import Foundation
import GeoModel
import Reports
import Store
import Targeting

struct AlertCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alert",
        abstract: "Alert the people inside a zone, and follow the campaign to its end.",
        discussion: """
            The audience is frozen and hashed; the ledger survives any interruption. With --exercise every channel \
            goes through a simulator and no real gateway is built. Without it a channel that no gateway carries is \
            refused: they are described by TOCSIN_GATEWAYS, or by TOCSIN_SMTP_URL and TOCSIN_MAIL_FROM for one relay.
            """)

    @OptionGroup var database: DatabaseOption
    @OptionGroup var scope: ScopeOption
    @OptionGroup(title: "Zone") var zone: ZoneArguments

    @Option(help: ArgumentHelp(
        "Launch exactly the audience that `target --freeze` stored, or nothing if the register has changed.",
        valueName: "name"))
    var audience: String?

    @Option(help: ArgumentHelp(
        "What another organisation handed over and was accepted (`tocsin request`): its ground, and its text unless another is given.",
        valueName: "number"))
    var handed: Int64?

    @OptionGroup(title: "People written to once") var once: OneOffArguments

    @OptionGroup(title: "Message") var message: MessageArguments
    @OptionGroup(title: "Message") var recording: RecordingOption

    @OptionGroup(title: "Delivery") var delivery: DeliveryArguments

    @Flag(help: "Simulators only; every text starts with EXERCICE.")
    var exercise = false

    @Flag(help: "Say whom it would reach, what it would cost and how long it would take, and launch nothing.")
    var estimate = false

    @Flag(help: "Do not ask for confirmation.")
    var yes = false

    @Option(help: ArgumentHelp(
        "Launch alone what asks for a second person, and why; kept in the journal as critical.", valueName: "reason"))
    var accept: String?

    @Flag(help: "Launch nothing: ask for a second person's approval (`tocsin approval`).")
    var ask = false

    @Option(help: "What it is for: information waits for alerts.")
    var kind = CampaignKind.alert

    @Option(help: "Its share beside other campaigns of its kind, 1 to 100.")
    var weight = 1

    @Option(help: ArgumentHelp("The same key never launches twice (for scripts that may run again).", valueName: "key"))
    var requestKey: String?

    @Flag(help: "Whoever enters the zone while the alert is live does not get it.")
    var noLateJoiners = false

    @Flag(help: "Launch and return; the running server carries the campaign.")
    var detach = false

    func validate() throws {
        if ask, exercise { throw ValidationError("--ask: an exercise needs no second person") }
        if audience != nil, !zone.isEmpty { throw ValidationError("--audience has a zone of its own: name no other") }
        if handed != nil, audience != nil || !zone.isEmpty { throw ValidationError("--handed has a zone of its own: name no other") }
        if !once.isEmpty, audience != nil || handed != nil {
            throw ValidationError("--people and --recipient add to a zone: --audience and --handed have their own")
        }
        if handed == nil { try message.requireText() }
    }

    func run() async throws {
        let store = try database.open(for: estimate ? .statistics : .launch)
        let drops = try once.drops(into: store, for: owner(store).id, actor: database.actor)
        do {
            try await alert(store, drops)
        } catch {
            try forget(drops, store)
            throw error
        }
        // An answer is awaited of whoever approves.
        if !ask { try forget(drops, store) }
        // Not before: an alert waits for nobody's erasure.
        if !drops.isEmpty, try store.sweepOneOffAudiences(now: .now) > 0 { try store.forgetAllErasedWords() }
    }

    /// Erases those to whom nothing went out; all others are kept for their campaign, for their time.
    private func forget(_ drops: [OneOffAudience], _ store: AlertDatabase) throws {
        let idle = try drops.filter { try !store.isLaunched($0) }
        for drop in idle { try store.discardOneOffAudience(drop.register, actor: database.actor) }
        if !idle.isEmpty { try store.forgetAllErasedWords() }
    }

    /// - Parameter drops: people who are named, beside whom the zone selects.
    private func alert(_ store: AlertDatabase, _ drops: [OneOffAudience]) async throws {
        let scope = try ask ? askedScope(store) : scope.scope(in: store)
        let frozen = try audience.map { try store.frozenAudience(named: $0, scope: scope) }
        let handed = try handedOver(store)
        let asked = try (frozen?.zone ?? handed?.zoneDocument).map { try ZoneDocument.decode(Array($0.utf8)) }
            ?? zone(with: drops, in: store, scope)
        try ZoneNotes.say(asked, in: store)
        let person = try store.currentOperator()
        let zone = try frozen == nil ? withinTerritory(asked, store, scope) : asked
        let author: LaunchAuthor = person.user == nil ? .machine : .account
        let openedAt = UTCTime.now
        let mode = exercise ? CampaignMode.exercise : .real
        let policy = try delivery.chosenPolicy(
            kind: kind, mode: mode, in: store, of: try owner(store).name,
            // Exactly whom somebody froze is alerted.
            admitsLateJoiners: !noLateJoiners && audience == nil)
        guard PolicyRules.weights.contains(weight) else { throw LaunchError.policyOutOfBounds(.weight(weight)) }
        let means = try mode.means()
        let rules = try means.launchRules(of: owner(store).id, in: store)
        let message = try recording.applied(to: text(handed, store), in: store, of: owner(store).id)
        if let refusal = rules.refusals(message: message, policy: policy).first { throw refusal }
        if detach, DispatcherLock.holder(ofDatabaseAt: store.path, mode: mode)?.purpose != DispatchService.purpose {
            throw ValidationError(
                "--detach: no server carries this database's campaigns: start `tocsin serve`, or leave --detach out")
        }

        let draft = try plan(store, mode, zone, message, policy, LaunchCircumstances(author: author))
        let preview = try store.previewAudience(of: draft, zone: zone, scope: scope, frozen: frozen)
        if let refusal = rules.refusals(
            zone: zone, recipients: preview.counts.recipients, message: message, policy: policy
        ).first { throw refusal }
        let estimate = CampaignForecast(store: store, means: means, organisation: try owner(store).id)
            .estimateIfPossible(preview, kind: kind, weight: weight, policy: policy) { Terminal.warn($0) }
        show(preview, estimate, mode: mode)
        try sayQuiet(draft, at: .now)
        sayPersonal(preview, of: message)
        if policy.channels.contains(.sms) { sayCost(of: message, mode) }
        for finding in preview.guards where finding.rail != .empty {
            Terminal.warn(finding.description + (finding.consequence == .stop ? ": this stops the launch" : ""))
        }
        if self.estimate {
            guard let estimate else { throw ExitCode.failure }
            Terminal.out(
                "recipients\t\(preview.counts.recipients)\n"
                    + EstimateSummary.lines(CampaignAccount(estimate: estimate)).map { "\($0.key)\t\($0.value)\n" }.joined())
            return Terminal.say("nothing was launched")
        }
        let consent = try consent(of: person, to: preview, store)
        try suggestDefaultList(store, zone)
        try confirm(preview, mode, limits: store.guardPolicy(of: owner(store).id))

        let plan = try plan(
            store, mode, zone, message, policy,
            LaunchCircumstances(author: author, consent: consent, openedAt: openedAt),
            notLocated: preview.counts.notLocated, approved: preview.hash)
        if let handed {
            try store.noteLaunch(following: handed.id, of: plan.organisation, requestKey: plan.requestKey, now: .now)
        }
        if ask { return try request(plan, preview, store) }
        let launch = try store.launch(
            plan, zone: zone, scope: scope, frozen: frozen, isAllClear: self.message.part == .allClear, estimate: estimate,
            now: .now)
        Terminal.say("campaign \(launch.campaign) \(launch.isNew ? "launched" : "was already launched")")
        if detach {
            Terminal.out("campaign\t\(launch.campaign)\n")
        } else {
            try await CampaignRunner(store: store).carry(launch.campaign, purpose: "alert")
        }
    }

    private func zone(with drops: [OneOffAudience], in store: AlertDatabase, _ scope: RegisterScope) throws -> Zone {
        let lists = drops.map { Zone.list($0.listName) }
        guard zone.isEmpty, let first = lists.first else {
            let zone = try zone.zone(in: store, scope: scope)
            return lists.isEmpty ? zone : .union([zone] + lists)
        }
        return lists.count == 1 ? first : .union(lists)
    }

    /// What was handed over and accepted.
    private func handedOver(_ store: AlertDatabase) throws -> SavedZoneRequest? {
        guard let handed else { return nil }
        let id = ZoneRequestID(rawValue: handed), own = try owner(store).id
        let saved = try store.zoneRequest(id, of: own)
        guard saved.to == own else { throw ZoneRequestRefusal.unknown(id) }
        if let refusal = ZoneRequestRules.launch(saved.facts, now: .now) { throw refusal }
        return saved
    }

    private func text(_ handed: SavedZoneRequest?, _ store: AlertDatabase) throws -> Message {
        guard let handed, message.message == nil, message.template == nil else {
            return try message.message(in: store, of: try owner(store))
        }
        return handed.message
    }

    private func plan(
        _ store: AlertDatabase, _ mode: CampaignMode, _ zone: Zone, _ message: Message, _ policy: Policy,
        _ circumstances: LaunchCircumstances, notLocated: Int = 0, approved: AudienceHash? = nil
    ) throws -> CampaignPlan {
        CampaignPlan(
            organisation: try owner(store).id, requestKey: requestKey ?? UUID().uuidString, mode: mode,
            zoneDocument: String(decoding: ZoneDocument.encode(zone), as: UTF8.self), message: message,
            policy: policy, notLocated: notLocated, approvedHash: approved, createdBy: database.actor,
            acceptance: accept, kind: kind, weight: weight, circumstances: circumstances)
    }

    /// The zone within the organisation's territory, and what that leaves out.
    private func withinTerritory(_ zone: Zone, _ store: AlertDatabase, _ scope: RegisterScope) throws -> Zone {
        guard !zone.namesNothing, let cut = try store.territoryCut(of: zone, for: owner(store).id, scope: scope)
        else { return zone }
        Terminal.warn(TerritoryWords.left(out: cut))
        return cut.zone
    }

    /// Who agreed to what takes two persons, as far as this command can know.
    private func consent(of person: Operator, to preview: AudiencePreview, _ store: AlertDatabase) throws -> LaunchConsent {
        let others = try store.approvers(of: owner(store).id, besides: person.name)
        let reason = accept.flatMap { ApprovalRules.isReason($0) ? $0 : nil }
        guard let refusal = preview.guards.refusal(acceptance: person.user == nil || others.isEmpty ? reason : nil) else {
            return person.user == nil || reason == nil || !preview.guards.contains { $0.consequence == .secondPerson }
                ? .none : .brokenGlass(reason: reason ?? "", request: nil)
        }
        guard case .guarded(let finding) = refusal, finding.consequence == .secondPerson else { throw refusal }
        if ask { return .none }
        throw ValidationError(
            others.isEmpty
                ? "\(refusal): nobody else may approve here, so say why it can't wait: --accept REASON"
                : person.user == nil
                    ? "\(refusal): ask for it from an account with --ask; or launch it alone, by breaking the glass: --accept REASON"
                    : "\(refusal): ask for it with --ask")
    }

    /// A request is approved over the registers of the organisation that asks: it is shown over them, and no fewer.
    private func askedScope(_ store: AlertDatabase) throws -> RegisterScope {
        let owner = try owner(store)
        let whole = try store.scope(of: owner.id)
        let isNarrowed = try Tenancy(store).organisation != nil && scope.organisation != nil && scope.scope(in: store) != whole
        guard !isNarrowed else {
            throw ValidationError(
                "--ask: what is asked for is approved over all the registers that \(owner.name) sees: leave --organisation out, "
                    + "and narrow the zone instead (--communes, --list)")
        }
        return whole
    }

    /// Leaves the launch to a second person.
    private func request(_ plan: CampaignPlan, _ preview: AudiencePreview, _ store: AlertDatabase) throws {
        let saved = try store.askApproval(
            ApprovalDraft(
                plan: plan, recipients: preview.counts.recipients, certain: preview.counts.certain,
                communes: preview.communes.map(\.name), communesTotal: preview.communes.count,
                guards: preview.guards.filter { $0.consequence == .secondPerson }.map(\.rail),
                isAllClear: message.part == .allClear), now: .now)
        Terminal.out("approval\t\(saved.id)\n")
        Terminal.say(
            "request \(saved.id) waits for a second person: `tocsin approval approve \(saved.id)`; from "
                + "\(ISO8601.text(saved.facts.breakGlassAt)) you may launch it alone: `tocsin approval break-glass \(saved.id)`")
    }

    /// The organisation in whose name the alert goes out.
    private func owner(_ store: AlertDatabase) throws -> (id: OrganisationID, name: String) {
        let organisations = try store.organisations()
        if let own = try Tenancy(store).organisation, let owner = organisations.first(where: { $0.id == own }) { return owner }
        guard let owner = organisations.first(where: { $0.name == scope.organisation }) ?? organisations.first else {
            throw ValidationError("the database has no organisation: run `tocsin init`")
        }
        return owner
    }

    /// What makes a text message longer than it need be.
    private func sayCost(of message: Message, _ mode: CampaignMode) {
        let message = message.sample
        let text = SMSText(message.marked(for: mode).text)
        guard let plainer = SMSText.plainer(message.text, mode: mode) else { return }
        let letters = text.offending.map(String.init).joined(separator: " ")
        Terminal.warn(
            "the text takes \(text.segments) SMS a person; with plain characters for \(letters) it would take \(plainer.segments)")
    }

    /// What is filled for each recipient, and how long it gets.
    private func sayPersonal(_ preview: AudiencePreview, of message: Message) {
        guard message.isPersonal, let places = try? message.personalPlaces else { return }
        let names = Set(places.needed + places.optional).sorted().map { "{\($0.rawValue)}" }.joined(separator: ", ")
        Terminal.say("\(names): filled for each recipient, as the register has it now")
        let sms = preview.loads.filter { $0.channel == .sms }
        let count = sms.reduce(0) { $0 + $1.messages }
        guard count > 0, let longest = preview.longestSegments else { return }
        let sum = sms.reduce(0) { $0 + $1.messages * SMSText($1.message.text).segments }
        let mean = (Double(sum) / Double(count) * 100).rounded() / 100
        Terminal.say("SMS segments a person: \(mean) on average, \(longest) at most")
    }

    /// What quiet hours hold back, and for how long.
    private func sayQuiet(_ plan: CampaignPlan, at now: UTCTime) throws {
        if let refusal = plan.quietRefusal(at: now) { throw refusal }
        guard let quiet = plan.policy.quiet else { return }
        if let end = quiet.end(at: now) { Terminal.say("quiet hours (\(quiet)): waits until \(quiet.clock.text(end))") }
        let validity = Int64(plan.policy.validitySeconds) * 1000
        let open = quiet.openMilliseconds(from: now, until: now.advanced(byMilliseconds: validity))
        if open * 2 < validity {
            Terminal.warn("of \(validity / 60_000) minutes of validity, quiet hours leave \(open / 60_000) to send it in: --validity lengthens it")
        }
    }

    /// What is about to happen, in words.
    private func show(_ preview: AudiencePreview, _ estimate: CampaignEstimate?, mode: CampaignMode) {
        let counts = preview.counts
        let places = preview.communes.prefix(5).map(\.name).joined(separator: ", ")
        let more = preview.communes.count > 5 ? " and \(preview.communes.count - 5) more communes" : ""
        Terminal.say(
            mode == .exercise
                ? "EXERCISE: simulators only, nobody receives anything."
                : "REAL: messages will be sent to people.")
        Terminal.say(
            "\(counts.recipients) recipients (\(counts.certain) certain, \(counts.possible) possible) in \(places)\(more)")
        for line in estimate.map(EstimateSummary.words) ?? [] { Terminal.say(line) }
        if counts.unreachable > 0 { Terminal.warn("\(counts.unreachable) of them have no contact point at all") }
        if counts.notLocated > 0 {
            Terminal.warn(
                "\(counts.notLocated) recipients of the register are not located and will not be alerted: "
                    + "`tocsin target … --not-located` lists them")
        }
    }

    /// Tells of the organisation's default list when the zone names no list. It is never used unasked.
    private func suggestDefaultList(_ store: AlertDatabase, _ zone: Zone) throws {
        let namesList = zone.terms.contains { if case .members(.list) = $0 { true } else { false } }
        guard !namesList else { return }
        let owner = try owner(store)
        for (list, members) in try store.defaultLists(scope: .organisation(owner.id)) {
            Terminal.say(
                "default list of the organisation: \(list.name) (\(members) recipients); not used: say --list \"\(list.name)\"")
        }
    }

    /// In words what will happen; a large send takes the number, or the name of its first commune.
    private func confirm(_ preview: AudiencePreview, _ mode: CampaignMode, limits: GuardPolicy) throws {
        guard !yes else { return }
        let count = preview.counts.recipients
        let what = (mode == .exercise ? "EXERCISE: simulate sending to " : "Really send to ")
            + "\(count) people of \(preview.communes.count) communes"
        let isLarge = count > limits.typedAbove
        let commune = preview.communes.first?.name
        let question = isLarge ? "type the number of people" + (commune.map { ", or \($0)" } ?? "") : "type yes"
        guard let answer = Terminal.ask("\(what)? To go on, \(question):") else {
            throw ValidationError("nobody can confirm here: add --yes to launch without asking")
        }
        let typed = answer.trimmingCharacters(in: .whitespaces)
        let words = isLarge ? [commune?.lowercased()].compactMap(\.self) : ["yes", "y", "oui", "o"]
        guard !words.contains(typed.lowercased()) else { return }
        let given = Int(typed.filter { !$0.isWhitespace }) ?? -1
        guard given == count else { throw LaunchError.confirmationMismatch(expected: count, given: given) }
    }
}
