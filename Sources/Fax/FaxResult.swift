import Telephony

/// What became of a fax.
package struct FaxResult: Hashable, Sendable {
    /// What the two machines came to (T.30), by libspandsp's own numbers.
    package struct Session: Hashable, Sendable {
        /// 0 once the receiver has confirmed the last page.
        package let code: Int
        /// Another machine made itself known.
        package let hasMet: Bool
        /// Confirmed by the receiver.
        package let pages: Int
        package let pagesOfDocument: Int
        /// Bits a second.
        package let rate: Int
        package let isErrorCorrected: Bool

        package init(code: Int, hasMet: Bool, pages: Int, pagesOfDocument: Int, rate: Int, isErrorCorrected: Bool) {
            self.code = code
            self.hasMet = hasMet
            self.pages = pages
            self.pagesOfDocument = pagesOfDocument
            self.rate = rate
            self.isErrorCorrected = isErrorCorrected
        }

        /// - Parameter line: as the modem writes it; nil is returned for anything else.
        init?(_ line: String) {
            let numbers = line.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
            guard numbers.count == 6 else { return nil }
            self.init(
                code: numbers[0], hasMet: numbers[1] != 0, pages: numbers[2], pagesOfDocument: numbers[3], rate: numbers[4],
                isErrorCorrected: numbers[5] != 0)
        }
    }

    package let end: CallEnd
    /// Nil where nobody answered, or the modem did not come to an end of its own.
    package let session: Session?

    package init(end: CallEnd, session: Session?) {
        self.end = end
        self.session = session
    }
}
