import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// The form of a table of addresses: a file called `data`, and fields that may repeat.
struct AddressForm {
    /// Columns' names, mostly.
    static let longestField = 1_000

    private(set) var fields: [String: [String]] = [:]
    private var spool: UploadSpool?
    private(set) var fileName = ""
    private(set) var charset: String?

    private let longestFile: Int
    /// The field or file being read; nil for a part that is ignored, such as a second file.
    private var open: (name: String, isFile: Bool)?
    private var field: [UInt8] = []

    init(longestFile: Int) {
        self.longestFile = longestFile
    }

    mutating func take(_ event: MultipartReader.Event) throws {
        switch event {
        case .begin(let part):
            let isFile = part.name == "data"
            if isFile, spool != nil { return open = nil }
            open = (part.name, isFile)
            if isFile {
                spool = try UploadSpool()
                fileName = part.fileName ?? ""
                charset = part.charset
            }
            field.removeAll()
        case .bytes(let bytes):
            guard let open else { return }
            if open.isFile {
                guard (spool?.count ?? 0) + bytes.count <= longestFile else { throw ConsoleProblem(.tooLarge) }
                try spool?.append(bytes)
            } else {
                guard field.count + bytes.count <= Self.longestField else {
                    throw AddressProblem.invalid(String(open.name.prefix(40)), "too long")
                }
                field.append(contentsOf: bytes)
            }
        case .end:
            if let open, !open.isFile { fields[open.name, default: []].append(String(decoding: field, as: UTF8.self)) }
            open = nil
        }
    }

    /// The form, once all of it has come.
    func finished() throws -> ReadAddressForm {
        let contents = try spool?.contents()
        return ReadAddressForm(fields: fields, file: contents, fileName: fileName, charset: charset)
    }
}

/// A form that has come whole.
struct ReadAddressForm: Sendable {
    let fields: [String: [String]]
    /// Nil when it has no file.
    let file: Data?
    let fileName: String
    let charset: String?

    /// The first value of a field that is not empty.
    func first(_ name: String) -> String? {
        fields[name]?.first { !$0.isEmpty }
    }
}

extension Call {
    /// The body as the form of a table.
    /// - Throws: `AddressProblem`, or `too_large` and `timeout`.
    func addressForm() async throws -> ReadAddressForm {
        guard let type = request.headers[.contentType], request.headers[.contentEncoding] == nil else {
            throw AddressProblem(.unsupportedMediaType, "Unsupported media type", "multipart/form-data is due.")
        }
        // The file, and room for the fields and the parts' headers.
        let longestBody = limits.tableBytes + (1 << 20)
        if let announced = request.headers[.contentLength].flatMap(Int.init), announced > longestBody {
            throw ConsoleProblem(.tooLarge)
        }
        let body = request.body, longestFile = limits.tableBytes
        do {
            return try await withTimeLimit(limits.bodyTime) {
                var reader = try MultipartReader(contentType: type)
                var form = AddressForm(longestFile: longestFile)
                var length = 0
                for try await buffer in body {
                    length += buffer.readableBytes
                    guard length <= longestBody else { throw ConsoleProblem(.tooLarge) }
                    try reader.feed(buffer.readableBytesView) { try form.take($0) }
                }
                try reader.finish()
                return try form.finished()
            }
        } catch let fault as MultipartReader.Fault {
            throw AddressProblem(fault)
        }
    }
}

extension AddressProblem {
    fileprivate init(_ fault: MultipartReader.Fault) {
        switch fault {
        case .notMultipart:
            self.init(.unsupportedMediaType, "Unsupported media type", "multipart/form-data is due.")
        case .tooManyParts: self.init(.badRequest, "Malformed form", "It has too many parts.")
        case .headerTooLong: self.init(.badRequest, "Malformed form", "A part's header is too long.")
        case .malformedHeader:
            self.init(.badRequest, "Malformed form", "A part has no Content-Disposition with a name.")
        case .truncated: self.init(.badRequest, "Malformed form", "It ends before its closing boundary.")
        case .malformed: self.init(.badRequest, "Malformed form", "Its boundaries are not where they should be.")
        }
    }
}
