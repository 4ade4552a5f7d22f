import AlertModel

/// Writes on a page whether it is for real or for exercises: in its title, its icon, a strip across it and an attribute that
/// its colours and scripts go by. Done by the server, so that nothing on the page has to run first.
struct PageMode: Sendable {
    let mode: CampaignMode
    let other: OtherConsole?

    init(_ configuration: ConsoleConfiguration) {
        mode = configuration.mode
        other = configuration.other()
    }

    func marked(_ page: String) -> String {
        let link = other.map { " data-other=\"\(Self.escaped($0.text))\"" } ?? ""
        let html = page.replacing(
            "<html lang=\"fr\">", with: "<html lang=\"fr\" data-mode=\"\(mode.rawValue)\"\(link)>", maxReplacements: 1)
        guard mode == .exercise else { return html }
        return html
            .replacing("<title>", with: "<title>EXERCICE – ", maxReplacements: 1)
            .replacing("/static/images/tocsin.svg", with: "/static/images/exercice.svg")
            .replacing("</header>", with: "</header>\n\(Self.strip)", maxReplacements: 1)
            .replacing("<main class=\"card\">", with: "<main class=\"card\">\n\(Self.strip)", maxReplacements: 1)
    }

    private static let strip = #"<p class="exercise-strip"><strong>EXERCICE</strong> — rien ne part</p>"#

    /// An address is the administrator's own word; a page is not to be broken by it.
    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("\"", with: "&quot;").replacing("<", with: "&lt;")
    }
}
