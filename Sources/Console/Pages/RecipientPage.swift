import AlertModel

/// A recipient's own page, in French: no script, nothing fetched from anywhere, one button.
enum RecipientPage {
    /// The same bytes always: the content security policy names their hash.
    static let stylesheet = """
        body{font:18px/1.5 system-ui,"DejaVu Sans",sans-serif;color:#1b2830;background:#fff;max-width:36rem;margin:0 auto;padding:1.5rem}
        h1{font-size:1.4rem;line-height:1.3}.who{color:#4d5a63;margin:0}.done{border-left:.3rem solid #1d7a3a;padding:.5rem 1rem;background:#eef7f0}
        button{font:inherit;font-weight:bold;padding:.8rem 1.4rem;border:0;border-radius:.3rem;background:#0b4f8a;color:#fff;cursor:pointer}
        button:focus-visible{outline:.2rem solid #1b2830;outline-offset:.2rem}
        """

    static func page(_ page: LinkPage, _ notice: LinkNotice) -> String {
        let words = Words(page)
        let action = notice.isAnswered
            ? "<p class=\"done\" role=\"status\">\(words.done)</p>"
            : "<p>\(words.question)</p>\n<form method=\"post\"><button type=\"submit\">\(words.button)</button></form>"
        return html(
            title: words.title,
            body: "<p class=\"who\">\(HTMLText.escaped(notice.organisation))</p>\n<h1>\(HTMLText.escaped(notice.subject))</h1>\n" + action)
    }

    static let unknown = html(
        title: "Lien inconnu",
        body: "<h1>Ce lien n’est pas valable</h1>\n<p>Vérifiez que l’adresse est entière, ou rouvrez le lien depuis le message "
            + "reçu.</p>")

    static let tooMany = html(
        title: "Trop de demandes",
        body: "<h1>Trop de demandes à la fois</h1>\n<p>Réessayez dans quelques secondes.</p>")

    private struct Words {
        let title: String
        let question: String
        let button: String
        let done: String

        init(_ page: LinkPage) {
            switch page {
            case .acknowledge:
                title = "Accusé de réception"
                question = "Dites à l’expéditeur que vous avez bien reçu ce message : il saura qui a été prévenu."
                button = "J’ai bien reçu ce message"
                done = "Merci : votre accusé de réception est enregistré. Vous pouvez fermer cette page."
            case .unsubscribe:
                title = "Désinscription"
                question = "Vous ne recevrez plus d’informations à cette adresse. Les alertes, elles, vous seront toujours "
                    + "envoyées."
                button = "Ne plus recevoir d’informations"
                done = "C’est fait : vous ne recevrez plus d’informations à cette adresse. Les alertes vous seront toujours "
                    + "envoyées."
            }
        }
    }

    /// Under the console's own policy (no-referrer) a browser would say `Origin: null` with the button's POST, and be
    /// refused as another site's page: this page tells its origin to itself only.
    private static func html(title: String, body: String) -> String {
        """
        <!doctype html>
        <html lang="fr">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="referrer" content="same-origin">
        <title>\(title)</title>
        <style>\(stylesheet)</style>
        </head>
        <body>
        <main>
        \(body)
        </main>
        </body>
        </html>

        """
    }
}
