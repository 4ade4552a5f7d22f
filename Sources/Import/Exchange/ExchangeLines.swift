import GeoModel

/// Cuts what the exchange process writes into lines, and takes the last one for itself.
struct ExchangeLines {
    private let limits: ExchangeLimits
    private var line: [UInt8] = []
    private var total = 0
    private var count = 0
    /// Whether the last line has come, and speaks of as many lines as were there.
    private(set) var isComplete = false

    init(limits: ExchangeLimits) {
        self.limits = limits
    }

    mutating func feed(_ chunk: ArraySlice<UInt8>, _ body: ([UInt8]) throws -> Void) throws {
        total += chunk.count
        guard total <= limits.outputBytes else { throw ExchangeProcess.Failure.tooMuchOutput }
        var rest = chunk
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            line += rest[..<end]
            rest = rest[(end + 1)...]
            try take(body)
            line.removeAll(keepingCapacity: true)
        }
        line += rest
        guard line.count <= limits.lineBytes else { throw ExchangeProcess.Failure.tooMuchOutput }
    }

    private mutating func take(_ body: ([UInt8]) throws -> Void) throws {
        guard !isComplete else { throw ExchangeProcess.Failure.crashed }
        if line.starts(with: #"{"error":"#.utf8) {
            throw ExchangeProcess.Failure.refused(ExchangeFault(try ExchangeJSON.value(line)))
        }
        if line.starts(with: #"{"end":"#.utf8) {
            // The header is a line too, and is not counted.
            guard case .number(let stated)? = try ExchangeJSON.value(line)["end"], Int(stated) == max(0, count - 1) else {
                throw ExchangeProcess.Failure.crashed
            }
            isComplete = true
            return
        }
        count += 1
        try body(line)
    }
}

/// JSON of the exchange process, which a hostile file may have taken over: whatever is wrong with it is a crash.
enum ExchangeJSON {
    static func value(_ line: [UInt8]) throws -> JSONValue {
        do {
            return try JSONValue.read(line)
        } catch {
            throw ExchangeProcess.Failure.crashed
        }
    }
}

extension JSONValue {
    /// The strings of an array.
    var texts: [String] {
        if case .array(let values) = self { values.compactMap(\.string) } else { [] }
    }
}
