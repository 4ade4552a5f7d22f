import AlertModel

/// What the store refuses, in words that are safe to show anyone.
package enum StoreError: Error, Equatable, CustomStringConvertible {
    case noDatabase(path: String)
    case cannotOpen(path: String, reason: String)
    case newerSchema(path: String)
    /// The schema is to be brought up to date, and a process of an earlier version still dispatches.
    case olderServer(path: String, holder: String)
    /// A SpatiaLite administrative call answered something else than success.
    case spatialSetup(call: String)
    case unknownOrganisation(name: String, known: [String])
    case organisationExists(name: String)
    /// Its name or its code.
    case invalidOrganisation(reason: String)
    /// It would be below itself.
    case treeCycle(name: String, under: String)
    case treeTooDeep(limit: Int)
    case damagedOrganisation(name: String)
    case invalidDelegation(reason: String)
    case cannotErase(reason: String)
    /// Its code names no commune that is loaded.
    case unknownTerritory(name: String, code: String)
    /// It belongs to an organisation above, and can be used but not changed.
    case inherited(what: String, name: String)
    /// A recipient that the system keeps: an organisation's own card.
    case keptBySystem(externalID: String)
    case unknownList(name: String, known: [String])
    case unknownCommunes(codes: [String], vintage: Int?)
    /// A zone names the codes of a year, and what they meant can't be told.
    case codesOfYear(Int, reason: String)
    case unknownDepartment(code: String)
    case unknownEPCI(siren: String)
    case unknownTag(name: String, known: [String])
    case unknownCampaign(id: Int64)
    /// A real campaign to those of an exercise, or the other way round.
    case campaignOfOtherMode(id: Int64, mode: CampaignMode)
    case unknownPerimeter(name: String, known: [String])
    case ambiguousPerimeter(name: String)
    /// A filter that names lists, over several organisations.
    case ambiguousFilter
    case unknownRecipient(externalID: String)
    case unknownUser
    case ambiguousList(name: String)
    /// People of a register apart are on no ground and in no filter.
    case peopleOnceLimited(by: String, name: String)
    /// A zone that is kept names people who are alerted once: they will be gone.
    case listOfOnce(name: String)
    case listExists(name: String)
    case invalidListName
    /// Lists that are made of each other: the names, from one to the same again.
    case listCycle(names: [String])
    case listTooComplex(name: String)
    case listInUse(name: String, by: [String])
    /// A filter or a combination: nobody is put on it by hand.
    case listIsComputed(name: String)
    /// A static list: it has no definition.
    case listHasMembers(name: String)
    case unknownRecipients(externalIDs: [String])
    case organisationNeeded(known: [String])
    case ambiguousRecipient(externalID: String)
    case emptySearch
    /// More people than are taken at once.
    case tooManyPeople(limit: Int)
    /// Somebody else wrote the card since it was read.
    case personChanged
    /// Another card joined the same one later, which has to be taken back first.
    case mergedSince(card: RecipientID)
    /// The two are not of one register, or are one.
    case differentRegisters
    /// The organisation has no list of that number.
    case unknownListNumber
    /// No recipient of that number is in what is seen.
    case unknownPerson
    /// The identifier is another recipient's.
    case identifierTaken
    /// A field of a recipient that cannot be set so.
    case invalidField(name: String, reason: String)
    case perimeterExists(name: String)
    case invalidPerimeterName
    case unknownTemplate(name: String, known: [String])
    case damagedTemplate(name: String)
    case unknownSchedule(name: String, known: [String])
    case scheduleExists(name: String)
    /// No occurrence is to come.
    case scheduleIsOver(name: String)
    case tooManyCells(sideMetres: Int)
    case unknownAudience(name: String, known: [String])
    case audienceExists(name: String)
    case emptyAudience
    /// The register is no longer what it was when the audience was frozen: recipients that the zone takes besides, and no
    /// longer; neither when only somebody's card was written.
    case audienceOutdated(added: Int, gone: Int)
    /// A row of `audiences` that is not what was stored.
    case damagedAudience(id: Int64)
    /// A row of `grants` that says no right.
    case damagedGrant(id: Int64)
    /// A row of the journal that can't be what was written.
    case damagedJournal(entry: Int64)
    case outOfMemory
    /// The one row of `register_state` is gone.
    case registerStateMissing

    package var description: String {
        switch self {
        case .unknownSchedule(let name, let known):
            "there is no schedule “\(name)”" + Self.hint(known, "schedules")
        case .scheduleExists(let name):
            "there is a schedule “\(name)” already: choose another name, or `tocsin schedule remove` it first"
        case .scheduleIsOver(let name):
            "no occurrence of “\(name)” is to come: its time, or its last day, lies in the past"
        case .unknownAudience(let name, let known):
            "no audience is frozen as “\(name)”" + Self.hint(known, "audiences")
        case .audienceExists(let name):
            "an audience is already frozen as “\(name)”: choose another name"
        case .emptyAudience:
            "nobody of the register is inside this zone: there is nothing to freeze"
        case .audienceOutdated(let added, let gone):
            "the register has changed since the audience was frozen ("
                + (added + gone == 0 ? "somebody's card was written" : "\(added) more, \(gone) gone or judged otherwise")
                + "): freeze it again with `tocsin target … --freeze NAME`, and look at it"
        case .damagedGrant(let id):
            "grant \(id) can't be read: its row was altered; withdraw it and give the right again"
        case .damagedAudience(let id):
            "the stored audience \(id) is damaged, its hash does not fit: restore the database from a backup"
        case .damagedJournal(let entry):
            "the journal's entry \(entry) was altered with another tool and can't be read: keep a copy of the database as it is, "
                + "and see what `tocsin audit verify` says; alerts go on"
        case .outOfMemory:
            "there is not enough memory to judge the register"
        case .registerStateMissing:
            "the register's state is missing: restore the database from a backup"
        case .noDatabase(let path):
            "no database at \(path): create it with `tocsin init`, or name another with --database or TOCSIN_DATABASE"
        case .cannotOpen(let path, let reason):
            "the database \(path) can't be opened: \(reason)"
        case .newerSchema(let path):
            "the database \(path) was written by a newer version of Tocsin: use that version"
        case .olderServer(let path, let holder):
            "the database \(path) is not brought up to date: a server of an earlier version still runs on it (\(holder)), which "
                + "would go on writing in the old form; stop it, then run this version again"
        case .spatialSetup(let call):
            "SpatiaLite refused \(call): check that libspatialite 5 is installed"
        case .unknownOrganisation(let name, let known):
            "no organisation is named “\(name)”" + Self.hint(known, "organisations")
        case .organisationExists(let name):
            "an organisation is named “\(name)” already: choose another name"
        case .invalidOrganisation(let reason): reason
        case .treeCycle(let name, let under):
            "“\(name)” would be below itself: “\(under)” is below it, or is itself"
        case .treeTooDeep(let limit):
            "the tree of organisations has at most \(limit) levels below its top: choose a place further up"
        case .damagedOrganisation(let name):
            "the kind of the organisation “\(name)” is none that this version knows: use the version that wrote it, or set it "
                + "with `tocsin organisation set`"
        case .cannotErase(let reason): "nothing was erased: \(reason)"
        case .invalidDelegation(let reason): "the register's delegation: \(reason)"
        case .unknownTerritory(let name, let code):
            "the territory of “\(name)” is not known: no commune of \(code) is loaded: import them with `tocsin import "
                + "communes`, or settle the territory with `tocsin guards territory`"
        case .inherited(let what, let name):
            "the \(what) “\(name)” belongs to an organisation above yours: it can be used, and only its owner changes it"
        case .keptBySystem(let externalID):
            "“\(externalID)” is an organisation's own card: its administrator changes it with `tocsin organisation contact`"
        case .unknownList(let name, let known):
            "no list is named “\(name)”" + Self.hint(known, "lists")
        case .unknownCommunes(let codes, let vintage):
            "unknown commune \(codes.count == 1 ? "code" : "codes") \(codes.prefix(10).joined(separator: ", "))"
                + (codes.count > 10 ? " and \(codes.count - 10) more" : "")
                + (vintage.map { " in the Code officiel géographique of \($0)" } ?? ": no communes are imported")
                + ": check the code, or import communes with `tocsin import communes` "
                + "and INSEE's movements with `tocsin import cog`"
        case .codesOfYear(let year, let reason):
            "what the codes of \(year) mean can't be told: \(reason): import newer files with `tocsin import communes` and "
                + "`tocsin import cog`, or leave the year out"
        case .unknownDepartment(let code):
            "no commune and no recipient of department “\(code)”: give a code such as 80, 2A or 974, "
                + "and import its communes with `tocsin import communes`"
        case .unknownEPCI(let siren):
            "no commune of the intercommunalité \(siren) is known: check its SIREN number, or import the DGCL's table with "
                + "`tocsin import cog`"
        case .unknownTag(let name, let known):
            "nobody in the register bears the tag “\(name)”" + Self.hint(known, "tags")
        case .campaignOfOtherMode(let id, .real):
            "campaign \(id) was an exercise and reached nobody: choose whom to alert otherwise"
        case .campaignOfOtherMode(let id, .exercise):
            "campaign \(id) was real: an exercise is made over people chosen otherwise"
        case .unknownCampaign(let id):
            "there is no campaign \(id) of this organisation: `tocsin campaign list` names them"
        case .unknownPerimeter(let name, let known):
            "no perimeter is saved as “\(name)”" + Self.hint(known, "perimeters")
        case .ambiguousPerimeter(let name):
            "several organisations saved a perimeter “\(name)”: say whose with --organisation"
        case .ambiguousFilter:
            "the filter names lists, and several organisations are in this database: say whose with --organisation"
        case .unknownRecipient(let externalID):
            "no recipient has the identifier “\(externalID)”"
        case .unknownTemplate(let name, let known):
            "no template is called “\(name)”: "
                + (known.isEmpty ? "save one with `tocsin template save`" : "there are \(known.joined(separator: ", "))")
        case .damagedTemplate(let name):
            "the template “\(name)” can't be read any more: save it again"
        case .perimeterExists(let name):
            "a perimeter is already named “\(name)”: choose another name, or delete it first"
        case .invalidPerimeterName:
            "a perimeter's name has 1 to 200 characters, none of them a control character, and no space at its ends"
        case .tooManyCells(let side):
            "the zone is too large for cells of \(side) m: take larger ones with --cell-metres, or a smaller zone"
        case .ambiguousList(let name):
            "several organisations have a list named “\(name)”: say whose with --organisation"
        case .listExists(let name):
            "a list is already named “\(name)”: choose another name, or change that one"
        case .invalidListName:
            "a list's name has 1 to 200 characters, none of them a control character or |, and no space at its ends"
        case .listCycle(let names):
            "the lists would be made of each other: \(names.map { "“\($0)”" }.joined(separator: " → "))"
        case .listTooComplex(let name):
            (name.isEmpty ? "the filter" : "the list “\(name)”") + " is made of too many lists and conditions (\(ListCompiler.maximumConditions) in all, "
                + "\(ListCompiler.maximumDepth) levels of lists): put some of its members on a static list"
        case .listInUse(let name, let users):
            "the list “\(name)” is named by \(users.map { "“\($0)”" }.joined(separator: ", ")): change or delete them first"
        case .peopleOnceLimited(let limit, let name):
            "people who are alerted once are on no ground and in no filter: “\(limit)” would leave out all of \(name); take the limit "
                + "away, or alert them apart"
        case .listOfOnce(let name):
            "“\(name)” is a list of people who are alerted once, and is erased with its time: nothing that is kept for later can name "
                + "it; put them on a list of the register"
        case .listIsComputed(let name):
            "the list “\(name)” is a saved filter or a combination: change its definition with `tocsin list define`, "
                + "or put people on a static list"
        case .listHasMembers(let name):
            "the list “\(name)” is static: change it with `tocsin list add` and `tocsin list remove`"
        case .unknownRecipients(let externalIDs):
            "no recipient of the organisation has the identifier \(externalIDs.prefix(10).map { "“\($0)”" }.joined(separator: ", "))"
                + (externalIDs.count > 10 ? " and \(externalIDs.count - 10) more" : "")
        case .organisationNeeded(let known):
            "several organisations are in this database: say which with --organisation" + Self.hint(known, "organisations")
        case .ambiguousRecipient(let externalID):
            "several organisations have a recipient “\(externalID)”: say whose with --organisation"
        case .tooManyPeople(let limit): "more than \(limit) people: narrow the search first"
        case .personChanged: "somebody else changed this card meanwhile: read it again, then change it"
        case .mergedSince(let card): "card \(card) joined the same card later: take that merging back first"
        case .differentRegisters: "only two recipients of one organisation's register can be one, or be kept apart"
        case .unknownListNumber: "the organisation has no such list"
        case .unknownPerson: "there is no such recipient"
        case .identifierTaken: "another recipient of the organisation has this identifier"
        case .emptySearch: "nothing to look for: give letters or digits"
        case .invalidField(let name, let reason): "\(name): \(reason)"
        case .unknownUser: "no such user: `tocsin user reset-password NAME` creates one"
        }
    }

    private static func hint(_ known: [String], _ what: String) -> String {
        known.isEmpty ? ": there are no \(what) yet"
            : ": known \(what) are \(known.prefix(10).map { "“\($0)”" }.joined(separator: ", "))"
                + (known.count > 10 ? "…" : "")
    }
}
