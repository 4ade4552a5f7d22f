/// The words a French address is made of, in normalised form.
///
/// Sources: the street-type abbreviations of the postal standard AFNOR XP Z10-011 (as the national address
/// base writes them in `nom_afnor`), and what people write besides.
enum PlaceVocabulary {
    /// Words that open a street's name and say of what kind it is, written out.
    static let streetTypes: Set<String> = [
        "allee", "allees", "ancienne", "arcade", "avenue", "avenues", "boucle", "boulevard", "boulevards", "carrefour",
        "chaussee", "chemin", "cheminement", "chemins", "cite", "clos", "corniche", "cote", "cour", "cours", "descente",
        "digue", "domaine", "ecluse", "escalier", "esplanade", "faubourg", "galerie", "hameau", "ilot", "immeuble",
        "impasse", "jardin", "lotissement", "mail", "montee", "passage", "passerelle", "parc", "parvis", "place",
        "placette", "plateau", "pont", "port", "porte", "promenade", "quai", "quartier", "rampe", "residence",
        "rocade", "rondpoint", "route", "rue", "ruelle", "sente", "sentier", "square", "terrasse", "traverse",
        "venelle", "viaduc", "villa", "voie", "zone",
    ]

    /// Words one letter from a street's type that begin names of their own.
    static let notMisspeltTypes: Set<String> = [
        "canal", "carre", "chemine", "court", "cure", "datcha", "plage", "plaine", "ports", "poste", "prairie", "rives",
        "sources", "villas", "village", "ville", "voile", "zones",
    ]

    /// Types that name a place rather than a way: an address there has no street.
    static let localityTypes: Set<String> = ["cite", "domaine", "hameau", "lotissement", "quartier", "residence", "zone"]

    /// Abbreviations read only as the first word of a street.
    static let openingAbbreviations: [String: String] = [
        "al": "allee", "all": "allee", "alle": "allee", "av": "avenue", "ave": "avenue", "aven": "avenue",
        "bd": "boulevard", "bld": "boulevard", "blvd": "boulevard",
        "bvd": "boulevard", "boul": "boulevard", "boule": "boulevard",
        "car": "carrefour", "carr": "carrefour", "ch": "chemin", "che": "chemin", "chem": "chemin", "chm": "chemin",
        "chs": "chaussee", "chau": "chaussee", "cor": "corniche", "cr": "chemin rural", "crs": "cours", "cc": "chemin communal",
        "dom": "domaine", "dsc": "descente", "esp": "esplanade", "espl": "esplanade", "fb": "faubourg",
        "fbg": "faubourg", "fg": "faubourg", "gr": "grande rue", "gde": "grande", "ham": "hameau", "hle": "halle",
        "imm": "immeuble", "imp": "impasse", "jard": "jardin", "lot": "lotissement", "lotiss": "lotissement",
        "mte": "montee", "mtee": "montee", "pas": "passage", "pass": "passage", "psg": "passage", "pge": "passage",
        "pl": "place", "plc": "place", "plt": "plateau", "prom": "promenade", "pro": "promenade", "prv": "parvis",
        "q": "quai", "qai": "quai", "qu": "quai", "qua": "quartier", "quart": "quartier", "r": "rue", "res": "residence",
        "resid": "residence", "rle": "ruelle", "roc": "rocade", "rpt": "rondpoint", "rt": "route", "rte": "route",
        "sen": "sente", "sent": "sentier", "sq": "square", "sqr": "square", "tra": "traverse", "trav": "traverse",
        "pa": "parc d activites", "za": "zone artisanale", "zac": "zone d amenagement concerte",
        "zae": "zone d activites economiques", "zc": "zone commerciale", "zi": "zone industrielle",
        "ven": "venelle", "vla": "villa", "vc": "voie communale", "cd": "chemin departemental",
        "cvo": "chemin vicinal ordinaire", "rn": "route nationale", "rd": "route departementale",
    ]

    /// Abbreviations read anywhere in a name.
    static let abbreviations: [String: String] = [
        "av": "avenue", "bd": "boulevard", "fbg": "faubourg", "st": "saint", "ste": "sainte", "sts": "saints",
        "stes": "saintes", "gal": "general", "gen": "general", "genl": "general", "mal": "marechal",
        "marech": "marechal", "cdt": "commandant", "cmdt": "commandant", "cne": "capitaine", "capt": "capitaine",
        "col": "colonel", "lt": "lieutenant", "sgt": "sergent", "sgent": "sergent", "serg": "sergent", "adj": "adjudant",
        "amal": "amiral", "dr": "docteur", "doct": "docteur", "pr": "professeur", "prof": "professeur",
        "pdt": "president", "pres": "president", "mgr": "monseigneur", "mme": "madame", "mlle": "mademoiselle",
        "gd": "grand", "grd": "grand", "gde": "grande", "grde": "grande", "pt": "petit", "pte": "petite",
        "nd": "notre dame", "ndame": "notre dame", "vx": "vieux", "vlle": "vieille",
        "egl": "eglise", "chat": "chateau", "fme": "ferme", "frs": "freres", "fres": "freres",
    ]

    /// Words that join others: written or left out without changing the place.
    static let articles: Set<String> = [
        "a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "sur", "sous",
    ]

    /// Articles that a commune's name may begin with.
    static let leadingArticles: Set<String> = ["l", "la", "le", "les"]

    /// Ranks and dignities before a name, often abbreviated or left out.
    static let titles: Set<String> = [
        "abbe", "adjudant", "amiral", "capitaine", "colonel", "commandant", "comte", "docteur", "general", "lieutenant",
        "madame", "mademoiselle", "marechal", "monseigneur", "pere", "president", "professeur", "saint", "sainte",
        "saints", "saintes", "sergent",
    ]

    /// The words that most French street names are made of: common enough that two errors turn one into another
    /// ("église", "égalité") more often than a person makes two errors in one.
    static let commonNames: Set<String> = [
        "abreuvoir", "acacias", "bellevue", "bois", "bleuets", "champ", "champs", "chapelle", "chateau", "chene", "chenes",
        "cimetiere", "commerce", "croix", "egalite", "eglise", "ecole", "ecoles", "erables", "ferme", "fontaine",
        "fontaines", "forge", "four", "gare", "grande", "jardins", "laiterie", "lavoir", "liberte", "lilas", "mairie",
        "marais", "marche", "moulin", "moulins", "paix", "petit", "petite", "poste", "pre", "pres", "presbytere",
        "prairie", "prairies", "republique", "resistance", "riviere", "rosiers", "roses", "source", "stade", "tilleuls",
        "usine", "verger", "vergers", "vignes", "village", "victoire",
    ]

    /// Words, and the number after them, by which the post sorts mail.
    static let mailSortingWords: Set<String> = ["cedex", "bp", "cs", "tsa", "cidex"]

    /// Words that open a part of an address inside the building; that part is up to its own number or letter.
    static let complementWords: Set<String> = [
        "app", "appart", "appartement", "apt", "appt", "bat", "batiment", "bt", "bte", "cage", "chez", "entree", "esc",
        "escalier", "etage", "etg", "hall", "immeuble", "lgt", "logement", "logt", "porte", "tour",
    ]

    /// On which side of the landing: read only right after a part of the kind above.
    static let landingSides: Set<String> = ["centre", "droite", "dte", "face", "gauche", "gche"]

    /// What kind of business a "zone" is for: people mix them up.
    static let zoneKinds: Set<String> = [
        "activite", "activites", "amenagement", "artisanale", "commerciale", "concerte", "economique", "economiques",
        "industrielle",
    ]

    static let citiesInArrondissements: Set<String> = ["paris", "lyon", "marseille"]

    /// Those of Paris's twenty arrondissements, but for single letters that may be initials.
    static let romanNumerals: [String: Int] = [
        "ii": 2, "iii": 3, "iv": 4, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "xi": 11, "xii": 12, "xiii": 13, "xiv": 14,
        "xv": 15, "xvi": 16, "xvii": 17, "xviii": 18, "xix": 19, "xx": 20,
    ]

    /// Read only after a day.
    static let shortMonths: [String: String] = [
        "janv": "janvier", "fev": "fevrier", "fevr": "fevrier", "avr": "avril", "juil": "juillet", "sept": "septembre",
        "oct": "octobre", "nov": "novembre", "dec": "decembre",
    ]

    static let ordinalEndings: Set<String> = ["er", "ere", "re", "e", "eme", "ieme", "nd", "nde"]

    static let numberWords: [String: Int] = [
        "premier": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9,
        "dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16, "vingt": 20,
        "trente": 30,
    ]

    static let months: Set<String> = [
        "janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre",
        "decembre",
    ]
}
