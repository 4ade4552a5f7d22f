import Foundation
import GeoModel
import Import
import Reports

/// What an import or a check found about boundaries, as text and as CSV.
enum CommuneFindingReport {
    /// A line for each, under a header.
    static func csv(_ findings: [CommuneFinding]) -> String {
        csv(findings.map { (file: nil, finding: $0) })
    }

    /// - Parameter findings: each with the file it was read from; nil for what concerns several.
    static func csv(_ findings: [(file: String?, finding: CommuneFinding)]) -> String {
        var writer = CSVWriter()
        writer.row([
            "finding", "communes", "file", "feature", "polygon", "ring", "vertex", "longitude", "latitude",
            "square_metres", "detail",
        ])
        for (file, finding) in findings {
            func text(_ number: Int?) -> String { number.map(String.init) ?? "" }
            writer.row([
                finding.kind.rawValue, finding.communes.map(\.rawValue).joined(separator: " "), file ?? "",
                text(finding.feature), text(finding.polygon), text(finding.ring), text(finding.vertex),
                finding.position.map { degrees($0.longitude) } ?? "",
                finding.position.map { degrees($0.latitude) } ?? "",
                finding.squareMetres.map { String(format: "%.0f", $0) } ?? "", finding.detail,
            ])
        }
        return writer.text
    }

    /// A repair in a few words: “80003 (self_intersection at 1.65, 49.85; +123 m²)”.
    static func words(ofRepair finding: CommuneFinding) -> String {
        let code = finding.communes.first?.rawValue ?? ""
        let place = finding.position.map { " at \(degrees($0.longitude)), \(degrees($0.latitude))" } ?? ""
        let growth = finding.squareMetres.map { String(format: "; %+.0f m²", $0) } ?? ""
        return "\(code) (\(finding.detail)\(place)\(growth))"
    }

    /// Overlaps or gaps in one line: how many, and the largest one's size, communes and place.
    static func words(of findings: [CommuneFinding], _ singular: String, _ plural: String) -> String {
        guard let largest = findings.first, let size = largest.squareMetres, let place = largest.position else {
            return "no \(singular)"
        }
        let communes = largest.communes.prefix(4).map(\.rawValue).joined(separator: ", ")
            + (largest.communes.count > 4 ? "…" : "")
        return "\(findings.count) \(findings.count == 1 ? singular : plural), the largest of "
            + String(format: "%.0f m²", size) + " at \(degrees(place.longitude)), \(degrees(place.latitude)) (\(communes))"
    }

    private static func degrees(_ value: Double) -> String { String(format: "%.6f", value) }
}
