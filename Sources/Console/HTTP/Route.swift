import AlertModel
import HTTPTypes

/// Every address of the console: the one table that the server, its links and its tests share.
package enum Route: CaseIterable, Hashable, Sendable {
    // Pages and files
    case inboxPage, templatesPage, statisticsPage, schedulesPage, helpPage
    case health, home, signInPage, passwordPage, approvalsPage, scenariosPage, coveragePage, journalPage, staticFile, vendorFile
    // Session
    case signIn, session, signOut, changePassword, prove, beginProof
    // One's own account
    case accountPage, account, beginCodes, confirmCodes, removeFactors, renewRecovery, setPIN, endOwnSession
    case createToken, revokeToken, noticeAddress, setNoticeAddress, setExercisePassword, beginKey, addKey, removeKey
    // People and rights
    case peoplePage, people, createPerson, closePerson, resetPerson, resetFactors, removePersonKey, endSession
    case saveRole, removeRole, createGroup, removeGroup, giveGrant, confirmGrant, refuseGrant, withdrawGrant
    case declareStation, revokeStation, setFactorPolicy
    // Reference data
    case configuration, communeTile, communes, communeAt, epcis
    // The journal, and the description of all this
    case journal, journalFigures, journalFile, apiDescription
    // Zones
    case zoneCounts, cells, zoneCoverage, zoneShape, communeCoverage, zoneCoverageFile, coverageFile, keepCoverage
    // Perimeters and lists
    case readPerimeter, perimeters, perimeter, perimeterTile, savePerimeter, deletePerimeter, lists, tags
    // Message and campaigns
    case recordings, addRecording, removeRecording
    case templates, fillMessage, channelTexts, messageSpeech, testPlaces, testMessage, amendCampaign
    case measureMessage, previewCampaign, launchCampaign, campaigns, campaign
    case pauseCampaign, resumeCampaign, stopCampaign, undoCampaign, campaignEvents, campaignReport, campaignCertificate
    case campaignPeople, campaignPeopleFile, campaignFailures, campaignCells, campaignDoors
    // What was prepared ahead, and a second person
    case scenarios, previewScenario, launchScenario, approveScenario
    case saveScenario, scenario, removeScenario, askScenario, refuseScenario
    case askAmendment, approveAmendment, refuseAmendment, withdrawAmendment, breakGlassOnAmendment
    // Ground handed to whoever answers for it
    case neighbours, sendRequest, requests, request, acceptRequest, refuseRequest, withdrawRequest
    // What people of one organisation prepare together
    case drafts, draft, saveDraft, removeDraft, draftEvents
    case askApproval, approvals, approval, approve, refuseApproval, withdrawApproval, breakGlass
    // Organisations
    case organisationsPage, organisations, createOrganisation, changeOrganisation, delegateRegister, withdrawRegister
    case contactCard, saveContactCard, removeContactCard, organisationMeans, settleMeans, organisationCosts
    // The register
    case registerPage, findPeople, person, personHistory, addPerson, changePerson, erasePerson, labelPeople, gatherPeople, exportPeople
    case findPlaces, imports, receiveImport, importState, checkImport, applyImport, importFaults, undoImport
    // The desk's daily work
    case inbox, readInbox, templateLibrary, templateVersions, saveTemplate, removeTemplate, statistics, statisticsFile
    case schedules, previewSchedule, addSchedule, pauseSchedule, resumeSchedule, removeSchedule
    // How the gateways are
    case gatewaysPage, gatewayBoard, gatewayEvents, testGateway
    // People who may be twice in the register, and its lists
    case doublesPage, findDoubles, mergeDoubles, keepApart, merges, undoMerge
    case listsPage, listBook, createList, renameList, describeList, deleteList
    // Addresses, as the national geocoder's clients ask for them
    case addressSearch, addressReverse, addressSearchTable, addressReverseTable
    case addressSearchPreflight, addressReversePreflight
    // Recipients' own pages
    case acknowledgementPage, acknowledge, unsubscriptionPage, unsubscribe
    // What providers of messages call
    case callback, callbackForm

    /// The method; a GET also answers HEAD.
    package var method: HTTPRequest.Method { line.method }

    /// The path, with `{parameters}`; `**` stands for the rest of it.
    package var path: String { line.path }

    /// Who may ask.
    enum Access: Hashable, Sendable {
        /// Anyone who reaches the server.
        case anyone
        /// Whoever is signed in, even with a one-time password still to be replaced.
        case arriving
        /// Whoever is signed in with a password of their own, for their own account: no program, and even while a second
        /// factor is still to be enrolled.
        case oneself
        /// Whoever is signed in with a password of their own, whatever their rights.
        case signedIn
        /// Whoever is signed in so and has this capability now.
        case may(Capability)
        /// As `may`, or as `signedIn` without a capability; but a person who showed who they are within minutes, and no program:
        /// what decides who may do what, and who signs in.
        case person(Capability?)

        /// What whoever asks must have.
        var capability: Capability? {
            switch self {
            case .may(let capability): capability
            case .person(let capability): capability
            case .anyone, .arriving, .oneself, .signedIn: nil
            }
        }
    }

    /// The body a request of this route may have.
    enum Body: Hashable, Sendable {
        case none
        /// JSON without a geometry.
        case json
        /// JSON that carries a zone or a geometry.
        case geometry
        /// A GeoJSON file as it is.
        case geoJSONFile
        /// A sound as it is.
        case soundFile
        /// A table of recipients as it is, however large.
        case registerFile
        /// A form with a table of addresses.
        case addressTable
        /// What a provider tells, in a form or JSON.
        case callback
    }

    /// How long an answer may take.
    enum Pace: Hashable, Sendable {
        case quick, long, endless
    }

    private struct Line {
        let method: HTTPRequest.Method
        let path: String
        let access: Access
        var body = Body.none
        var pace = Pace.quick
        /// On a duty session, whether PIN, password or code must have been shown within minutes.
        var asksForProof = false
    }

    var access: Access { line.access }
    var body: Body { line.body }
    var pace: Pace { line.pace }
    var asksForProof: Bool { line.asksForProof }

    /// At which addresses it exists. What an exercise needs, and no more, exists where exercises are held: a new route is for
    /// the real address until it is written here. What changes people, rights, registers, gateways or organisations, and
    /// whatever approves, is for the real one alone.
    var modes: Set<CampaignMode> {
        switch self {
        case .health, .home, .helpPage, .signInPage, .scenariosPage, .coveragePage, .staticFile, .vendorFile, .signIn, .session, .signOut,
            .configuration, .communeTile, .communes, .communeAt, .epcis, .apiDescription, .zoneCounts, .cells, .zoneCoverage,
            .zoneShape, .communeCoverage, .zoneCoverageFile, .coverageFile, .readPerimeter, .perimeters, .perimeter,
            .perimeterTile, .lists, .tags,
            .recordings, .templates, .fillMessage, .channelTexts, .messageSpeech, .testPlaces, .testMessage, .amendCampaign, .measureMessage,
            .previewCampaign, .launchCampaign, .campaigns, .campaign, .pauseCampaign, .resumeCampaign, .stopCampaign,
            .undoCampaign, .campaignEvents, .campaignReport, .campaignFailures, .campaignCells, .scenarios, .previewScenario, .launchScenario,
            .drafts, .draft, .saveDraft, .removeDraft, .draftEvents, .gatewaysPage, .gatewayBoard, .gatewayEvents:
            [.real, .exercise]
        case .campaignCertificate: [.exercise]
        default: [.real]
        }
    }

    /// Whether nobody needs a second factor first, even where the organisation asks for one: what stops or holds up an alert,
    /// and follows it, is hindered by nothing.
    var isOpenBeforeEnrolling: Bool {
        switch self {
        case .stopCampaign, .pauseCampaign, .undoCampaign, .campaign, .campaignEvents: true
        default: access == .arriving || access == .oneself
        }
    }

    private var line: Line {
        switch self {
        case .health: Line(method: .get, path: "/healthz", access: .anyone)
        case .home: Line(method: .get, path: "/", access: .anyone)
        case .signInPage: Line(method: .get, path: "/connexion", access: .anyone)
        case .passwordPage: Line(method: .get, path: "/mot-de-passe", access: .anyone)
        case .scenariosPage: Line(method: .get, path: "/scenarios", access: .anyone)
        case .approvalsPage: Line(method: .get, path: "/approbations", access: .anyone)
        case .coveragePage: Line(method: .get, path: "/couverture", access: .anyone, pace: .long)
        case .journalPage: Line(method: .get, path: "/journal", access: .anyone)
        case .staticFile: Line(method: .get, path: "/static/**", access: .anyone)
        case .vendorFile: Line(method: .get, path: "/vendor/**", access: .anyone)

        case .signIn: Line(method: .post, path: "/api/session", access: .anyone, body: .json)
        case .session: Line(method: .get, path: "/api/session", access: .arriving)
        case .signOut: Line(method: .delete, path: "/api/session", access: .arriving)
        case .changePassword: Line(method: .post, path: "/api/password", access: .arriving, body: .json)

        case .beginProof: Line(method: .post, path: "/api/session/proof/key", access: .oneself)
        case .prove: Line(method: .post, path: "/api/session/proof", access: .oneself, body: .json)

        case .accountPage: Line(method: .get, path: "/compte", access: .anyone)
        case .account: Line(method: .get, path: "/api/account", access: .oneself)
        case .beginCodes: Line(method: .post, path: "/api/account/codes", access: .oneself, body: .json)
        case .confirmCodes: Line(method: .post, path: "/api/account/codes/confirm", access: .oneself, body: .json)
        case .removeFactors: Line(method: .post, path: "/api/account/codes/remove", access: .oneself, body: .json)
        case .renewRecovery: Line(method: .post, path: "/api/account/recovery", access: .oneself, body: .json)
        case .setPIN: Line(method: .post, path: "/api/account/pin", access: .oneself, body: .json)
        case .endOwnSession: Line(method: .delete, path: "/api/account/sessions/{id}", access: .oneself)
        case .beginKey: Line(method: .post, path: "/api/account/keys/begin", access: .oneself, body: .json)
        case .addKey: Line(method: .post, path: "/api/account/keys", access: .oneself, body: .json)
        case .removeKey: Line(method: .post, path: "/api/account/keys/{id}/remove", access: .oneself, body: .json)
        case .createToken: Line(method: .post, path: "/api/account/tokens", access: .oneself, body: .json)
        case .setExercisePassword:
            Line(method: .post, path: "/api/account/exercise-password", access: .oneself, body: .json)
        case .revokeToken: Line(method: .delete, path: "/api/account/tokens/{id}", access: .oneself)

        case .noticeAddress: Line(method: .get, path: "/api/account/notices", access: .oneself)
        case .setNoticeAddress: Line(method: .post, path: "/api/account/notices", access: .oneself, body: .json)

        case .peoplePage: Line(method: .get, path: "/administration", access: .anyone)
        case .people: Line(method: .get, path: "/api/people", access: .may(.administer))
        case .createPerson: Line(method: .post, path: "/api/people", access: .person(.administer), body: .json)
        case .closePerson: Line(method: .post, path: "/api/people/{id}/close", access: .person(.administer))
        case .resetPerson: Line(method: .post, path: "/api/people/{id}/reset-password", access: .person(.administer))
        case .resetFactors: Line(method: .post, path: "/api/people/{id}/reset-factors", access: .person(.administer))
        case .removePersonKey: Line(method: .delete, path: "/api/people/keys/{id}", access: .person(.administer))
        case .endSession: Line(method: .delete, path: "/api/people/sessions/{id}", access: .person(.administer))
        case .saveRole: Line(method: .post, path: "/api/roles", access: .person(.administer), body: .json)
        case .removeRole: Line(method: .post, path: "/api/roles/remove", access: .person(.administer), body: .json)
        case .createGroup: Line(method: .post, path: "/api/groups", access: .person(.administer), body: .json)
        case .removeGroup: Line(method: .delete, path: "/api/groups/{id}", access: .person(.administer))
        case .giveGrant: Line(method: .post, path: "/api/grants", access: .person(nil), body: .json)
        case .confirmGrant: Line(method: .post, path: "/api/grants/{id}/confirm", access: .person(.administer))
        case .refuseGrant: Line(method: .post, path: "/api/grants/{id}/refuse", access: .person(.administer))
        case .withdrawGrant: Line(method: .post, path: "/api/grants/{id}/withdraw", access: .person(nil))
        case .declareStation: Line(method: .post, path: "/api/stations", access: .person(.administer), body: .json)
        case .revokeStation: Line(method: .delete, path: "/api/stations/{id}", access: .person(.administer))
        case .setFactorPolicy: Line(method: .post, path: "/api/people/policy", access: .person(.administer), body: .json)

        case .configuration: Line(method: .get, path: "/api/config", access: .signedIn)
        case .communeTile: Line(method: .get, path: "/tiles/communes/{z}/{x}/{y}", access: .signedIn)
        case .communes: Line(method: .get, path: "/api/communes", access: .signedIn)
        case .epcis: Line(method: .get, path: "/api/epcis", access: .signedIn)
        case .communeAt: Line(method: .get, path: "/api/communes/at", access: .signedIn)

        case .journal: Line(method: .get, path: "/api/audit", access: .may(.administer))
        case .journalFigures: Line(method: .get, path: "/api/audit/figures", access: .may(.statistics))
        case .journalFile: Line(method: .get, path: "/api/audit/export", access: .may(.administer), pace: .long)
        case .apiDescription: Line(method: .get, path: "/api/openapi.json", access: .anyone)

        case .zoneCounts:
            Line(method: .post, path: "/api/zone/counts", access: .may(.statistics), body: .geometry, pace: .long)
        case .cells: Line(method: .post, path: "/api/cells", access: .may(.statistics), body: .geometry, pace: .long)
        case .zoneCoverage:
            Line(method: .post, path: "/api/zone/coverage", access: .may(.statistics), body: .geometry, pace: .long)
        case .zoneShape:
            Line(method: .post, path: "/api/zone/shape", access: .may(.statistics), body: .geometry, pace: .long)
        case .communeCoverage: Line(method: .get, path: "/api/coverage/communes", access: .may(.statistics), pace: .long)

        case .zoneCoverageFile:
            Line(method: .post, path: "/api/zone/coverage/file", access: .may(.statistics), body: .geometry, pace: .long)
        case .coverageFile: Line(method: .get, path: "/api/coverage/report", access: .may(.statistics), pace: .long)
        case .keepCoverage: Line(method: .post, path: "/api/coverage/reports", access: .may(.prepare), pace: .long)

        case .readPerimeter:
            Line(method: .post, path: "/api/perimeters/read", access: .may(.statistics), body: .geoJSONFile, pace: .long)
        case .perimeters: Line(method: .get, path: "/api/perimeters", access: .signedIn)
        case .perimeter: Line(method: .get, path: "/api/perimeters/{id}", access: .signedIn)
        case .perimeterTile: Line(method: .get, path: "/tiles/perimeters/{z}/{x}/{y}", access: .signedIn, pace: .long)
        case .savePerimeter:
            Line(method: .post, path: "/api/perimeters", access: .may(.prepare), body: .geometry, pace: .long)
        case .deletePerimeter: Line(method: .delete, path: "/api/perimeters/{id}", access: .may(.prepare))
        case .lists: Line(method: .get, path: "/api/lists", access: .signedIn)
        case .tags: Line(method: .get, path: "/api/tags", access: .signedIn)

        case .templates: Line(method: .get, path: "/api/templates", access: .signedIn)
        case .fillMessage: Line(method: .post, path: "/api/message/fill", access: .may(.statistics), body: .json)
        case .channelTexts: Line(method: .post, path: "/api/message/texts", access: .may(.statistics), body: .json)
        case .recordings: Line(method: .get, path: "/api/recordings", access: .signedIn)
        case .addRecording: Line(method: .post, path: "/api/recordings", access: .may(.prepare), body: .soundFile, pace: .long)
        case .removeRecording: Line(method: .delete, path: "/api/recordings/{id}", access: .may(.prepare))
        case .messageSpeech: Line(method: .post, path: "/api/message/speech", access: .may(.statistics), body: .json, pace: .long)
        case .testPlaces: Line(method: .get, path: "/api/message/test", access: .may(.statistics))
        // As long as a gateway may take to answer.
        case .testMessage: Line(method: .post, path: "/api/message/test", access: .may(.prepare), body: .json, pace: .long)
        case .amendCampaign:
            Line(
                method: .post, path: "/api/campaigns/{id}/amend", access: .may(.launch), body: .json, asksForProof: true)
        case .measureMessage: Line(method: .post, path: "/api/message/measure", access: .may(.statistics), body: .json)
        case .previewCampaign:
            Line(method: .post, path: "/api/campaigns/preview", access: .may(.statistics), body: .geometry, pace: .long)
        case .launchCampaign:
            Line(method: .post, path: "/api/campaigns", access: .may(.launch), body: .geometry, pace: .long, asksForProof: true)
        case .campaigns: Line(method: .get, path: "/api/campaigns", access: .may(.statistics))
        case .campaign: Line(method: .get, path: "/api/campaigns/{id}", access: .may(.statistics))
        case .pauseCampaign: Line(method: .post, path: "/api/campaigns/{id}/pause", access: .may(.launch))
        case .resumeCampaign: Line(method: .post, path: "/api/campaigns/{id}/resume", access: .may(.launch), asksForProof: true)
        case .stopCampaign: Line(method: .post, path: "/api/campaigns/{id}/stop", access: .may(.launch))
        case .undoCampaign: Line(method: .post, path: "/api/campaigns/{id}/undo", access: .may(.launch))
        case .campaignEvents:
            Line(method: .get, path: "/api/campaigns/{id}/events", access: .may(.statistics), pace: .endless)
        case .campaignReport:
            Line(method: .get, path: "/api/campaigns/{id}/report", access: .may(.statistics), pace: .long)

        case .campaignPeople:
            Line(method: .get, path: "/api/campaigns/{id}/people", access: .may(.seePersonalData), pace: .long)
        case .campaignPeopleFile:
            Line(method: .get, path: "/api/campaigns/{id}/people/file", access: .may(.seePersonalData), pace: .long)
        case .campaignFailures:
            Line(method: .get, path: "/api/campaigns/{id}/people/failures", access: .may(.statistics), pace: .long)
        case .campaignCells:
            Line(method: .get, path: "/api/campaigns/{id}/cells", access: .may(.statistics), pace: .long)
        case .campaignDoors:
            Line(method: .get, path: "/api/campaigns/{id}/doors", access: .may(.seePersonalData), pace: .long)
        case .campaignCertificate:
            Line(method: .get, path: "/api/campaigns/{id}/certificate", access: .may(.statistics), pace: .long)

        case .scenarios: Line(method: .get, path: "/api/scenarios", access: .may(.statistics))
        case .previewScenario:
            Line(method: .post, path: "/api/scenarios/{id}/preview", access: .may(.statistics), body: .json, pace: .long)
        case .launchScenario:
            Line(method: .post, path: "/api/scenarios/{id}/launch", access: .may(.launch), body: .json, pace: .long, asksForProof: true)
        case .approveScenario:
            Line(method: .post, path: "/api/scenarios/{id}/approve", access: .may(.approve), body: .json, asksForProof: true)
        case .saveScenario: Line(method: .post, path: "/api/scenarios", access: .may(.prepare), body: .geometry, pace: .long)
        case .scenario: Line(method: .get, path: "/api/scenarios/{id}", access: .may(.statistics))
        case .removeScenario: Line(method: .delete, path: "/api/scenarios/{id}", access: .may(.prepare))
        case .askScenario: Line(method: .post, path: "/api/scenarios/{id}/ask", access: .may(.prepare))
        case .refuseScenario: Line(method: .post, path: "/api/scenarios/{id}/refuse", access: .may(.approve), body: .json)
        case .askAmendment:
            Line(method: .post, path: "/api/campaigns/{id}/amendments", access: .may(.launch), body: .json, asksForProof: true)
        case .approveAmendment:
            Line(method: .post, path: "/api/amendments/{id}/approve", access: .may(.approve), asksForProof: true)
        case .refuseAmendment: Line(method: .post, path: "/api/amendments/{id}/refuse", access: .may(.approve), body: .json)
        case .withdrawAmendment: Line(method: .post, path: "/api/amendments/{id}/withdraw", access: .may(.launch))
        case .breakGlassOnAmendment:
            Line(method: .post, path: "/api/amendments/{id}/break-glass", access: .may(.launch), body: .json, asksForProof: true)
        case .neighbours:
            Line(method: .post, path: "/api/requests/neighbours", access: .may(.statistics), body: .geometry, pace: .long)
        case .sendRequest:
            Line(method: .post, path: "/api/requests", access: .may(.launch), body: .geometry, pace: .long, asksForProof: true)
        case .requests: Line(method: .get, path: "/api/requests", access: .may(.statistics))
        case .request: Line(method: .get, path: "/api/requests/{id}", access: .may(.statistics))
        case .acceptRequest: Line(method: .post, path: "/api/requests/{id}/accept", access: .may(.launch), asksForProof: true)
        case .refuseRequest: Line(method: .post, path: "/api/requests/{id}/refuse", access: .may(.launch), body: .json)
        case .withdrawRequest: Line(method: .post, path: "/api/requests/{id}/withdraw", access: .may(.launch))
        case .drafts: Line(method: .get, path: "/api/drafts", access: .may(.prepare))
        case .draft: Line(method: .get, path: "/api/drafts/{id}", access: .may(.prepare))
        case .saveDraft: Line(method: .post, path: "/api/drafts/{id}", access: .may(.prepare), body: .geometry)
        case .removeDraft: Line(method: .delete, path: "/api/drafts/{id}", access: .may(.prepare))
        case .draftEvents: Line(method: .get, path: "/api/drafts/{id}/events", access: .may(.prepare), pace: .endless)
        case .askApproval:
            Line(method: .post, path: "/api/approvals", access: .may(.launch), body: .geometry, pace: .long, asksForProof: true)
        case .approvals: Line(method: .get, path: "/api/approvals", access: .may(.statistics))
        case .approval: Line(method: .get, path: "/api/approvals/{id}", access: .may(.statistics))
        case .approve: Line(method: .post, path: "/api/approvals/{id}/approve", access: .may(.approve), pace: .long, asksForProof: true)
        case .refuseApproval: Line(method: .post, path: "/api/approvals/{id}/refuse", access: .may(.approve), body: .json)
        case .withdrawApproval: Line(method: .post, path: "/api/approvals/{id}/withdraw", access: .may(.launch))
        case .breakGlass:
            Line(method: .post, path: "/api/approvals/{id}/break-glass", access: .may(.launch), body: .json, pace: .long, asksForProof: true)
        case .organisationsPage: Line(method: .get, path: "/organismes", access: .anyone)
        case .organisations: Line(method: .get, path: "/api/organisations", access: .may(.administer))
        case .createOrganisation:
            Line(method: .post, path: "/api/organisations", access: .person(.administer), body: .json)
        case .changeOrganisation:
            Line(method: .post, path: "/api/organisations/{id}", access: .person(.administer), body: .json)
        case .delegateRegister:
            Line(method: .post, path: "/api/delegations", access: .person(.administer), body: .json)
        case .withdrawRegister: Line(method: .delete, path: "/api/delegations/{id}", access: .person(.administer))
        case .organisationMeans:
            Line(method: .get, path: "/api/organisations/{id}/means", access: .may(.administer), pace: .long)
        case .settleMeans:
            Line(method: .post, path: "/api/organisations/{id}/means", access: .person(.administer), body: .json)
        case .organisationCosts:
            Line(method: .get, path: "/api/organisations/{id}/costs", access: .may(.statistics), pace: .long)
        case .contactCard: Line(method: .get, path: "/api/contact-card", access: .may(.editRegister))
        case .saveContactCard:
            Line(method: .post, path: "/api/contact-card", access: .may(.editRegister), body: .json)
        case .removeContactCard: Line(method: .delete, path: "/api/contact-card", access: .may(.editRegister))

        case .registerPage: Line(method: .get, path: "/registre", access: .anyone)
        case .findPeople:
            Line(method: .post, path: "/api/register/search", access: .may(.seePersonalData), body: .json)
        case .person: Line(method: .get, path: "/api/register/people/{id}", access: .may(.seePersonalData))
        case .personHistory: Line(method: .get, path: "/api/register/people/{id}/history", access: .may(.seePersonalData))
        case .addPerson: Line(method: .post, path: "/api/register/people", access: .may(.editRegister), body: .json)
        case .changePerson: Line(method: .post, path: "/api/register/people/{id}", access: .may(.editRegister), body: .json)
        case .erasePerson:
            Line(method: .post, path: "/api/register/people/{id}/erase", access: .may(.editRegister), body: .json)
        case .labelPeople: Line(method: .post, path: "/api/register/labels", access: .may(.editRegister), body: .json)
        case .gatherPeople: Line(method: .post, path: "/api/register/audience", access: .may(.editRegister), body: .json)
        case .exportPeople:
            Line(method: .post, path: "/api/register/export", access: .may(.seePersonalData), body: .json, pace: .long)
        case .imports: Line(method: .get, path: "/api/register/imports", access: .may(.editRegister))
        case .receiveImport:
            Line(method: .post, path: "/api/register/imports", access: .may(.editRegister), body: .registerFile, pace: .long)
        case .importState: Line(method: .get, path: "/api/register/imports/{id}", access: .may(.editRegister))
        case .checkImport:
            Line(method: .post, path: "/api/register/imports/{id}/check", access: .may(.editRegister), body: .json)
        case .applyImport: Line(method: .post, path: "/api/register/imports/{id}/apply", access: .may(.editRegister), body: .json)
        case .importFaults: Line(method: .get, path: "/api/register/imports/{id}/faults", access: .may(.editRegister), pace: .long)
        case .undoImport:
            Line(method: .post, path: "/api/register/undo", access: .may(.editRegister), body: .json, pace: .long)
        case .findPlaces: Line(method: .post, path: "/api/register/places", access: .may(.editRegister), body: .json)
        case .inboxPage: Line(method: .get, path: "/messages", access: .anyone)
        case .inbox: Line(method: .get, path: "/api/inbox", access: .may(.statistics))
        case .readInbox: Line(method: .post, path: "/api/inbox/read", access: .may(.seePersonalData), body: .json)
        case .templatesPage: Line(method: .get, path: "/modeles", access: .anyone)
        case .templateLibrary: Line(method: .get, path: "/api/templates/library", access: .may(.statistics))
        case .templateVersions: Line(method: .get, path: "/api/templates/versions", access: .may(.statistics))
        case .saveTemplate: Line(method: .post, path: "/api/templates", access: .may(.prepare), body: .json)
        case .removeTemplate: Line(method: .post, path: "/api/templates/remove", access: .may(.prepare), body: .json)
        case .statisticsPage: Line(method: .get, path: "/statistiques", access: .anyone)
        case .statistics: Line(method: .get, path: "/api/statistics", access: .may(.statistics), pace: .long)
        case .statisticsFile: Line(method: .get, path: "/api/statistics/file", access: .may(.statistics), pace: .long)
        case .schedulesPage: Line(method: .get, path: "/programmations", access: .anyone)
        case .schedules: Line(method: .get, path: "/api/schedules", access: .may(.statistics))
        case .previewSchedule:
            Line(method: .post, path: "/api/schedules/preview", access: .may(.launch), body: .geometry, pace: .long)
        case .addSchedule:
            Line(method: .post, path: "/api/schedules", access: .may(.launch), body: .geometry, pace: .long, asksForProof: true)
        case .pauseSchedule: Line(method: .post, path: "/api/schedules/{id}/pause", access: .may(.launch))
        case .resumeSchedule:
            Line(method: .post, path: "/api/schedules/{id}/resume", access: .may(.launch), asksForProof: true)
        case .removeSchedule: Line(method: .delete, path: "/api/schedules/{id}", access: .may(.launch))
        case .helpPage: Line(method: .get, path: "/aide", access: .anyone)

        case .gatewaysPage: Line(method: .get, path: "/passerelles", access: .anyone)
        case .gatewayBoard: Line(method: .get, path: "/api/gateways", access: .may(.statistics))
        case .gatewayEvents: Line(method: .get, path: "/api/gateways/events", access: .may(.statistics), pace: .endless)
        case .testGateway: Line(method: .post, path: "/api/gateways/test", access: .may(.launch), body: .json, pace: .long)
        case .doublesPage: Line(method: .get, path: "/doublons", access: .anyone)
        case .findDoubles:
            Line(method: .post, path: "/api/register/doubles", access: .may(.editRegister), body: .json, pace: .long)
        case .mergeDoubles:
            Line(method: .post, path: "/api/register/doubles/merge", access: .may(.editRegister), body: .json)
        case .keepApart:
            Line(method: .post, path: "/api/register/doubles/apart", access: .may(.editRegister), body: .json)
        case .merges: Line(method: .get, path: "/api/register/merges", access: .may(.editRegister))
        case .undoMerge: Line(method: .post, path: "/api/register/merges/{id}/undo", access: .may(.editRegister))
        case .listsPage: Line(method: .get, path: "/listes", access: .anyone)
        case .listBook: Line(method: .get, path: "/api/lists/book", access: .may(.statistics), pace: .long)
        case .createList: Line(method: .post, path: "/api/lists/book", access: .may(.editRegister), body: .json)
        case .renameList: Line(method: .post, path: "/api/lists/book/{id}/name", access: .may(.editRegister), body: .json)
        case .describeList:
            Line(method: .post, path: "/api/lists/book/{id}/description", access: .may(.editRegister), body: .json)
        case .deleteList: Line(method: .post, path: "/api/lists/book/{id}/delete", access: .may(.editRegister), body: .json)

        case .addressSearch: Line(method: .get, path: "/search", access: .anyone)
        case .addressReverse: Line(method: .get, path: "/reverse", access: .anyone)
        case .addressSearchPreflight: Line(method: .options, path: "/search", access: .anyone)
        case .addressReversePreflight: Line(method: .options, path: "/reverse", access: .anyone)
        case .addressSearchTable:
            Line(method: .post, path: "/search/csv", access: .anyone, body: .addressTable, pace: .long)
        case .addressReverseTable:
            Line(method: .post, path: "/reverse/csv", access: .anyone, body: .addressTable, pace: .long)

        case .acknowledgementPage: Line(method: .get, path: LinkPage.acknowledge.path("{token}"), access: .anyone)
        case .acknowledge: Line(method: .post, path: LinkPage.acknowledge.path("{token}"), access: .anyone)
        case .unsubscriptionPage: Line(method: .get, path: LinkPage.unsubscribe.path("{token}"), access: .anyone)
        case .unsubscribe: Line(method: .post, path: LinkPage.unsubscribe.path("{token}"), access: .anyone)

        case .callback: Line(method: .get, path: "\(CallbackKey.root)/{name}/{key}", access: .anyone)
        case .callbackForm:
            Line(method: .post, path: "\(CallbackKey.root)/{name}/{key}", access: .anyone, body: .callback)
        }
    }

    /// Whether answers are JSON, and a refusal for want of a session is a 401 rather than a redirection.
    package var isAPI: Bool { path.hasPrefix("/api/") || path.hasPrefix("/tiles/") }

    /// The paths of the routes that answer about addresses to anyone.
    static let addressPaths: Set<String> = [
        Route.addressSearch.path, Route.addressReverse.path, Route.addressSearchTable.path,
        Route.addressReverseTable.path,
    ]

    /// Whether a request of this route may change something, so that its origin and CSRF token are checked.
    var isUnsafe: Bool { method != .get && method != .options }

    /// The methods that some route answers at a path, whatever it is: what `Allow` says of another method.
    static func methods(at path: String, in mode: CampaignMode) -> Set<HTTPRequest.Method> {
        let segments = path.split(separator: "/", omittingEmptySubsequences: true)
        var methods: Set<HTTPRequest.Method> = []
        for route in allCases where route.modes.contains(mode) && matches(route.path.split(separator: "/"), segments) {
            methods.insert(route.method)
            if route.method == .get { methods.insert(.head) }
        }
        return methods
    }

    private static func matches(_ pattern: [Substring], _ segments: [Substring]) -> Bool {
        if pattern.last == "**" {
            return segments.count >= pattern.count && zip(pattern.dropLast(), segments).allSatisfy { $0 == $1 }
        }
        return pattern.count == segments.count
            && zip(pattern, segments).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
    }
}
