import Foundation
import Testing

extension TestGeodata {
    /// The bytes of a gzipped file of the folder, unpacked by the system's `gzip`.
    package static func gunzipped(_ path: String) throws -> [UInt8] {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc", try file(path).path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "gzip failed on \(path)")
        return Array(data)
    }
}
