import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import Console

@Suite struct StaticFileTests {
    /// A public folder of its own, removed afterwards, beside a file that must never leave.
    private func withFolder(_ test: @escaping @Sendable (TestConsole, URL) async throws -> Void) async throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "tocsin-static-\(UUID().uuidString)")
        let folder = root.appending(path: "Public")
        defer { try? FileManager.default.removeItem(at: root) }
        func write(_ path: String, _ text: String) throws {
            let url = folder.appending(path: path)
            try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        }
        try write("index.html", "<title>home</title>")
        try write("connexion.html", "<title>sign in</title>")
        try write("mot-de-passe.html", "<title>password</title>")
        try write("css/console.css", "body{}")
        try write("js/console.mjs", "export {}")
        try write("images/a.svg", "<svg/>")
        try write("LICENSE", "x")
        try write(".secret.css", "x")
        try write("vendor/ol-1/ol.js", "plain")
        try write("vendor/ol-1/ol.js.gz", "packed")
        try write("vendor/ol-1/font.woff2", "w")
        try Data("secret".utf8).write(to: root.appending(path: "secret.css"))
        var console = TestConsole()
        console.configuration.publicFolder = folder.path
        try await test(console, folder)
    }

    @Test func `files are served with their type and asked for again each time`() async throws {
        try await withFolder { console, _ in
            try await console.run { browser async throws in
                let css = try await browser.stranger.get("/static/css/console.css")
                #expect(css.status == .ok && css.text == "body{}")
                #expect(css.headers[.contentType] == "text/css; charset=utf-8")
                #expect(css.headers[.cacheControl] == "no-cache")
                let tag = try #require(css.headers[.eTag])
                for known in [tag, "W/\(tag)", "\"x\", \(tag)", "*"] {
                    let again = try await browser.get("/static/css/console.css", headers: [.ifNoneMatch: known])
                    #expect(again.status == .notModified && again.body.readableBytes == 0)
                }
                #expect(try await browser.get("/static/css/console.css", headers: [.ifNoneMatch: "\"x\""]).status == .ok)
                #expect(try await browser.get("/static/js/console.mjs").headers[.contentType] == "text/javascript; charset=utf-8")
                #expect(try await browser.get("/static/images/a.svg").headers[.contentType] == "image/svg+xml")
                let head = try await browser.send(.head, "/static/css/console.css")
                #expect(head.headers[.contentLength] == "6" && head.body.readableBytes == 0)
            }
        }
    }

    @Test func `a file that changes gets another tag`() async throws {
        try await withFolder { console, folder in
            try await console.run { browser async throws in
                let before = try await browser.get("/static/css/console.css").headers[.eTag]
                try Data("body{color:red}".utf8).write(to: folder.appending(path: "css/console.css"))
                let after = try await browser.get("/static/css/console.css")
                #expect(after.text == "body{color:red}" && after.headers[.eTag] != before)
            }
        }
    }

    @Test func `vendor files never change and come gzipped to whoever takes it`() async throws {
        try await withFolder { console, _ in
            try await console.run { browser async throws in
                let packed = try await browser.get("/vendor/ol-1/ol.js", headers: [.acceptEncoding: "br, gzip;q=0.5"])
                #expect(packed.text == "packed" && packed.headers[.contentEncoding] == "gzip")
                #expect(packed.headers[.vary] == "Accept-Encoding")
                #expect(packed.headers[.cacheControl] == FileRoutes.immutable)
                for encoding in ["", "br", "gzip;q=0", "identity"] {
                    let plain = try await browser.get("/vendor/ol-1/ol.js", headers: [.acceptEncoding: encoding])
                    #expect(plain.text == "plain" && plain.headers[.contentEncoding] == nil)
                    #expect(plain.headers[.vary] == "Accept-Encoding")
                    #expect(plain.headers[.eTag] != packed.headers[.eTag])
                }
                #expect(try await browser.get("/vendor/ol-1/font.woff2").headers[.contentType] == "font/woff2")
            }
        }
    }

    @Test(arguments: [
        "/static/../secret.css", "/static/%2e%2e/secret.css", "/static/..%2fsecret.css", "/static/css/../../secret.css",
        "/static/css%2fconsole.css", "/static//css/console.css", "/static/css/", "/static/css", "/static/LICENSE",
        "/static/.secret.css", "/static/index.html", "/static/connexion.html", "/static/vendor/ol-1/ol.js",
        "/static/css/console.css/", "/static/css/console.css%00", "/static/css\\console.css", "/vendor/../css/console.css",
        "/vendor/ol-1/ol.js.gz", "/vendor/ol-1/..%2f..%2fcss/console.css", "/static/C:/x.css", "/static/~/x.css",
        "/static/\(String(repeating: "a/", count: 20))x.css", "/static/\(String(repeating: "a", count: 300)).css",
    ])
    func `nothing else leaves the folder`(path: String) async throws {
        try await withFolder { console, _ in
            try await console.run { browser async throws in
                let response = try await browser.get(path)
                #expect(try response.failure().code == .notFound)
            }
        }
    }

    @Test func `pages go to whoever may see them, and never into a cache`() async throws {
        try await withFolder { console, _ in
            try await console.run { browser async throws in
                let home = try await browser.get("/")
                #expect(home.text.contains("home") && home.headers[.contentType] == "text/html; charset=utf-8")
                #expect(home.headers[.cacheControl] == "no-store")
                #expect(try await browser.get("/mot-de-passe").text.contains("password"))
                #expect(try await browser.stranger.get("/connexion?suite=%23%2Fcampagnes").text.contains("sign in"))
                for path in ["/", "/mot-de-passe"] {
                    let away = try await browser.stranger.get(path)
                    #expect(away.status == .found && away.headers[.location] == "/connexion")
                    #expect(away.headers[.cacheControl] == "no-store")
                }
            }
            var newcomer = console
            newcomer.accounts = FakeAccounts(mustChangePassword: true)
            try await newcomer.run { browser async throws in
                let home = try await browser.get("/")
                #expect(home.headers[.location] == "/mot-de-passe")
                #expect(try await browser.get("/mot-de-passe").status == .ok)
            }
        }
    }
}
