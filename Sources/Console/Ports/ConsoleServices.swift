/// Everything the console asks of the rest of the house. The `tocsin` target wires it; tests replace closures one
/// by one.
package struct ConsoleServices: Sendable {
    package var accounts: Accounts
    package var territory: Territory
    package var zones: ZoneDesk
    package var perimeters: Perimeters
    package var campaigns: CampaignDesk
    /// Nil where nothing takes a second person: its routes then do not exist.
    package var approvals: ApprovalDesk?
    package var scenarios: ScenarioDesk
    package var messages: MessageDesk
    package var recordings: RecordingDesk
    /// Nil when the address routes are turned off: they then do not exist.
    package var addresses: AddressDesk?
    /// Nil where no report can be made: its routes then do not exist.
    package var coverage: CoverageDesk?
    /// Nil where recipients cannot reach this server: their pages then do not exist.
    package var recipients: RecipientDesk?
    /// Nil where no provider calls back: its routes then do not exist.
    package var gateways: GatewayDesk?
    /// Nil where no journal is read: its routes then do not exist.
    package var journal: JournalDesk?
    /// Nil where people are managed elsewhere: their routes then do not exist.
    package var people: PeopleDesk?
    package var account: AccountDesk?
    /// Nil where organisations are not managed here: its routes then do not exist.
    package var organisations: OrganisationDesk?
    /// Nil where gateways, tariffs and quotas are not settled here: its routes then do not exist.
    package var means: MeansDesk?
    /// Nil where nothing is handed to other organisations: its routes then do not exist.
    package var requests: RequestDesk?
    /// Nil where no second person is asked about texts: its routes then do not exist.
    package var amendments: AmendmentDesk?
    /// Nil where nobody is written to: its routes then do not exist.
    package var notices: NoticeDesk?
    /// Nil where nobody's card is shown: its routes then do not exist.
    package var register: RegisterDesk?
    /// Nil where no file of recipients is taken: its routes then do not exist.
    package var imports: ImportDesk?
    /// Nil where a campaign's people are not listed: its routes then do not exist.
    package var follow: FollowDesk?
    /// Nil where drafts are kept by browsers alone: its routes then do not exist.
    package var drafts: DraftDesk?
    /// Nil where nobody writes back, no library is kept, nothing is counted, or nothing goes by the calendar: their routes then
    /// do not exist.
    package var inbox: InboxDesk?
    package var templates: TemplateDesk?
    package var statistics: StatisticsDesk?
    package var schedules: ScheduleDesk?
    /// Nil where no dispatcher is watched, no doubles are looked for, or no lists are written: their routes then do not exist.
    package var gatewayWatch: GatewayWatch?
    package var doubles: DoubleDesk?
    package var listRoom: ListRoom?

    package init(
        accounts: Accounts, territory: Territory, zones: ZoneDesk, perimeters: Perimeters, campaigns: CampaignDesk,
        approvals: ApprovalDesk? = nil, scenarios: ScenarioDesk, messages: MessageDesk, recordings: RecordingDesk, addresses: AddressDesk? = nil, coverage: CoverageDesk? = nil,
        recipients: RecipientDesk? = nil, gateways: GatewayDesk? = nil, journal: JournalDesk? = nil,
        people: PeopleDesk? = nil, account: AccountDesk? = nil, organisations: OrganisationDesk? = nil,
        means: MeansDesk? = nil
    ) {
        self.accounts = accounts
        self.territory = territory
        self.zones = zones
        self.perimeters = perimeters
        self.campaigns = campaigns
        self.approvals = approvals
        self.scenarios = scenarios
        self.messages = messages
        self.recordings = recordings
        self.addresses = addresses
        self.coverage = coverage
        self.recipients = recipients
        self.gateways = gateways
        self.journal = journal
        self.people = people
        self.account = account
        self.organisations = organisations
        self.means = means
    }
}
