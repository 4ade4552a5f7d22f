import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

extension AddressRoutes {
    /// `POST /search/csv` and `POST /reverse/csv`: the table again, with the places.
    ///
    /// The upload is spooled to a file without a name, since a client sends all of it before it reads; the answer is made
    /// and sent piece by piece. A failure after the first piece cuts the connection, so that half an answer is never taken for all.
    func table(_ call: Call, _ direction: AddressTableRequest.Direction) async throws -> Response {
        guard let seat = seats.take() else {
            throw AddressProblem(
                .serviceUnavailable, "Service unavailable", "Other tables are being answered.", retryAfterSeconds: 10)
        }
        let form = try await call.addressForm()
        guard let file = form.file else { throw AddressProblem(.badRequest, "Missing file") }
        guard !file.isEmpty else { throw AddressProblem(.badRequest, "Empty file") }
        let request = try Self.request(direction, form, file, limits)
        let table = try await turnstile.run { try await desk.open(request) }
        let turnstile = turnstile, limits = limits, channel = call.context.channel
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/csv; charset=\(table.charset)", .cacheControl: "no-store",
                .contentDisposition: "attachment; filename=\"\(Self.stem(of: form.fileName)).geocoded.csv\"",
            ],
            body: ResponseBody { writer in
                // Held until the last byte has left.
                defer { withExtendedLifetime(seat) {} }
                let deadline = ContinuousClock.now.advanced(by: limits.tableTime)
                while let piece = try await Self.piece(of: table, turnstile, until: deadline) {
                    let stall = channel.eventLoop.scheduleTask(in: TimeAmount(limits.tableStallTime)) {
                        channel.close(promise: nil)
                    }
                    defer { stall.cancel() }
                    try await writer.write(ByteBuffer(bytes: piece))
                }
                try await writer.finish(nil)
            })
    }

    /// The next piece, in its turn. A crowd at the address lanes holds a table up; it does not cut it off.
    private static func piece(
        of table: AddressTable, _ turnstile: Turnstile, until deadline: ContinuousClock.Instant
    ) async throws -> [UInt8]? {
        while true {
            guard ContinuousClock.now < deadline else { throw ConsoleProblem(.timeout) }
            do {
                return try await turnstile.run { try await table.next() }
            } catch let problem as ConsoleProblem where problem.code == .unavailable {
                try await Task.sleep(for: .milliseconds(100))
            }
        }
    }

    private static func request(
        _ direction: AddressTableRequest.Direction, _ form: ReadAddressForm, _ file: Data, _ limits: ConsoleLimits
    ) throws -> AddressTableRequest {
        var request = AddressTableRequest(direction: direction, bytes: file, mostRows: limits.tableRows)
        request.columns = form.fields["columns"]?.filter { !$0.isEmpty } ?? []
        request.resultColumns = form.fields["result_columns"]?.filter { !$0.isEmpty } ?? []
        for name in AddressQuery.filterNames { request.filterColumns[name] = form.first(name) }
        request.latitudeColumn = form.first("lat")
        request.longitudeColumn = form.first("lon")
        request.encoding = form.first("encoding") ?? form.charset
        request.delimiter = form.fields["delimiter"]?.first { !$0.isEmpty }
        request.quote = form.first("quote")
        request.writesMark = ["true", "t", "yes", "y", "1", "on"].contains(form.first("with_bom")?.lowercased())
        if let text = form.first("min_score") {
            guard let score = Double(text), (0...1).contains(score) else {
                throw AddressProblem.invalid("min_score", "invalid value")
            }
            request.leastScore = score
        }
        return request
    }

    /// What of a client's file name can stand in a header: never a folder, never a quote.
    static func stem(of fileName: String) -> String {
        let last = fileName.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? ""
        let stem = last.lastIndex(of: ".").map { String(last[..<$0]) } ?? last
        let safe = stem.unicodeScalars.filter {
            $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil || "-_. ".unicodeScalars.contains($0))
        }
        let text = String(String.UnicodeScalarView(safe)).trimmingSpaces()
        return text.isEmpty ? "addresses" : String(text.prefix(80))
    }
}
