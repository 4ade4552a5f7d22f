import AlertModel

/// What a column of a recipients file may hold. The raw value is the name `--map COLUMN=FIELD` takes.
package enum RecipientField: String, CaseIterable, Sendable {
    case id
    case name
    case firstName = "first_name"
    case kind
    case houseNumber = "house_number"
    case address
    case postcode
    case commune
    case communeCode = "commune_code"
    case longitude
    case latitude
    /// A number of either sort: a mobile gets SMS and voice, a fixed line voice.
    case phone
    /// A number that gets SMS only.
    case sms
    /// A number that gets voice only.
    case voice
    case email
    case fax
    case language
    /// Names of lists, separated by `|`.
    case lists
    /// A column to leave aside.
    case ignore

    /// Whether several columns may hold it (telephone_1, telephone_2…).
    var isRepeatable: Bool {
        switch self {
        case .phone, .sms, .voice, .email, .fax, .lists, .ignore: true
        default: false
        }
    }

    /// Whether it holds a way to reach somebody.
    var isContact: Bool { !channels.isEmpty }

    /// The channels a column of it may give contact points of.
    var channels: Set<Channel> {
        switch self {
        case .phone: [.sms, .voice]
        case .sms: [.sms]
        case .voice: [.voice]
        case .email: [.email]
        case .fax: [.fax]
        default: []
        }
    }

    /// Column names by which the field is recognised, folded: lower case, letters and digits only, a final
    /// number dropped. French first, then English.
    var recognisedNames: [String] {
        switch self {
        case .id: ["identifiant", "id", "externalid", "idexterne", "reference", "ref", "matricule", "identifier",
                   "recipientid", "uid", "key", "cle", "nfoyer", "numerofoyer"]
        case .name: ["nom", "nomcomplet", "nomprenom", "nometprenom", "denomination", "raisonsociale", "nomdusage", "nomdefamille",
                     "name", "fullname", "lastname", "surname"]
        case .firstName: ["prenom", "prenoms", "firstname", "givenname"]
        case .kind: ["type", "nature", "categorie", "kind", "category"]
        case .houseNumber: ["numero", "numerovoie", "numerodevoie", "numerorue", "housenumber", "streetnumber"]
        case .address: ["adresse", "adressepostale", "adressecomplete", "voie", "rue", "nomvoie", "libellevoie", "address", "street",
                        "streetaddress", "addressline", "postaladdress"]
        case .postcode: ["codepostal", "cp", "postcode", "postalcode", "zip", "zipcode"]
        case .commune: ["commune", "nomcommune", "ville", "localite", "city", "town", "municipality"]
        case .communeCode: ["codeinsee", "insee", "codecommune", "codecommuneinsee", "codeinseecommune", "inseecom",
                            "cog", "communecode", "inseecode", "citycode"]
        case .longitude: ["longitude", "lon", "lng", "long"]
        case .latitude: ["latitude", "lat"]
        case .phone: ["telephone", "tel", "numerotelephone", "numerodetelephone", "telephonemobile",
                      "telephoneportable", "mobile", "portable", "telmobile", "telportable", "gsm", "telephonefixe",
                      "fixe", "telfixe", "phone", "phonenumber", "telephonenumber", "mobilephone", "cellphone", "cell",
                      "landline", "homephone", "workphone", "mobilenumber"]
        case .sms: ["sms", "telephonesms", "smsnumber"]
        case .voice: ["voix", "vocal", "appel", "telephonevocal", "voice", "voicenumber", "call"]
        case .email: ["email", "courriel", "mail", "mel", "adressemail", "adresseemail", "adresseelectronique",
                      "courrielelectronique", "emailaddress"]
        case .fax: ["fax", "telecopie", "telecopieur", "numerofax", "faxnumber"]
        case .language: ["langue", "language", "lang"]
        case .lists: ["liste", "listes", "groupe", "groupes", "list", "lists", "group", "groups"]
        case .ignore: []
        }
    }
}
