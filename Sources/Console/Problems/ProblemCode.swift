import HTTPTypes

/// Why a request failed, as a stable code. The French sentence that goes with each is in `ProblemCode+French.swift`.
package enum ProblemCode: String, CaseIterable, Codable, Hashable, Sendable {
    // The request itself
    case badRequest = "bad_request"
    case invalidJSON = "invalid_json"
    case invalidParameter = "invalid_parameter"
    case notFound = "not_found"
    /// The page or the action exists at the other address: the real one, or that of exercises.
    case otherAddress = "other_address"
    case methodNotAllowed = "method_not_allowed"
    case tooLarge = "too_large"
    case unsupportedMediaType = "unsupported_media_type"

    // Who asks
    case sessionRequired = "session_required"
    case badCredentials = "bad_credentials"
    /// The same where exercises are held, which have a password of their own.
    case badExerciseCredentials = "bad_exercise_credentials"
    case tooManyAttempts = "too_many_attempts"
    /// More than anybody at a console asks.
    case tooManyRequests = "too_many_requests"
    case passwordChangeRequired = "password_change_required"
    case weakPassword = "weak_password"
    case wrongPassword = "wrong_password"
    /// The password is right, and a code is asked for besides.
    case secondFactorNeeded = "second_factor_needed"
    /// The organisation asks for a second factor, and there is none yet.
    case secondFactorRequired = "second_factor_required"
    /// A duty session: PIN, password or code first.
    case proofRequired = "proof_required"
    case wrongProof = "wrong_proof"
    /// A right that cannot be given, taken or used so; the detail says why.
    case rightsRefused = "rights_refused"
    /// Another administrator must decide: not who asked, not who receives.
    case secondAdministratorNeeded = "second_administrator_needed"
    case csrfToken = "csrf_token"
    case foreignOrigin = "foreign_origin"
    case hostRefused = "host_refused"
    case notPermitted = "not_permitted"
    case outsideTerritory = "outside_territory"

    // Zones
    case invalidZone = "invalid_zone"
    case zoneTooDeep = "zone_too_deep"
    case zoneTooLarge = "zone_too_large"
    case emptyZone = "empty_zone"
    case emptyAudience = "empty_audience"
    case unknownCommune = "unknown_commune"
    case unknownDepartment = "unknown_department"
    case unknownList = "unknown_list"

    // Geometry
    case invalidGeoJSON = "invalid_geojson"
    case notAnArea = "not_an_area"
    case emptyGeometry = "empty_geometry"
    case tooFewPositions = "too_few_positions"
    case ringNotClosed = "ring_not_closed"
    case selfIntersection = "self_intersection"
    case swappedAxes = "swapped_axes"
    case projectedCoordinates = "projected_coordinates"
    case outOfRange = "out_of_range"
    case invalidGeometry = "invalid_geometry"
    case tooManyVertices = "too_many_vertices"
    case unsupportedCRS = "unsupported_crs"
    /// A file of a foreign format that could not be read; the detail says why.
    case unreadableFile = "unreadable_file"

    // Message and campaign
    case invalidMessage = "invalid_message"
    case noChannel = "no_channel"
    case channelUnavailable = "channel_unavailable"
    case audienceChanged = "audience_changed"
    /// Somebody changed the recipient's card since it was read.
    case cardChanged = "card_changed"
    /// Somebody amended the campaign since the message was read.
    case messageChanged = "message_changed"
    /// An exercise at the real address, or something real where exercises are held.
    case otherMode = "other_mode"
    /// Keys sign for the console's name alone, and this page has another.
    case keysElsewhere = "keys_elsewhere"
    case confirmationMismatch = "confirmation_mismatch"
    case guardStopped = "guard_stopped"
    /// A quota has less left than an information needs.
    case quotaExceeded = "quota_exceeded"
    case secondPersonNeeded = "second_person_needed"
    case notAllowed = "not_allowed"
    case approvalDecided = "approval_decided"
    /// Nothing of the zone lies beyond the territory, or it is not known what does.
    case nothingBeyond = "nothing_beyond"
    /// That organisation does not answer for it.
    case notConcerned = "not_concerned"
    /// A request between organisations is answered already, too old, or not accepted.
    case requestDecided = "request_decided"
    /// What another organisation handed over was launched already.
    case requestLaunched = "request_launched"
    /// Who asks can't approve.
    case approvalOwn = "approval_own"
    case approvalRightTooNew = "approval_right_too_new"
    case approvalNotAsker = "approval_not_asker"
    case breakGlassTooEarly = "break_glass_too_early"
    case reasonNeeded = "reason_needed"
    case tooLateToUndo = "too_late_to_undo"
    case alreadyExists = "already_exists"
    /// Somebody saved the draft since it was read.
    case draftChanged = "draft_changed"
    /// The draft was launched, removed, or is too old.
    case draftGone = "draft_gone"
    /// Somebody saved another version of the template since it was seen.
    case templateChanged = "template_changed"
    /// Other lists, scenarios or schedules are made of it.
    case listInUse = "list_in_use"
    /// The zone would leave people who are alerted once out without a word.
    case peopleOnceLimited = "people_once_limited"
    /// What is kept for later names people who will be gone.
    case listOfOnce = "list_of_once"
    /// Something else was launched, or asked for, under the same key.
    case keyReused = "key_reused"
    case tooManyDrafts = "too_many_drafts"
    /// No address of the organisation is registered for tests by these channels.
    case noTestAddress = "no_test_address"
    case tooManyTests = "too_many_tests"
    /// No program speaks, or it gave no sound; the detail says which and why.
    case speechFailed = "speech_failed"
    /// Quiet hours would outlast an information's validity.
    case quietHours = "quiet_hours"

    // The server
    case internalError = "internal_error"
    case unavailable = "unavailable"
    case timeout = "timeout"

    /// The HTTP status a failure of this code is answered with.
    package var status: HTTPResponse.Status {
        switch self {
        case .badRequest, .invalidJSON, .invalidParameter: .badRequest
        case .sessionRequired, .badCredentials, .badExerciseCredentials, .secondFactorNeeded: .unauthorized
        case .passwordChangeRequired, .secondFactorRequired, .proofRequired, .csrfToken, .foreignOrigin, .hostRefused,
            .notPermitted, .outsideTerritory, .approvalOwn, .approvalRightTooNew, .approvalNotAsker:
            .forbidden
        case .notFound, .otherAddress: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .channelUnavailable, .audienceChanged, .messageChanged, .cardChanged, .otherMode, .keysElsewhere, .guardStopped, .quotaExceeded, .secondPersonNeeded, .rightsRefused,
            .secondAdministratorNeeded, .notAllowed, .alreadyExists, .approvalDecided, .requestDecided, .requestLaunched, .breakGlassTooEarly, .tooLateToUndo,
            .draftChanged, .draftGone, .templateChanged, .listInUse, .keyReused, .tooManyDrafts:
            .conflict
        case .tooLarge: .contentTooLarge
        case .unsupportedMediaType: .unsupportedMediaType
        case .weakPassword, .wrongPassword, .wrongProof, .invalidZone, .zoneTooDeep, .zoneTooLarge, .emptyZone, .emptyAudience, .unknownCommune,
            .unknownDepartment, .unknownList, .peopleOnceLimited, .listOfOnce, .invalidGeoJSON, .notAnArea, .emptyGeometry, .tooFewPositions,
            .ringNotClosed, .selfIntersection, .swappedAxes, .projectedCoordinates, .outOfRange, .invalidGeometry,
            .tooManyVertices, .unsupportedCRS, .unreadableFile, .invalidMessage, .noChannel, .confirmationMismatch,
            .noTestAddress, .quietHours, .reasonNeeded, .nothingBeyond, .notConcerned:
            .unprocessableContent
        case .tooManyAttempts, .tooManyRequests, .tooManyTests: .tooManyRequests
        case .internalError: .internalServerError
        case .speechFailed, .unavailable, .timeout: .serviceUnavailable
        }
    }
}
