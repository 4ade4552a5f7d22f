import AlertModel

/// What a column of a recipients file may hold. The raw value is the name `--map COLUMN=FIELD` takes.
package enum RecipientField: String, CaseIterable, Sendable {
    case id
    case name
    case firstName = "first_name"
    case kind
    case houseNumber = "house_number"
    case address
    case building
    case postcode
    case commune
    case communeCode = "commune_code"
    /// Degrees, or metres east in Lambert-93 (or an overseas department's own system).
    case longitude
    /// Degrees, or metres north.
    case latitude
    /// A number of either sort: a mobile gets SMS and voice, a fixed line voice.
    case phone
    /// As `phone`, kept for emergencies: an office has few of them.
    case emergency
    /// A number that gets SMS only.
    case sms
    /// A number that gets voice only.
    case voice
    case email
    case fax
    /// Of the row's contact points.
    case consent
    case consentOn = "consent_on"
    case provenance
    case confirmedOn = "confirmed_on"
    case language
    case household
    case vulnerability
    case vulnerabilityDetail = "vulnerability_detail"
    /// The day it was recorded.
    case vulnerabilityOn = "vulnerability_on"
    /// Names of lists, separated by `|`.
    case lists
    /// Labels, separated by `|` or commas.
    case tags
    /// What an export cannot say in the other columns, see `RecipientDetails`.
    case details = "tocsin_details"
    /// A column to leave aside.
    case ignore

    /// Whether several columns may hold it (telephone_1, telephone_2…).
    var isRepeatable: Bool {
        switch self {
        case .phone, .emergency, .sms, .voice, .email, .fax, .lists, .tags, .building, .ignore: true
        default: false
        }
    }

    /// Whether a cell holds several texts, and is as much longer.
    var holdsMany: Bool { self == .lists || self == .tags || self == .details }

    /// Whether it holds a way to reach somebody.
    var isContact: Bool {
        switch self {
        case .phone, .emergency, .sms, .voice, .email, .fax: true
        default: false
        }
    }

    /// The channels a column of it may give contact points of.
    var channels: Set<Channel> {
        switch self {
        case .phone, .emergency: [.sms, .voice]
        case .sms: [.sms]
        case .voice: [.voice]
        case .email: [.email]
        case .fax: [.fax]
        default: []
        }
    }

    /// The fact of a recipient that a column of it speaks of, if it is one.
    var fact: RecipientFact? {
        switch self {
        case .name, .firstName: .name
        case .kind: .kind
        case .houseNumber, .address: .address
        case .building: .building
        case .postcode: .postcode
        case .commune: .communeName
        case .communeCode: .communeCode
        case .longitude, .latitude: .location
        case .language: .language
        case .household: .household
        case .confirmedOn: .confirmedOn
        case .vulnerability, .vulnerabilityDetail, .vulnerabilityOn: .vulnerability
        default: nil
        }
    }

    /// Column names by which the field is recognised, folded: lower case, letters and digits only, a final
    /// number dropped. French first, then English.
    var recognisedNames: [String] {
        switch self {
        case .id: ["identifiant", "id", "externalid", "idexterne", "reference", "ref", "matricule", "identifier",
                   "recipientid", "uid", "key", "cle", "dossier", "ndossier", "nodossier", "ndedossier",
                   "nodedossier", "numdossier", "numerodossier", "numerodedossier", "iddossier", "refdossier", "dossiern", "dossierno", "dossiernumero",
                   "referencedossier", "nid", "noid", "numeroid", "nidentifiant", "noidentifiant", "numeroidentifiant",
                   "numeroidentification", "nreference", "noreference", "numeroreference", "numeroreferences",
                   "numerodereference", "nref", "noref", "numref", "references", "nmatricule", "nomatricule",
                   "numeromatricule", "numerodematricule", "codeidentifiant", "codeid", "idpersonne", "idusager",
                   "idhabitant", "iddestinataire", "filenumber", "casenumber"]
        case .name: ["nom", "nomcomplet", "nomprenom", "nometprenom", "denomination", "raisonsociale", "nomdusage",
                     "nomdefamille", "name", "fullname", "lastname", "surname"]
        case .firstName: ["prenom", "prenoms", "firstname", "givenname"]
        case .kind: ["type", "nature", "categorie", "kind", "category"]
        case .houseNumber: ["numero", "numerovoie", "numerodevoie", "numerorue", "nvoie", "nrue", "nderue", "ndevoie",
                            "housenumber", "streetnumber"]
        case .address: ["adresse", "adressepostale", "adressecomplete", "voie", "rue", "nomvoie", "libellevoie",
                        "address", "street", "streetaddress", "addressline", "postaladdress"]
        case .building: ["batiment", "bat", "escalier", "etage", "appartement", "appt", "complementadresse",
                         "complementdadresse", "building", "floor", "apartment", "flat"]
        case .postcode: ["codepostal", "cp", "postcode", "postalcode", "zip", "zipcode"]
        case .commune: ["commune", "nomcommune", "ville", "localite", "city", "town", "municipality"]
        case .communeCode: ["codeinsee", "insee", "codecommune", "codecommuneinsee", "codeinseecommune", "inseecom",
                            "cog", "communecode", "inseecode", "citycode"]
        case .longitude: ["longitude", "lon", "lng", "long", "x", "xl", "xlambert", "lambertx", "coordx",
                          "coordonneex", "easting"]
        case .latitude: ["latitude", "lat", "y", "yl", "ylambert", "lamberty", "coordy", "coordonneey", "northing"]
        case .phone: ["telephone", "tel", "numerotelephone", "numerodetelephone", "telephonemobile",
                      "telephoneportable", "mobile", "portable", "telmobile", "telportable", "gsm", "telephonefixe",
                      "fixe", "telfixe", "phone", "phonenumber", "telephonenumber", "mobilephone", "cellphone", "cell",
                      "landline", "homephone", "workphone", "mobilenumber"]
        case .emergency: ["telephoneurgence", "telurgence", "urgence", "numerourgence", "numerodurgence",
                          "telephonedurgence", "astreinte", "telephoneastreinte", "telephonedastreinte", "telastreinte",
                          "emergency", "emergencyphone", "emergencynumber"]
        case .sms: ["sms", "telephonesms", "smsnumber"]
        case .voice: ["voix", "vocal", "appel", "telephonevocal", "voice", "voicenumber", "call"]
        case .email: ["email", "courriel", "mail", "mel", "adressemail", "adresseemail", "adresseelectronique",
                      "courrielelectronique", "emailaddress"]
        case .fax: ["fax", "telecopie", "telecopieur", "numerofax", "faxnumber"]
        case .consent: ["consentement", "consent", "optin", "accord"]
        case .consentOn: ["dateconsentement", "dateduconsentement", "consentementle", "consenton", "consentdate"]
        case .provenance: ["provenance", "origine", "sourceinformation", "origin"]
        case .confirmedOn: ["dateconfirmation", "datedeconfirmation", "confirmele", "verifiele", "dateverification",
                            "derniereconfirmation", "confirmedon", "confirmationdate", "lastconfirmed"]
        case .language: ["langue", "language", "lang"]
        case .household: ["foyer", "menage", "nfoyer", "numerofoyer", "idfoyer", "household", "householdid"]
        case .vulnerability: ["vulnerabilite", "vulnerable", "fragilite", "personnevulnerable", "vulnerability"]
        case .vulnerabilityDetail: ["detailvulnerabilite", "vulnerabilitedetail", "precisionvulnerabilite",
                                    "vulnerabilitydetail"]
        case .vulnerabilityOn: ["datevulnerabilite", "datedevulnerabilite", "datedelavulnerabilite",
                                "vulnerabilitele", "vulnerabilitedate", "datesignalement", "datedesignalement",
                                "dateinscriptionvulnerabilite", "vulnerabilityon", "vulnerabilitydate",
                                "vulnerabilityrecordedon", "recordedon"]
        case .lists: ["liste", "listes", "groupe", "groupes", "list", "lists", "group", "groups"]
        case .tags: ["etiquette", "etiquettes", "motscles", "tag", "tags", "label", "labels"]
        case .details: ["tocsindetails"]
        case .ignore: []
        }
    }
}
