import AlertModel
import Campaigns
import Console
import GeoEngine
import GeoModel
import Import
import Store
import Targeting

/// Turns the house's errors into what the console tells the operator. Whatever is not named here is answered as
/// an internal error and logged.
enum ConsoleProblems {
    static func translating<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await awaiting { try await Offload.run(work) }
    }

    /// The same of work that waits for others, and blocks no thread.
    static func awaiting<Value: Sendable>(_ work: @Sendable () async throws -> Value) async throws -> Value {
        do {
            return try await work()
        } catch let error as ConsoleProblem {
            throw error
        } catch {
            throw problem(error) ?? error
        }
    }

    private static func problem(_ error: any Error) -> ConsoleProblem? {
        switch error {
        case let error as GeoJSONError: ConsoleProblem(error)
        case let error as GeometryError: problem(error)
        case let error as TargetingError: problem(error)
        case let error as StoreError: problem(error)
        case let error as LaunchError: problem(error)
        case let error as QuotaError: problem(error)
        case let error as QuotaTextFault: ConsoleProblem(.invalidParameter, ProblemDetail(reason: error.description))
        case let error as LedgerError: problem(error)
        case let error as ScenarioError: problem(error)
        case let error as ApprovalRefusal: problem(error)
        case let error as ZoneRequestRefusal: problem(error)
        case let error as TestSendError: problem(error)
        case let error as RightsError: problem(error)
        case let error as RecordingError: problem(error)
        case let error as CertificateRefusal: ConsoleProblem(.notAllowed, ProblemDetail(reason: error.description))
        case let error as SecretBoxError: ConsoleProblem(.unavailable, ProblemDetail(reason: error.description))
        case let error as ImportError: ConsoleProblem(.unreadableFile, ProblemDetail(reason: error.description))
        default: nil
        }
    }

    private static func problem(_ error: RecordingError) -> ConsoleProblem {
        let detail = ProblemDetail(reason: error.description)
        return switch error {
        case .unknown: ConsoleProblem(.notFound)
        case .exists: ConsoleProblem(.alreadyExists)
        case .invalidName: ConsoleProblem(.invalidParameter, detail)
        case .inherited, .inUse: ConsoleProblem(.notAllowed, detail)
        }
    }

    private static func problem(_ error: RightsError) -> ConsoleProblem {
        switch error {
        // What is somebody else's is answered as what is nobody's.
        case .unknownPerson, .unknownGrant, .unknownStation, .unknownToken, .unknownKey, .unknownGroup: ConsoleProblem(.notFound)
        case .notPermitted: ConsoleProblem(.notPermitted)
        case .personExists, .roleExists, .groupExists, .keyExists: ConsoleProblem(.alreadyExists)
        case .secondPersonNeeded: ConsoleProblem(.secondAdministratorNeeded, ProblemDetail(reason: error.description))
        case .invalidName(let longest):
            ConsoleProblem(.invalidParameter, ProblemDetail(path: "name", reason: error.description, limit: longest))
        default: ConsoleProblem(.rightsRefused, ProblemDetail(reason: error.description))
        }
    }

    private static func problem(_ error: GeometryError) -> ConsoleProblem {
        ConsoleProblem(
            ProblemCode(rawValue: error.code.rawValue) ?? .invalidGeometry,
            ProblemDetail(
                reason: error.description, polygon: error.polygon.map { $0 - 1 }, ring: error.ring.map { $0 - 1 },
                vertex: error.vertex.map { $0 - 1 }, position: error.position))
    }

    private static func problem(_ error: TargetingError) -> ConsoleProblem {
        switch error {
        case .emptyZone: ConsoleProblem(.emptyZone)
        case .emptyPerimeter: ConsoleProblem(.emptyGeometry)
        case .swappedCircle: ConsoleProblem(.swappedAxes)
        case .suspiciouslyLarge: ConsoleProblem(.zoneTooLarge, ProblemDetail(reason: error.description))
        case .tooComplex: ConsoleProblem(.zoneTooLarge, ProblemDetail(limit: Zone.maximumTerms))
        case .marginInExclusion, .badMargin, .marginWithoutBoundary, .precisionOfPart:
            ConsoleProblem(.invalidZone, ProblemDetail(reason: error.description))
        }
    }

    private static func problem(_ error: StoreError) -> ConsoleProblem? {
        switch error {
        case .unknownCommunes(let codes, _): ConsoleProblem(.unknownCommune, ProblemDetail(unknown: codes))
        case .codesOfYear: ConsoleProblem(.invalidZone, ProblemDetail(reason: error.description))
        case .unknownDepartment(let code): ConsoleProblem(.unknownDepartment, ProblemDetail(unknown: [code]))
        case .unknownList(let name, _): ConsoleProblem(.unknownList, ProblemDetail(unknown: [name]))
        case .ambiguousList(let name): ConsoleProblem(.unknownList, ProblemDetail(reason: error.description, unknown: [name]))
        case .unknownEPCI, .unknownTag, .unknownCampaign, .campaignOfOtherMode, .unknownPerimeter, .ambiguousPerimeter, .ambiguousFilter:
            ConsoleProblem(.invalidZone, ProblemDetail(reason: error.description))
        case .unknownPerson, .unknownListNumber: ConsoleProblem(.notFound)
        case .differentRegisters: ConsoleProblem(.invalidParameter, ProblemDetail(reason: error.description))
        case .listExists: ConsoleProblem(.alreadyExists, ProblemDetail(path: "name"))
        case .peopleOnceLimited: ConsoleProblem(.peopleOnceLimited, ProblemDetail(reason: error.description))
        case .listOfOnce: ConsoleProblem(.listOfOnce, ProblemDetail(reason: error.description))
        case .listInUse(_, let users): ConsoleProblem(.listInUse, ProblemDetail(reason: error.description, unknown: users))
        case .invalidListName: ConsoleProblem(.invalidParameter, ProblemDetail(path: "name", reason: error.description))
        case .personChanged: ConsoleProblem(.cardChanged)
        case .mergedSince: ConsoleProblem(.cardChanged, ProblemDetail(reason: error.description))
        case .keptBySystem, .listIsComputed: ConsoleProblem(.notAllowed, ProblemDetail(reason: error.description))
        case .tooManyPeople(let limit): ConsoleProblem(.tooLarge, ProblemDetail(limit: limit))
        case .identifierTaken: ConsoleProblem(.alreadyExists, ProblemDetail(path: "identifier"))
        case .invalidField(let name, let reason): ConsoleProblem(.invalidParameter, ProblemDetail(path: name, reason: reason))
        case .unknownTemplate, .unknownSchedule: ConsoleProblem(.notFound)
        case .scheduleIsOver: ConsoleProblem(.notAllowed, ProblemDetail(reason: error.description))
        case .perimeterExists, .organisationExists, .scheduleExists: ConsoleProblem(.alreadyExists)
        case .invalidOrganisation, .treeCycle, .treeTooDeep, .invalidDelegation, .inherited, .unknownTerritory:
            ConsoleProblem(.invalidParameter, ProblemDetail(reason: error.description))
        case .invalidPerimeterName: ConsoleProblem(.invalidParameter, ProblemDetail(path: "name", reason: error.description))
        default: nil
        }
    }

    private static func problem(_ error: QuotaError) -> ConsoleProblem {
        let detail = ProblemDetail(reason: error.description)
        return switch error {
        case .notAbove: ConsoleProblem(.notPermitted, detail)
        case .gatewayInUse: ConsoleProblem(.notAllowed, detail)
        case .outOfBounds, .inThePast, .unknownGateway: ConsoleProblem(.invalidParameter, detail)
        }
    }

    private static func problem(_ error: LaunchError) -> ConsoleProblem {
        let detail = ProblemDetail(reason: error.description)
        return switch error {
        case .emptyZone: ConsoleProblem(.emptyZone)
        case .emptyAudience: ConsoleProblem(.emptyAudience)
        case .noChannel: ConsoleProblem(.noChannel)
        case .channelUnavailable: ConsoleProblem(.channelUnavailable, detail)
        case .audienceChanged: ConsoleProblem(.audienceChanged, detail)
        case .confirmationMismatch: ConsoleProblem(.confirmationMismatch, detail)
        case .guarded(let finding):
            ConsoleProblem(
                finding.consequence != .stop ? .secondPersonNeeded : finding.rail == .quota ? .quotaExceeded : .guardStopped, ProblemDetail(reason: finding.french))
        case .outsideTerritory: ConsoleProblem(.outsideTerritory, detail)
        case .quietThroughout: ConsoleProblem(.quietHours, detail)
        default: ConsoleProblem(.invalidMessage, detail)
        }
    }

    private static func problem(_ error: ScenarioError) -> ConsoleProblem {
        let detail = ProblemDetail(reason: error.description)
        return switch error {
        case .unknown: ConsoleProblem(.notFound)
        case .ownScenario, .accountOfSaver: ConsoleProblem(.approvalOwn, detail)
        case .changedMeanwhile: ConsoleProblem(.messageChanged, detail)
        case .alreadyApproved, .notAsked: ConsoleProblem(.notAllowed, detail)
        case .badName, .undeclaredBlank, .noBlank, .badValue, .unfilled: ConsoleProblem(.invalidMessage, detail)
        }
    }

    private static func problem(_ error: ApprovalRefusal) -> ConsoleProblem {
        let detail = ProblemDetail(reason: error.description)
        return switch error {
        case .unknown: ConsoleProblem(.notFound)
        case .alreadyDecided, .askerGone: ConsoleProblem(.approvalDecided, detail)
        case .ownRequest, .accountOfAsker: ConsoleProblem(.approvalOwn, detail)
        case .rightFromAsker: ConsoleProblem(.approvalRightTooNew, detail)
        case .notAsker: ConsoleProblem(.approvalNotAsker, detail)
        case .tooEarly(let seconds):
            ConsoleProblem(
                .breakGlassTooEarly, ProblemDetail(reason: error.description, retryAfterSeconds: seconds))
        case .reasonNeeded: ConsoleProblem(.reasonNeeded, detail)
        }
    }

    private static func problem(_ error: ZoneRequestRefusal) -> ConsoleProblem {
        let detail = ProblemDetail(reason: error.description)
        return switch error {
        case .unknown: ConsoleProblem(.notFound)
        case .nothingBeyond, .unmeasured: ConsoleProblem(.nothingBeyond, detail)
        case .notConcerned: ConsoleProblem(.notConcerned, detail)
        case .alreadyDecided, .notAccepted: ConsoleProblem(.requestDecided, detail)
        case .reasonNeeded: ConsoleProblem(.reasonNeeded, detail)
        case .alreadyLaunched: ConsoleProblem(.requestLaunched, detail)
        case .tooManySent(let limit):
            ConsoleProblem(.notAllowed, ProblemDetail(reason: error.description, limit: limit))
        case .keyReused: ConsoleProblem(.notAllowed, detail)
        case .tooDetailed: ConsoleProblem(.zoneTooLarge, detail)
        case .badNote(let limit):
            ConsoleProblem(.invalidParameter, ProblemDetail(path: "note", reason: error.description, limit: limit))
        }
    }

    private static func problem(_ error: TestSendError) -> ConsoleProblem {
        let detail = ProblemDetail(reason: error.description)
        return switch error {
        case .tooManyTests(_, let minutes):
            ConsoleProblem(.tooManyTests, ProblemDetail(reason: error.description, retryAfterSeconds: minutes * 60))
        case .noAddress, .unknownAddress: ConsoleProblem(.noTestAddress, detail)
        case .tooManyAddresses, .badLabel: ConsoleProblem(.invalidParameter, detail)
        }
    }

    private static func problem(_ error: LedgerError) -> ConsoleProblem? {
        switch error {
        case .unknownCampaign: ConsoleProblem(.notFound)
        case .tooLateToUndo: ConsoleProblem(.tooLateToUndo, ProblemDetail(reason: error.description))
        case .requestKeyReused: ConsoleProblem(.keyReused)
        case .notAllowed, .closedToJoiners: ConsoleProblem(.notAllowed, ProblemDetail(reason: error.description))
        case .amendedMeanwhile: ConsoleProblem(.messageChanged)
        case .otherMode(let mode): ConsoleProblem(.otherMode, ProblemDetail(path: "mode", reason: mode.rawValue))
        case .stillHeld(_, let seconds):
            ConsoleProblem(.notAllowed, ProblemDetail(reason: error.description, retryAfterSeconds: seconds))
        case .reasonNeeded: ConsoleProblem(.reasonNeeded, ProblemDetail(path: "acceptance", reason: error.description))
        case .secondPersonNeeded: ConsoleProblem(.secondPersonNeeded, ProblemDetail(reason: error.description))
        case .notPersonal: ConsoleProblem(.invalidMessage, ProblemDetail(path: "message", reason: error.description))
        case .unreadable: nil
        }
    }
}
