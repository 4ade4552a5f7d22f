import Crypto
import Foundation

/// How an entry of the journal is hashed.
///
/// - Version 1: SHA-256 over the hash before, then time, actor, action, subject and detail, each followed by a zero byte.
/// - Version 2: SHA-256 over the hash before, then `2`, number, time, organisation (or `-`), actor, action, subject and
///   detail, each as a netstring (`length:bytes,`), so that no text can be moved from one field to the next.
enum AuditHash {
    static let newest = 2
    /// What stands for the hash before the first entry.
    static let start = Data(count: SHA256.byteCount)

    struct Fields {
        let id: Int64
        /// Milliseconds since 1970 UTC.
        let at: Int64
        let organisation: Int64?
        let actor: String
        let action: String
        let subject: String
        /// JSON as it is stored.
        let detail: String
    }

    static func of(_ entry: Fields, after previous: Data, version: Int) -> Data {
        var hasher = SHA256()
        hasher.update(data: previous)
        if version == 1 {
            for field in [String(entry.at), entry.actor, entry.action, entry.subject, entry.detail] {
                hasher.update(data: Data(field.utf8))
                hasher.update(data: [0])
            }
        } else {
            let organisation = entry.organisation.map { String($0) } ?? "-"
            for field in [
                String(version), String(entry.id), String(entry.at), organisation, entry.actor, entry.action,
                entry.subject, entry.detail,
            ] {
                hasher.update(data: Data("\(field.utf8.count):\(field),".utf8))
            }
        }
        return Data(hasher.finalize())
    }
}

extension Data {
    /// Lower-case hexadecimal digits, two a byte.
    var hexadecimal: String {
        map { String(UInt16($0) | 0x100, radix: 16).dropFirst() }.joined()
    }
}
