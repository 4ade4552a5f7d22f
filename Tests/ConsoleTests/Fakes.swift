import AlertModel
import Foundation
import GeoModel
import Synchronization
import Testing

@testable import Console

/// A port called without a test having foreseen it: the test fails, whatever the console makes of the error.
func unexpected(_ port: String, _ location: SourceLocation = #_sourceLocation) -> any Error {
    Issue.record("the port \(port) was called unexpectedly", sourceLocation: location)
    return ConsoleProblem(.internalError)
}

extension ConsoleServices {
    /// Ports that all fail; tests replace those they need.
    static var unforeseen: ConsoleServices { failing { unexpected($0) } }

    /// Ports that all answer that they are not there, for tests about who gets that far.
    static var deaf: ConsoleServices { failing { _ in ConsoleProblem(.unavailable) } }

    private static func failing(with unexpected: @escaping @Sendable (String) -> any Error) -> ConsoleServices {
        var services = ConsoleServices(
            accounts: Accounts(
                authenticate: { _, _ in throw unexpected("authenticate") },
                openSession: { _ in throw unexpected("openSession") },
                findSession: { _ in throw unexpected("findSession") },
                closeSession: { _ in throw unexpected("closeSession") },
                changePassword: { _, _, _, _ in throw unexpected("changePassword") }),
            territory: Territory(
                facts: { _ in throw unexpected("facts") }, search: { _, _ in throw unexpected("search") },
                communes: { _, _ in throw unexpected("communes") }, commune: { _ in throw unexpected("commune") },
                tile: { _ in throw unexpected("tile") }),
            zones: ZoneDesk(
                counts: { _, _ in throw unexpected("counts") }, cells: { _, _, _, _ in throw unexpected("cells") },
                coverage: { _, _ in throw unexpected("coverage") }, shares: { _ in throw unexpected("shares") }),
            perimeters: Perimeters(
                read: { _ in throw unexpected("read") }, saved: { _ in throw unexpected("saved") },
                names: { _ in throw unexpected("names") }, exact: { _, _ in throw unexpected("exact") },
                tile: { _, _ in throw unexpected("tile") },
                save: { _, _, _ in throw unexpected("save") }, delete: { _, _ in throw unexpected("delete") },
                lists: { _ in throw unexpected("lists") }),
            campaigns: CampaignDesk(
                measure: { _, _ in throw unexpected("measure") }, preview: { _, _ in throw unexpected("preview") },
                launch: { _, _ in throw unexpected("launch") }, list: { _ in throw unexpected("list") },
                find: { _, _ in throw unexpected("find") }, control: { _, _, _ in throw unexpected("control") },
                undo: { _, _ in throw unexpected("undo") },
                follow: { _, _ in throw unexpected("follow") }, report: { _, _, _ in throw unexpected("report") }),
            approvals: ApprovalDesk(
                ask: { _, _ in throw unexpected("ask") }, list: { _ in throw unexpected("list") },
                find: { _, _ in throw unexpected("find") }, approve: { _, _ in throw unexpected("approve") },
                refuse: { _, _, _ in throw unexpected("refuse") }, withdraw: { _, _ in throw unexpected("withdraw") },
                breakGlass: { _, _, _ in throw unexpected("breakGlass") }),
            scenarios: ScenarioDesk(
                list: { _ in throw unexpected("list") }, preview: { _, _, _, _ in throw unexpected("preview") },
                launch: { _, _, _ in throw unexpected("launch") }, approve: { _, _, _ in throw unexpected("approve") }),
            messages: MessageDesk(
                templates: { _ in throw unexpected("templates") }, fill: { _, _, _ in throw unexpected("fill") },
                texts: { _, _, _ in throw unexpected("texts") }, speech: { _, _, _, _, _ in throw unexpected("speech") }, testPlaces: { _ in throw unexpected("testPlaces") },
                test: { _, _, _, _ in throw unexpected("test") }, amend: { _, _, _, _, _ in throw unexpected("amend") }),
            recordings: RecordingDesk(
                mostBytes: 1_000, all: { _ in throw unexpected("recordings") }, add: { _, _, _ in throw unexpected("addRecording") },
                remove: { _, _ in throw unexpected("removeRecording") }),
            coverage: CoverageDesk(
                zone: { _, _, _ in throw unexpected("zone") }, standing: { _, _ in throw unexpected("standing") },
                page: { _, _ in throw unexpected("page") }, keep: { _ in throw unexpected("keep") }),
            journal: JournalDesk(
                lines: { _, _, _, _ in throw unexpected("lines") }, figures: { _, _ in throw unexpected("figures") },
                export: { _, _, _ in throw unexpected("export") }),
            people: PeopleDesk(
                read: { _ in throw unexpected("people.read") }, act: { _, _ in throw unexpected("people.act") }),
            account: AccountDesk(
                read: { _, _ in throw unexpected("account.read") }, act: { _, _ in throw unexpected("account.act") }),
            organisations: OrganisationDesk(
                sheet: { _ in throw unexpected("sheet") }, create: { _, _ in throw unexpected("create") },
                change: { _, _, _ in throw unexpected("change") }, delegate: { _, _, _ in throw unexpected("delegate") },
                withdraw: { _, _ in throw unexpected("withdraw") }, card: { _ in throw unexpected("card") },
                saveCard: { _, _ in throw unexpected("saveCard") }))
        services.means = MeansDesk(
            read: { _, _ in throw unexpected("means") }, settle: { _, _, _ in throw unexpected("settle") },
            costs: { _, _, _ in throw unexpected("costs") })
        services.requests = RequestDesk(
            neighbours: { _, _ in throw unexpected("neighbours") }, send: { _, _ in throw unexpected("send") },
            list: { _ in throw unexpected("list") }, find: { _, _ in throw unexpected("find") },
            accept: { _, _ in throw unexpected("accept") }, refuse: { _, _, _ in throw unexpected("refuse") },
            withdraw: { _, _ in throw unexpected("withdraw") })
        services.amendments = AmendmentDesk(
            ask: { _, _, _, _, _ in throw unexpected("ask") }, approve: { _, _ in throw unexpected("approve") },
            refuse: { _, _, _ in throw unexpected("refuse") }, withdraw: { _, _ in throw unexpected("withdraw") },
            breakGlass: { _, _, _ in throw unexpected("breakGlass") })
        services.inbox = InboxDesk(
            page: { _, _, _ in throw unexpected("inbox") }, read: { _, _ in throw unexpected("readInbox") })
        services.templates = TemplateDesk(
            library: { _ in throw unexpected("library") }, versions: { _, _, _ in throw unexpected("versions") },
            save: { _, _, _ in throw unexpected("saveTemplate") }, remove: { _, _ in throw unexpected("removeTemplate") })
        services.statistics = StatisticsDesk(
            read: { _, _ in throw unexpected("statistics") }, csv: { _, _ in throw unexpected("statistics.csv") })
        services.schedules = ScheduleDesk(
            list: { _ in throw unexpected("schedules") }, look: { _, _ in throw unexpected("previewSchedule") },
            add: { _, _ in throw unexpected("addSchedule") },
            pause: { _, _ in throw unexpected("pauseSchedule") }, resume: { _, _ in throw unexpected("resumeSchedule") },
            remove: { _, _ in throw unexpected("removeSchedule") })
        services.gatewayWatch = GatewayWatch(
            read: { _ in throw unexpected("gateways") }, follow: { _ in throw unexpected("gatewayEvents") },
            test: { _, _, _ in throw unexpected("testGateway") })
        services.doubles = DoubleDesk(
            find: { _, _, _ in throw unexpected("findDoubles") }, merge: { _, _ in throw unexpected("mergeDoubles") },
            keepApart: { _, _ in throw unexpected("keepApart") }, merges: { _ in throw unexpected("merges") },
            undo: { _, _ in throw unexpected("undoMerge") })
        services.listRoom = ListRoom(
            book: { _ in throw unexpected("listBook") }, create: { _, _, _ in throw unexpected("createList") },
            rename: { _, _, _, _ in throw unexpected("renameList") }, describe: { _, _, _ in throw unexpected("describeList") },
            delete: { _, _, _ in throw unexpected("deleteList") })
        services.notices = NoticeDesk(
            address: { _ in throw unexpected("address") }, setAddress: { _, _ in throw unexpected("setAddress") })
        services.register = RegisterDesk(
            find: { _, _, _, _ in throw unexpected("find") }, card: { _, _ in throw unexpected("card") },
            history: { _, _ in throw unexpected("history") }, change: { _, _, _, _ in throw unexpected("change") },
            add: { _, _ in throw unexpected("add") }, erase: { _, _, _ in throw unexpected("erase") },
            label: { _, _, _, _, _ in throw unexpected("label") },
            gather: { _, _, _ in throw unexpected("gather") }, export: { _, _, _ in throw unexpected("export") },
            places: { _, _ in throw unexpected("places") }, near: { _, _ in throw unexpected("near") })
        services.imports = ImportDesk(
            begin: { _, _ in throw unexpected("begin") }, state: { _, _ in throw unexpected("state") },
            run: { _, _, _, _ in throw unexpected("run") }, faults: { _, _ in throw unexpected("faults") },
            records: { _ in throw unexpected("records") }, undo: { _, _ in throw unexpected("undo") })
        services.follow = FollowDesk(
            people: { _, _, _, _, _ in throw unexpected("people") }, file: { _, _, _, _ in throw unexpected("people.file") },
            failures: { _, _ in throw unexpected("failures") }, doors: { _, _, _, _ in throw unexpected("doors") },
            cells: { _, _, _, _ in throw unexpected("state cells") })
        services.drafts = DraftDesk(
            list: { _ in throw unexpected("drafts") }, find: { _, _ in throw unexpected("draft") },
            save: { _, _, _ in throw unexpected("saveDraft") }, remove: { _, _ in throw unexpected("removeDraft") })
        return services
    }
}

/// Accounts and sessions in memory, for tests about everything else.
final class FakeAccounts: Sendable {
    struct State {
        var account: Account
        var password: String
        var sessions: [SessionDigest: SessionRecord] = [:]
        var attempts = 0
    }

    let state: Mutex<State>

    init(user: String = "amelie", password: String = "correct horse battery", role: Role = .operator, mustChangePassword: Bool = false) {
        state = Mutex(
            State(account: Account(
                    id: 7, user: user, organisation: OrganisationID(rawValue: 1), role: role.name,
                    capabilities: role.capabilities, mustChangePassword: mustChangePassword), password: password))
    }

    /// Somebody with exactly these rights, whatever a role would add.
    convenience init(exactly capabilities: Set<Capability>, mustEnrol: Bool = false) {
        self.init()
        state.withLock { state in
            state.account = Account(
                id: 7, user: "amelie", organisation: OrganisationID(rawValue: 1), role: "made up",
                capabilities: capabilities, mustChangePassword: false, mustEnrol: mustEnrol)
        }
    }

    var port: Accounts {
        var port = passwordPort
        port.findToken = { token in
            token.value == "tocsin_known" ? self.state.withLock { $0.account } : nil
        }
        return port
    }

    private var passwordPort: Accounts {
        Accounts(
            authenticate: { user, password in
                self.state.withLock { state in
                    state.attempts += 1
                    return user == state.account.user && password.value == state.password ? state.account : nil
                }
            },
            openSession: { record in self.state.withLock { $0.sessions[record.digest] = record } },
            findSession: { digest in
                self.state.withLock { state in
                    state.sessions[digest].map { KnownSession(record: $0, account: state.account) }
                }
            },
            closeSession: { digest in self.state.withLock { $0.sessions[digest] = nil } },
            changePassword: { account, current, new, keeping in
                self.state.withLock { state in
                    guard state.password == current.value else { return false }
                    state.password = new.value
                    state.account = Account(
                        id: account.id, user: account.user, organisation: account.organisation, role: account.role,
                        capabilities: account.capabilities, mustChangePassword: false)
                    state.sessions = state.sessions.filter { $0.key == keeping }
                    return true
                }
            })
    }

    /// A session that is already open.
    func open(
        expiresAt: Date = .distantFuture, kind: SessionKind = .desk, provedAt: Date? = .now
    ) -> SessionToken {
        let token = SessionToken()
        state.withLock {
            $0.sessions[token.digest] = SessionRecord(
                digest: token.digest, accountID: 7, openedAt: .distantPast, expiresAt: expiresAt, kind: kind, provedAt: provedAt)
        }
        return token
    }
}
