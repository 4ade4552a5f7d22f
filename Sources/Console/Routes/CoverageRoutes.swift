import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Coverage as files to keep and print, and the standing report on saved perimeters.
struct CoverageRoutes: Sendable {
    let desk: CoverageDesk
    let doorkeeper: Doorkeeper

    func register(on routes: RouteRegistrar) {
        let desk = desk, doorkeeper = doorkeeper
        routes.on(.coveragePage) { call in
            guard let visitor = try await doorkeeper.visitor(of: call.request) else {
                return Self.redirect(to: .signInPage)
            }
            if visitor.account.mustChangePassword { return Self.redirect(to: .passwordPage) }
            return Self.show(try await desk.page(visitor.account, Route.coverageFile.path))
        }
        routes.on(.coverageFile) { call in
            let format = try Self.format(call, try call.query("format", maximumLength: 20))
            return Self.answer(try await desk.standing(try call.account, format), format)
        }
        routes.on(.zoneCoverageFile) { call in
            let body = try await call.bodyObject()
            try body.allow(["zone", "format"])
            let format = try body.word("format", CoverageFileFormat.self)
            return Self.answer(try await desk.zone(try call.account, try body.zone("zone"), format), format)
        }
        routes.on(.keepCoverage) { call in
            try Answer.json(["perimeters": try await desk.keep(try call.account)], status: .created)
        }
    }

    private static func format(_ call: Call, _ text: String?) throws -> CoverageFileFormat {
        guard let format = CoverageFileFormat(rawValue: text ?? "") else {
            let all = CoverageFileFormat.allCases.map(\.rawValue).joined(separator: ", ")
            throw call.invalid("format", "one of \(all) is due")
        }
        return format
    }

    private static func answer(_ file: ReportFile, _ format: CoverageFileFormat) -> Response {
        // Nothing that could end the quotes, start another header or name a folder.
        let name = file.fileName.unicodeScalars.filter { scalar in
            scalar.isASCII && scalar.value >= 0x20 && !["\"", "\\", "/"].contains(scalar)
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: format.mediaType, .cacheControl: "no-store",
                .contentDisposition: "attachment; filename=\"\(String(String.UnicodeScalarView(name)))\"",
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: file.bytes)))
    }

    private static func show(_ page: CoveragePageFile) -> Response {
        let hash = Data(SHA256.hash(data: Data(page.stylesheet.utf8))).base64EncodedString()
        let policy = [
            "default-src 'none'", "style-src 'sha256-\(hash)'", "base-uri 'none'", "frame-ancestors 'none'",
            "form-action 'none'",
        ].joined(separator: "; ")
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/html; charset=utf-8", .cacheControl: "no-store", .contentSecurityPolicy: policy,
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: page.html)))
    }

    private static func redirect(to route: Route) -> Response {
        Response(status: .found, headers: [.location: route.path, .cacheControl: "no-store"])
    }
}

extension CoverageFileFormat {
    fileprivate var mediaType: String {
        switch self {
        case .html: "text/html; charset=utf-8"
        case .pdf: "application/pdf"
        case .csv: "text/csv; charset=utf-8"
        case .xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        case .geojson: "application/geo+json"
        case .json: "application/json; charset=utf-8"
        }
    }
}
