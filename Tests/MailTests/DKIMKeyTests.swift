import DispatchSupport
import Foundation
import Testing

@testable import Mail

@Suite struct DKIMKeyTests {
    @Test func `a key that others can read is refused, and what is no key too`() throws {
        let path = try MailOracle.keyFile("ed25519")
        defer { unlink(path) }
        #expect(throws: Never.self) { try DKIMKey(path: path) }
        try #require(chmod(path, 0o644) == 0)
        #expect(throws: MailError.self) { try DKIMKey(path: path) }
        try #require(chmod(path, 0o640) == 0)
        #expect(throws: Never.self) { try DKIMKey(path: path) }
        try Data("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n".utf8).write(to: URL(filePath: path))
        try #require(chmod(path, 0o600) == 0)
        #expect(throws: MailError.self) { try DKIMKey(path: path) }
        #expect(throws: MailError.self) { try DKIMKey(path: path + ".none") }
        #expect(throws: MailError.self) { try DKIMKey(path: "/dev/zero") }
    }

    @Test func `an RSA key of 1,024 bits is refused`() throws {
        let path = try MailOracle.keyFile("rsa")
        defer { unlink(path) }
        try #require(try ChildProcess(["openssl", "genrsa", "-out", path, "1024"]).wait() == 0)
        #expect(throws: MailError.self) { try DKIMKey(path: path) }
    }

    @Test func `the record to publish names the key, in strings that DNS can hold`() throws {
        let path = try MailOracle.keyFile("rsa")
        defer { unlink(path) }
        let record = try DKIMSigner(domain: "Alerte.example", selector: "s1", key: try DKIMKey(path: path)).record
        #expect(record.name == "s1._domainkey.alerte.example")
        #expect(record.value.hasPrefix("\"v=DKIM1; k=rsa; h=sha256; p=MIIBIjAN"))
        #expect(record.value.split(separator: "\" \"").allSatisfy { $0.utf8.count <= 256 })
    }

    @Test(arguments: ["", "a b", "a;b", "-a", "a..b", "é"])
    func `a domain or selector that is no name is refused`(name: String) throws {
        let path = try MailOracle.keyFile("ed25519")
        defer { unlink(path) }
        let key = try DKIMKey(path: path)
        #expect(throws: MailError.self) { try DKIMSigner(domain: name, selector: "s", key: key) }
        #expect(throws: MailError.self) { try DKIMSigner(domain: "a.example", selector: name, key: key) }
    }
}
