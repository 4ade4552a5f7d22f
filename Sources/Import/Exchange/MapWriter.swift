import Foundation
import GeoModel

/// Draws a map as PNG, by `tocsin-exchange`.
package enum MapWriter {
    /// - Parameter map: as `ReportMap.json` gives it.
    /// - Throws: `ImportError` with a reason.
    package static func png(_ map: JSONValue) throws -> [UInt8] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tocsin-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "carte.png")
        try ExchangeOutput(to: file.path, verb: "write-map", format: "png") { input in
            try input.line { $0.value(map) }
            return 0
        }.commit()
        return Array(try Data(contentsOf: file))
    }
}
