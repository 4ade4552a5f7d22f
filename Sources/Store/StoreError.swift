/// What the store refuses, in words that are safe to show anyone.
package enum StoreError: Error, Equatable, CustomStringConvertible {
    case noDatabase(path: String)
    case cannotOpen(path: String, reason: String)
    case newerSchema(path: String)
    /// A SpatiaLite administrative call answered something else than success.
    case spatialSetup(call: String)
    case unknownOrganisation(name: String, known: [String])
    case unknownList(name: String, known: [String])
    case unknownCommunes(codes: [String], vintage: Int?)
    case unknownDepartment(code: String)
    case unknownRecipient(externalID: String)
    case unknownUser
    case ambiguousList(name: String)
    case perimeterExists(name: String)

    package var description: String {
        switch self {
        case .noDatabase(let path):
            "no database at \(path): create it with `tocsin init`, or name another with --database or TOCSIN_DATABASE"
        case .cannotOpen(let path, let reason):
            "the database \(path) can't be opened: \(reason)"
        case .newerSchema(let path):
            "the database \(path) was written by a newer version of Tocsin: use that version"
        case .spatialSetup(let call):
            "SpatiaLite refused \(call): check that libspatialite 5 is installed"
        case .unknownOrganisation(let name, let known):
            "no organisation is named “\(name)”" + Self.hint(known, "organisations")
        case .unknownList(let name, let known):
            "no list is named “\(name)”" + Self.hint(known, "lists")
        case .unknownCommunes(let codes, let vintage):
            "unknown commune \(codes.count == 1 ? "code" : "codes") \(codes.prefix(10).joined(separator: ", "))"
                + (codes.count > 10 ? " and \(codes.count - 10) more" : "")
                + (vintage.map { " in the Code officiel géographique of \($0)" } ?? ": no communes are imported")
                + ": check the code, or import communes with `tocsin import communes` "
                + "and INSEE's movements with `tocsin import cog`"
        case .unknownDepartment(let code):
            "no commune and no recipient of department “\(code)”: give a code such as 80, 2A or 974, "
                + "and import its communes with `tocsin import communes`"
        case .unknownRecipient(let externalID):
            "no recipient has the identifier “\(externalID)”"
        case .perimeterExists(let name):
            "a perimeter is already named “\(name)”: choose another name, or delete it first"
        case .ambiguousList(let name):
            "several organisations have a list named “\(name)”: say whose with --organisation"
        case .unknownUser: "no such user: `tocsin user reset-password NAME` creates one"
        }
    }

    private static func hint(_ known: [String], _ what: String) -> String {
        known.isEmpty ? ": there are no \(what) yet"
            : ": known \(what) are \(known.prefix(10).map { "“\($0)”" }.joined(separator: ", "))"
                + (known.count > 10 ? "…" : "")
    }
}
