import HTTPTypes
import Hummingbird

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
            let page = try await desk.page(visitor.account, Route.coverageFile.path)
            return Answer.page(html: page.html, stylesheet: page.stylesheet)
        }
        routes.on(.coverageFile) { call in
            let format = try Self.format(call, try call.query("format", maximumLength: 20))
            return Answer.file(try await desk.standing(try call.account, format), format.mediaType)
        }
        routes.on(.zoneCoverageFile) { call in
            let body = try await call.bodyObject()
            try body.allow(["zone", "format"])
            let format = try body.word("format", CoverageFileFormat.self)
            return Answer.file(try await desk.zone(try call.account, try body.zone("zone"), format), format.mediaType)
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

    private static func redirect(to route: Route) -> Response {
        Response(status: .found, headers: [.location: route.path, .cacheControl: "no-store"])
    }
}

extension CoverageFileFormat {
    fileprivate var mediaType: String {
        switch self {
        case .html: MediaType.html
        case .pdf: MediaType.pdf
        case .csv: MediaType.csv
        case .xlsx: MediaType.xlsx
        case .geojson: MediaType.geoJSON
        case .json: MediaType.json
        }
    }
}
