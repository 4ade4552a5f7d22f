import AlertModel
import Channels
import Foundation
import Reports

/// A message as a fax: its subject as the letter's head, when it left, and its text.
enum FaxPage {
    static let sheets: FaxSheets = { message in
        let page = ReportPage(
            title: message.subject, subtitle: moment(.now), footer: "Tocsin · alerte à la population",
            blocks: message.text.split(separator: "\n", omittingEmptySubsequences: true).map { .paragraph(String($0)) })
        return try await Offload.run { try Rendition.pdf(page).bytes() }
    }

    private static func moment(_ date: Date) -> String {
        date.formatted(.dateTime.day().month(.wide).year().hour().minute().locale(Locale(identifier: "fr_FR")))
    }
}
