/// Why rights are as they are and stay so, in words that are safe to show anyone.
package enum RightsError: Error, Equatable, CustomStringConvertible {
    case notPermitted(Capability)
    case unknownPerson
    case personExists
    case personIsClosed
    case invalidName(longest: Int)
    case unknownRole(name: String)
    case roleExists(name: String)
    /// A role that gives rights to somebody now cannot gain what takes a second person.
    case roleInUse(name: String)
    case unknownGroup(name: String)
    case groupExists(name: String)
    case unknownGrant
    /// Nobody gives what they do not have.
    case beyondOwnRights([Capability])
    case endsBeforeItStarts
    /// What is temporary by nature was given no end, or a too distant one.
    case needsAnEnd(longestDays: Int)
    case toOneself
    /// An administrator's own password or second factor, by way of the people they manage.
    case ofOneself
    /// People of an organisation below the administrator's own.
    case ofAnotherOrganisation
    /// A token that one person makes for another does nothing that takes a second person.
    case graveToken
    /// What no exercise takes.
    case beyondExercises([Capability])
    /// The password of exercises would open the real address.
    case samePassword
    /// The same person asked for it, or would have it.
    case secondPersonNeeded
    case notPending
    case alreadyOver
    case lastAdministrator
    case unknownStation
    case unknownToken
    case unknownKey
    /// A security key is registered once, for one account.
    case keyExists
    case tooMany(what: String, limit: Int)

    package var description: String {
        switch self {
        case .notPermitted(let capability):
            "this account may not do that: it needs the right “\(capability.rawValue)”; an administrator of the "
                + "organisation can give it"
        case .unknownPerson: "there is no such account in the organisation: `tocsin user list` shows them"
        case .personExists: "an account has that name already: choose another"
        case .personIsClosed: "the account is closed: open another one, under another name"
        case .invalidName(let longest):
            "a name has 1 to \(longest) characters, none of them invisible or a line's end, and an account's does not begin with "
                + "“cli:”"
        case .unknownRole(let name): "there is no role “\(name)”: `tocsin role list` shows them"
        case .roleExists(let name): "there is a role “\(name)” already"
        case .roleInUse(let name):
            "the role “\(name)” is given to somebody: it cannot be removed, nor gain the right to launch, approve or "
                + "administer; make another role, and give that one"
        case .unknownGroup(let name): "there is no group “\(name)”: `tocsin group list` shows them"
        case .groupExists(let name): "there is a group “\(name)” already"
        case .unknownGrant: "there is no such grant: `tocsin grant list` shows them"
        case .beyondOwnRights(let missing):
            "nobody can give what they do not have themselves: \(missing.map(\.rawValue).joined(separator: ", "))"
        case .endsBeforeItStarts: "it ends before it starts, or has ended already"
        case .needsAnEnd(let longestDays): "it needs an end, \(longestDays) days after its start at the latest"
        case .toOneself: "nobody can give rights to themselves, or take their own place: ask another administrator"
        case .ofOneself:
            "nobody resets their own password or second factor: change them on the page “Mon compte”, or ask another "
                + "administrator"
        case .ofAnotherOrganisation:
            "it is for that organisation's own administrators to give rights and passwords to its people: ask one of them; "
                + "only its first administrator may be named from above"
        case .graveToken:
            "a token that launches, approves or administers is made by its owner alone: on the page “Mon compte”"
        case .beyondExercises(let capabilities):
            "a token for exercises does nothing but \(Capability.exercise.names.joined(separator: ", ")): leave out "
                + capabilities.map(\.rawValue).joined(separator: ", ")
        case .samePassword:
            "the password for exercises must not be the account's own, which would be typed where people only train: choose another"
        case .secondPersonNeeded:
            "a second person must decide: another administrator of this organisation or of one above it, who neither "
                + "asked for it nor receives it (on the machine itself: `tocsin grant confirm`)"
        case .notPending: "it has been decided already"
        case .alreadyOver: "it is over already"
        case .lastAdministrator:
            "the organisation would be left without any lasting administrator: give that role to somebody else first"
        case .unknownStation: "there is no such duty station"
        case .unknownToken: "there is no such token"
        case .unknownKey: "there is no such security key: `tocsin user show` shows an account's"
        case .keyExists: "this security key is registered already: remove it where it is, or use another one"
        case .tooMany(let what, let limit): "there are \(limit) \(what) already, and no more are allowed: remove some first"
        }
    }
}
