import Foundation

/// A secret of the environment: `NAME` holds it, or `NAME_FILE` the path of a file that does.
enum SecretSetting {
    /// Largest secret read.
    private static let greatestBytes = 64 << 10

    /// - Returns: nil when neither variable is set.
    /// - Throws: `SecretSettingError` when both are, or the file can't be read or is open to others.
    static func value(
        _ name: String, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws -> String? {
        let direct = environment[name] ?? "", path = environment[name + "_FILE"] ?? ""
        if !direct.isEmpty, !path.isEmpty { throw SecretSettingError(name: name, reason: "\(name) and \(name)_FILE are both set: unset one") }
        if !path.isEmpty { return try read(path) }
        return direct.isEmpty ? nil : direct
    }

    /// The first line of a file that its owner alone may read.
    static func read(_ path: String) throws -> String {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw SecretSettingError(name: path, reason: "\(path) can't be read: \(String(cString: strerror(errno)))")
        }
        defer { try? handle.close() }
        let about = try FileManager.default.attributesOfItem(atPath: path)
        let isOpenToOthers = (about[.posixPermissions] as? Int ?? 0) & 0o077 != 0
        // A pipe that a shell made for this process alone is none of this.
        guard !isOpenToOthers || about[.type] as? FileAttributeType != .typeRegular else {
            throw SecretSettingError(name: path, reason: "\(path) holds a secret and others may read it: `chmod 600` it")
        }
        let data = try handle.read(upToCount: greatestBytes) ?? Data()
        let line = String(decoding: data, as: UTF8.self).split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
        let text = line.first.map { $0.hasSuffix("\r") ? String($0.dropLast()) : String($0) } ?? ""
        guard !text.isEmpty else { throw SecretSettingError(name: path, reason: "\(path) is empty: its first line is the secret") }
        return text
    }

    /// The environment with every secret in its own variable, wherever it came from.
    static func resolved(
        _ names: [String], environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws -> [String: String] {
        var environment = environment
        for name in names {
            guard let value = try value(name, environment: environment) else { continue }
            environment[name] = value
            environment[name + "_FILE"] = nil
        }
        return environment
    }
}

/// A secret can't be had. Never says anything of it.
struct SecretSettingError: Error, CustomStringConvertible {
    let name: String
    let reason: String

    var description: String { reason }
}
