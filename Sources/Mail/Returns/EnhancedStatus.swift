/// An enhanced status code (RFC 3463): class.subject.detail.
package struct EnhancedStatus: Hashable, Sendable, CustomStringConvertible {
    package let kind: Int
    package let subject: Int
    package let detail: Int

    package init(_ kind: Int, _ subject: Int, _ detail: Int) {
        self.kind = kind
        self.subject = subject
        self.detail = detail
    }

    /// - Returns: nil for what is none: "5.1.1" is.
    package init?(_ text: some StringProtocol) {
        guard text.utf8.count <= 9 else { return nil }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let isNumber = parts.allSatisfy { (1...3).contains($0.utf8.count) && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
        guard parts.count == 3, isNumber, let kind = Int(parts[0]), let subject = Int(parts[1]), let detail = Int(parts[2]),
            [2, 4, 5].contains(kind)
        else { return nil }
        self.init(kind, subject, detail)
    }

    package var description: String { "\(kind).\(subject).\(detail)" }
}
