import Foundation
import Testing

/// The folder of real communes, addresses, perimeters and oracles that tests compare with.
///
/// It is not part of the repository: `TOCSIN_GEODATA` names it, `../shared/geodata` beside the checkout is
/// the default. Without it a test is skipped, with a clear word; under `CI=true` its absence is a failure.
package enum TestGeodata {
    package static let folder: URL? = {
        let environment = ProcessInfo.processInfo.environment
        let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let folder =
            environment["TOCSIN_GEODATA"].map { URL(filePath: $0, relativeTo: checkout) }
            ?? checkout.appending(path: "../shared/geodata").standardized
        return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
    }()

    /// Condition for `.enabled(if:)`: true under CI even when the folder is missing, so that `file` fails there.
    package static var isExpected: Bool {
        folder != nil || ProcessInfo.processInfo.environment["CI"] == "true"
    }

    package static let skipReason: Comment =
        "no test geodata: set TOCSIN_GEODATA or put the folder at ../shared/geodata"

    /// The file's address, or a failed requirement.
    package static func file(_ path: String) throws -> URL {
        let folder = try #require(folder, skipReason)
        return folder.appending(path: path)
    }
}

/// The checkout's own `GeoData/` folder.
package enum ShippedGeodata {
    package static func file(_ path: String) -> URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "GeoData").appending(path: path)
    }
}
