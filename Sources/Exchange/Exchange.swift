import CGDAL
import GeoModel
import Glibc

/// Reads or writes one exchange file for `tocsin`, within limits that a hostile file cannot leave.
///
/// Standard input, where it writes, and standard output are lines of JSON (see decision 0011): a header, the rows or features, and a last line that says
/// `end` or names what is wrong in a word of `Fault`. Without a last line the process was stopped.
@main
struct Exchange {
    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count >= 2, let request = Request(arguments.dropFirst()) else {
            let words = Array("tocsin-exchange is started by tocsin, and is not to be run by hand\n".utf8)
            _ = write(2, words, words.count)
            exit(64)
        }
        var output = OutputLines()
        do throws(Fault) {
            guard cgdal_confine(request.memoryBytes, request.cpuSeconds, request.fileBytes) == 0 else {
                throw Fault(.unconfined)
            }
            let count = try request.perform(&output)
            output.line { $0.raw(#"{"end":"#); $0.number(Double(count)); $0.raw("}") }
        } catch {
            output.line { error.write(to: &$0) }
            output.flush()
            exit(1)
        }
        output.flush()
        // GDAL's own tidying up frees, on a file that may be broken, what the kernel frees anyway.
        _exit(0)
    }
}

/// What the parent asks for: `VERB MEMORY CPU FILE-SIZE KIND PATH [NAME [EPSG]]`; an empty word stands for none.
struct Request {
    private enum Verb: String {
        case readTable = "read-table"
        case listLayers = "list-layers"
        case readFeatures = "read-features"
        /// As features, lines that are closed being polygons.
        case readPerimeter = "read-perimeter"
        case writeTable = "write-table"
        case writePages = "write-pages"
        /// A map alone, as a picture.
        case writeMap = "write-map"
    }

    let memoryBytes: UInt64
    let cpuSeconds: UInt64
    let fileBytes: UInt64
    private let verb: Verb
    private let kind: String
    private let path: String
    /// The layer or sheet asked for.
    private let name: String?
    /// The system of a layer that names none.
    private let system: Int?

    init?(_ arguments: ArraySlice<String>) {
        let words = Array(arguments)
        guard (6...8).contains(words.count), let verb = Verb(rawValue: words[0]),
            let memory = UInt64(words[1]), let cpu = UInt64(words[2]), let file = UInt64(words[3])
        else { return nil }
        self.verb = verb
        (memoryBytes, cpuSeconds, fileBytes) = (memory, cpu, file)
        (kind, path) = (words[4], words[5])
        name = words.count > 6 && !words[6].isEmpty ? words[6] : nil
        system = words.count > 7 ? Int(words[7]) : nil
    }

    /// - Returns: the number of lines written after the header.
    func perform(_ output: inout OutputLines) throws(Fault) -> Int {
        switch verb {
        case .readTable: return try TableReading(path: path, kind: kind).write(sheet: name, to: &output)
        case .listLayers: return try FeatureReading(path: path, kind: kind).list(to: &output)
        case .readFeatures:
            return try FeatureReading(path: path, kind: kind).write(layer: name, system: system, to: &output)
        case .readPerimeter:
            return try FeatureReading(path: path, kind: kind, takesClosedLines: true).write(
                layer: name, system: system, to: &output)
        case .writeTable:
            try TableWriting(path: path).write()
            return 0
        case .writePages:
            try PageWriting(path: path).write()
            return 0
        case .writeMap:
            try MapWriting(path: path).write()
            return 0
        }
    }
}
