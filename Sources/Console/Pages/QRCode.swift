import CQREncode

/// A QR code's modules, drawn by libqrencode.
struct QRCode {
    /// Modules a side, without the quiet zone.
    let side: Int
    /// An SVG path of the dark modules, one unit each, the quiet zone of four around it (ISO/IEC 18004, 9.1).
    let path: String

    static let quietZone = 4

    /// - Throws: `internal_error` when the text is longer than any QR code holds.
    init(_ text: String) throws {
        guard let code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1) else {
            throw ConsoleProblem(.internalError)
        }
        defer { QRcode_free(code) }
        let side = Int(code.pointee.width)
        var path = ""
        for row in 0..<side {
            for column in 0..<side where code.pointee.data[row * side + column] & 1 == 1 {
                path += "M\(column + Self.quietZone) \(row + Self.quietZone)h1v1h-1z"
            }
        }
        self.side = side
        self.path = path
    }
}
