import Foundation
import Glibc

/// Files and folders under names that nobody else has, readable by their owner only: made, not only thought of.
package enum TemporaryPlace {
    /// An empty file, open for writing. - Returns: nil when none can be made; `errno` says why.
    package static func file(in folder: String, prefix: String) -> (path: String, descriptor: Int32)? {
        let (path, descriptor) = named(folder, prefix) { mkstemp($0) }
        return descriptor < 0 ? nil : (path, descriptor)
    }

    /// An empty folder. - Returns: nil when none can be made; `errno` says why.
    package static func folder(in folder: String, prefix: String) -> String? {
        let (path, made) = named(folder, prefix) { mkdtemp($0) != nil }
        return made ? path : nil
    }

    /// Removes what a process that was killed left in the folder for temporary files, a day after: one that works has its own
    /// for minutes.
    package static func removeLeftovers(prefix: String, now: Date = .now) {
        let files = FileManager.default, place = files.temporaryDirectory.path
        for name in (try? files.contentsOfDirectory(atPath: place)) ?? [] where name.hasPrefix(prefix) {
            let path = "\(place)/\(name)"
            guard let facts = try? files.attributesOfItem(atPath: path), let changed = facts[.modificationDate] as? Date,
                now.timeIntervalSince(changed) > leftoverSeconds
            else { continue }
            try? files.removeItem(atPath: path)
        }
    }

    private static let leftoverSeconds: TimeInterval = 86_400

    private static func named<Made>(
        _ folder: String, _ prefix: String, _ make: (UnsafeMutablePointer<CChar>) -> Made
    ) -> (path: String, made: Made) {
        var template = Array((folder + "/" + prefix + "XXXXXX").utf8CString)
        let made = make(&template)
        return (String(decoding: template.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self), made)
    }
}
