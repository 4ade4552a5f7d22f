extension ProblemCode {
    /// What the operator reads: what happened, and what to do next. The only catalogue of these sentences.
    var french: String {
        switch self {
        case .badRequest: "La demande n’a pas pu être lue. Rechargez la page puis recommencez."
        case .invalidJSON: "La demande n’est pas du JSON valable. Rechargez la page puis recommencez."
        case .invalidParameter: "Une valeur de la demande n’est pas acceptable. Vérifiez la saisie."
        case .notFound: "Cet élément n’existe pas ou n’existe plus."
        case .otherAddress:
            "Cette page ou cette action n’existe pas à cette adresse : la console réelle et celle des exercices sont séparées."
        case .methodNotAllowed: "Cette action n’est pas possible à cette adresse."
        case .tooLarge: "L’envoi est trop volumineux. Simplifiez ou découpez le fichier."
        case .unsupportedMediaType:
            "Ce format d’envoi n’est pas accepté. Les périmètres se téléversent en GeoJSON."

        case .sessionRequired: "Vous n’êtes plus connecté. Connectez-vous pour continuer."
        case .badCredentials: "Identifiant ou mot de passe incorrect."
        case .badExerciseCredentials:
            "Identifiant ou mot de passe d’exercice incorrect. Ce n’est pas votre mot de passe habituel : choisissez-en un pour les exercices à l’adresse réelle, page « Mon compte »."
        case .tooManyAttempts: "Trop de tentatives de connexion. Patientez avant de réessayer."
        case .tooManyRequests: "Trop de requêtes en peu de temps. Patientez un instant ; un arrêt de campagne passe toujours."
        case .passwordChangeRequired: "Choisissez d’abord votre mot de passe personnel."
        case .weakPassword:
            "Ce mot de passe est trop faible : douze caractères au moins, sans mot courant, ni suite de touches, ni votre identifiant."
        case .wrongPassword: "Le mot de passe actuel est incorrect."
        case .secondFactorNeeded: "Utilisez votre clé de sécurité, ou saisissez le code de votre application d’authentification ou un code de secours."
        case .secondFactorRequired:
            "Votre organisme exige un second facteur. Ouvrez « Mon compte » et enregistrez votre application d’authentification."
        case .proofRequired: "Poste d’astreinte : confirmez d’abord votre identité par code PIN, mot de passe ou code à usage unique."
        case .wrongProof: "Ce code ou ce mot de passe n’est pas le bon. Après plusieurs PIN erronés, donnez le mot de passe."
        case .secondAdministratorNeeded:
            "Un second administrateur doit décider : ni celui qui l’a demandé, ni celui qui le reçoit."
        case .rightsRefused: "Ce droit ne peut pas être donné, retiré ou confirmé ainsi."
        case .csrfToken: "La page n’est plus à jour. Rechargez-la puis recommencez."
        case .foreignOrigin: "La demande vient d’un autre site et a été refusée."
        case .hostRefused: "La console ne répond pas à ce nom d’hôte. Utilisez son adresse habituelle."
        case .notPermitted: "Votre rôle ne permet pas cette action."
        case .outsideTerritory: "La zone sort du territoire de votre organisme. Réduisez-la à votre territoire."

        case .invalidZone: "La zone n’est pas valable. Retirez l’élément en cause puis ajoutez-le de nouveau."
        case .zoneTooDeep: "La zone combine trop de niveaux. Simplifiez-la."
        case .zoneTooLarge: "La zone compte trop d’éléments. Simplifiez-la."
        case .emptyZone: "La zone est vide. Dessinez un périmètre ou choisissez des communes."
        case .emptyAudience: "Aucun destinataire dans cette zone. Vérifiez son tracé."
        case .unknownCommune: "Une commune de la zone est inconnue. Vérifiez son code."
        case .unknownDepartment: "Ce département est inconnu. Vérifiez son code."
        case .unknownList: "Cette liste n’existe pas ou n’existe plus."

        case .invalidGeoJSON: "Le fichier n’est pas du GeoJSON valable. Exportez-le de nouveau."
        case .notAnArea: "Le périmètre doit être une surface : un point ou une ligne n’a pas d’intérieur."
        case .emptyGeometry: "Le périmètre est vide. Dessinez ou exportez au moins un polygone."
        case .tooFewPositions: "Un contour a trop peu de sommets pour délimiter une surface."
        case .ringNotClosed: "Un contour n’est pas fermé. Terminez-le par son premier sommet."
        case .selfIntersection: "Le contour se croise lui-même. Déplacez le sommet en cause."
        case .swappedAxes: "Latitude et longitude semblent inversées. Exportez en longitude puis latitude."
        case .projectedCoordinates:
            "Les coordonnées semblent en mètres. Exportez le périmètre en WGS 84 (EPSG:4326)."
        case .outOfRange: "Une position sort du globe. Vérifiez les coordonnées."
        case .invalidGeometry: "La géométrie n’est pas valable. Corrigez-la puis recommencez."
        case .tooManyVertices: "Le périmètre a trop de sommets. Simplifiez-le."
        case .unsupportedCRS: "Ce système de coordonnées n’est pas accepté. Exportez en WGS 84 (EPSG:4326)."
        case .unreadableFile:
            "Ce fichier ne peut pas être lu. Donnez du GeoJSON, KML, GPX, WKT, un GeoPackage ou un Shapefile en .zip."

        case .invalidMessage: "Le message n’est pas valable. Vérifiez son objet et son texte."
        case .noChannel: "Aucun canal choisi. Cochez au moins un canal."
        case .channelUnavailable: "Un canal choisi n’a pas de passerelle. Décochez-le ou passez en exercice."
        case .audienceChanged: "Les destinataires ont changé depuis la relecture. Relisez avant de lancer."
        case .cardChanged: "Quelqu’un a changé cette fiche entre-temps. Relisez-la, puis refaites votre changement."
        case .messageChanged: "Quelqu’un a changé le texte entre-temps. Rouvrez la campagne et relisez-le avant de le changer."
        case .otherMode:
            "Cette adresse ne lance pas ce type d’envoi : les exercices et les envois réels ont chacun leur adresse. Rien n’est parti."
        case .confirmationMismatch:
            "Le nombre saisi n’est pas celui des destinataires. Relisez puis saisissez-le de nouveau."
        case .guardStopped: "Un garde-fou de l’organisme arrête cet envoi. Revoyez la zone."
        case .keysElsewhere: "Les clés de sécurité ne servent pas sous cette adresse : ouvrez la console sous son nom."
        case .quotaExceeded: "Un quota de l’organisme n’a plus assez pour cette information. Demandez à qui peut le relever."
        case .secondPersonNeeded: "Cet envoi demande l’accord d’une seconde personne : demandez son approbation."
        case .nothingBeyond: "Rien de cette zone ne dépasse votre territoire, ou un contour manque pour le mesurer."
        case .notConcerned: "Cet organisme ne répond d’aucune partie de ce qui dépasse votre territoire."
        case .requestDecided: "Cette demande est déjà traitée, retirée ou trop ancienne. Rechargez la page."
        case .requestLaunched:
            "Cette zone transmise a déjà été lancée : rien n’est parti cette fois. Voyez la campagne dans la liste ; pour un second envoi voulu, préparez-le sans partir de la demande."
        case .approvalDecided: "Cette demande n’attend plus de réponse."
        case .approvalOwn: "Vous ne pouvez pas approuver votre propre demande : une seconde personne doit le faire."
        case .approvalRightTooNew:
            "Votre droit d’approuver vient de l’auteur de la demande, depuis moins d’une heure : une autre personne doit approuver."
        case .approvalNotAsker: "Seul l’auteur de la demande peut faire cela."
        case .breakGlassTooEarly: "Les approbateurs ont encore un peu de temps pour répondre."
        case .reasonNeeded: "Écrivez un motif, en quelques mots : il est gardé au journal."
        case .tooLateToUndo: "Il est trop tard pour annuler : des messages ont pu partir. Vous pouvez encore arrêter la campagne."
        case .notAllowed: "L’état de la campagne ne permet pas cette action."
        case .noTestAddress:
            "Aucune adresse d’essai n’est enregistrée pour ces canaux. L’administrateur en ajoute par « tocsin message add-address »."
        case .speechFailed:
            "La voix du serveur n’a pas pu lire ce texte. Raccourcissez-le, ou faites vérifier la synthèse vocale par l’administrateur."
        case .quietHours:
            "Les heures calmes dureraient plus longtemps que cette information n’est valable. Lancez-la plus tard, ou comme alerte."
        case .tooManyTests: "Trop d’essais dans l’heure. Attendez avant le suivant."
        case .alreadyExists: "Ce nom est déjà pris. Choisissez-en un autre."

        case .draftChanged: "Quelqu’un a changé ce brouillon entre-temps. Relisez-le avant de continuer."
        case .keyReused: "Ce brouillon a déjà servi à un envoi, ou à une demande close : rien de plus n'est parti. Voyez la liste des campagnes, puis continuez sous un nouveau brouillon."
        case .templateChanged: "Le modèle a été modifié depuis. Relisez le nouveau texte, puis recommencez."
        case .listInUse: "D'autres listes, des scénarios ou des programmations se servent de cette liste. Changez-les d'abord, ou confirmez."
        case .peopleOnceLimited:
            "Les personnes alertées une seule fois ne sont sur aucun lieu et dans aucun filtre : cette limite les laisserait toutes de côté. Retirez-la, ou alertez ces personnes à part."
        case .listOfOnce:
            "Ces personnes sont alertées une seule fois, puis effacées : rien de ce qui est gardé pour plus tard ne peut les nommer. Mettez-les sur une liste du registre."
        case .draftGone: "Ce brouillon a été lancé, retiré, ou est trop ancien. Voyez la liste des campagnes."
        case .tooManyDrafts: "L’organisme a trop de brouillons. Retirez ceux qui ne servent plus."

        case .internalError:
            "Erreur interne. Réessayez ; si elle persiste, transmettez le numéro de la demande à l’administrateur."
        case .unavailable: "Le service est momentanément surchargé. Réessayez dans quelques secondes."
        case .timeout: "La demande a pris trop de temps. Réduisez la zone ou réessayez."
        }
    }
}

extension ConsoleProblem {
    /// The code's sentence, then where and how much when that helps.
    var french: String {
        guard let detail else { return code.french }
        var places: [String] = []
        if let polygon = detail.polygon { places.append("polygone \(polygon + 1)") }
        if let ring = detail.ring { places.append(ring == 0 ? "contour extérieur" : "trou \(ring)") }
        if let vertex = detail.vertex { places.append("sommet \(vertex + 1)") }
        if places.isEmpty, code == .invalidParameter, let path = detail.path { places.append("« \(path) »") }
        var sentence = code.french
        if !places.isEmpty { sentence += " (\(places.joined(separator: ", ")))" }
        if let seconds = detail.retryAfterSeconds { sentence += " Prochain essai possible dans \(seconds) s." }
        if let unknown = detail.unknown, !unknown.isEmpty {
            sentence += " Inconnu : \(unknown.prefix(5).joined(separator: ", "))\(unknown.count > 5 ? "…" : "")."
        }
        return sentence
    }
}
