import AlertModel
import Foundation
import HTTPTypes
import HummingbirdTesting
import Testing

@testable import Console

/// The description of the API beside the table of routes: each says all of the other, and nothing else.
@Suite struct APIDescriptionTests {
    private static let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Sources/Console/Public/openapi.json")

    private struct Operation {
        let id: String
        let access: String
        let hasBody: Bool
        let isOpen: Bool
        let wantsCSRF: Bool
        let modes: Set<String>
    }

    /// By “METHOD path”.
    private func operations() throws -> [String: Operation] {
        let document = try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: Self.file)) as? [String: Any])
        #expect((document["openapi"] as? String)?.hasPrefix("3.1") == true)
        let paths = try #require(document["paths"] as? [String: [String: [String: Any]]])
        var operations: [String: Operation] = [:]
        for (path, methods) in paths {
            for (method, operation) in methods {
                let security = operation["security"] as? [[String: Any]] ?? [[:]]
                operations["\(method.uppercased()) \(path)"] = Operation(
                    id: operation["operationId"] as? String ?? "", access: operation["x-access"] as? String ?? "",
                    hasBody: operation["requestBody"] != nil, isOpen: security.isEmpty,
                    wantsCSRF: security.allSatisfy { $0["csrf"] != nil } && !security.isEmpty,
                    modes: Set(operation["x-modes"] as? [String] ?? ["real"]))
            }
        }
        return operations
    }

    private static func key(_ route: Route) -> String {
        "\(route.method.rawValue) \(route.path.replacing("**", with: "{path}"))"
    }

    private static func words(_ access: Route.Access) -> String {
        switch access {
        case .anyone: "anyone"
        case .arriving: "arriving"
        case .oneself: "oneself"
        case .signedIn: "signedIn"
        case .may(let capability): "may \(capability.rawValue)"
        case .person(nil): "person"
        case .person(let capability?): "person \(capability.rawValue)"
        }
    }

    @Test(arguments: Route.allCases) func `every route is described, as it is`(route: Route) throws {
        let key = Self.key(route)
        guard let operation = try operations()[key] else {
            Issue.record("""
                Sources/Console/Public/openapi.json does not describe “\(key)”: add under "paths" / "\(key.split(separator: " ")[1])" \
                the member "\(route.method.rawValue.lowercased())" with operationId "\(route)", summary, parameters, requestBody, \
                responses (with "default": {"$ref": "#/components/responses/Problem"}), security and x-access "\(Self.words(route.access))"
                """)
            return
        }
        #expect(operation.id == "\(route)", "operationId of \(key) in openapi.json is to be the route's case")
        #expect(operation.access == Self.words(route.access), "x-access of \(key) in openapi.json differs from Route.access")
        #expect(
            operation.modes == Set(route.modes.map(\.rawValue)),
            "x-modes of \(key) in openapi.json and Route.modes differ: leave it out for the real address alone")
        #expect(operation.hasBody == (route.body != .none), "requestBody of \(key) in openapi.json and Route.body differ")
        #expect(operation.isOpen == (route.access == .anyone), "security of \(key) in openapi.json: [] exactly for routes open to anyone")
        #expect(
            operation.wantsCSRF == (route.isUnsafe && route.access != .anyone),
            "security of \(key) in openapi.json: session and csrf where something is changed, session alone elsewhere")
    }

    @Test func `nothing is described that is not there`() throws {
        let known = Set(Route.allCases.map(Self.key))
        #expect(try operations().keys.filter { !known.contains($0) }.sorted() == [], "remove these from openapi.json")
    }

    @Test func `every code of a failure is in the form that is described`() throws {
        for code in ProblemCode.allCases { #expect(code.rawValue.allSatisfy { $0.isLowercase || $0 == "_" }) }
    }

    @Test func `every reference leads somewhere`() throws {
        let text = try String(contentsOf: Self.file, encoding: .utf8)
        let document = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let components = try #require(document["components"] as? [String: [String: Any]])
        for match in text.matches(of: /"#\/components\/(\w+)\/(\w+)"/) {
            #expect(components[String(match.1)]?[String(match.2)] != nil, "\(match.0) leads nowhere")
        }
    }
}
