import AlertModel
import GeoModel
import Targeting

#if _endian(big)
#error("the bytes of register_pages are little endian, and read as they are")
#endif

/// What counting needs to know of 4,096 recipients whose row numbers share all but the last twelve bits.
///
/// The bytes are those of the table `register_pages`, little endian: see the data dictionary.
struct RegisterPage: Equatable {
    static let rowCount = 4096
    static let wordsPerPlane = VerdictPages.wordsPerPlane

    /// One bit a recipient, in this order.
    enum Plane: Int, CaseIterable {
        case sms, voice, email, fax
        /// There is such a recipient.
        case present
        /// It has a point.
        case located
    }

    /// The organisation of all of them; nil when there are several.
    var organisation: Int64?
    /// Planes one after the other, as words of 64 recipients.
    var planes: [UInt64]
    /// A number for each recipient's commune code: see `CommuneNumber`.
    var communes: [UInt32]
    /// The radius of each recipient's disc in metres, rounded up; empty when all are points.
    var radii: [Float]
    /// The organisation of each recipient; empty when it is the same for all.
    var organisations: [Int64]

    func words(_ plane: Plane) -> ArraySlice<UInt64> {
        planes[(plane.rawValue * Self.wordsPerPlane)..<((plane.rawValue + 1) * Self.wordsPerPlane)]
    }

    func word(_ plane: Plane, _ word: Int) -> UInt64 { planes[plane.rawValue * Self.wordsPerPlane + word] }

    var isEmpty: Bool { words(.present).allSatisfy { $0 == 0 } }

    /// The recipients of the scope, a bit each.
    func members(of scope: RegisterScope) -> [UInt64] {
        let present = Array(words(.present))
        guard case .organisation(let admitted) = scope else { return present }
        var words = [UInt64](repeating: 0, count: Self.wordsPerPlane)
        if let organisation { return organisation == admitted.rawValue ? present : words }
        for row in organisations.indices where organisations[row] == admitted.rawValue {
            words[row >> 6] |= 1 << UInt64(row & 63)
        }
        return zip(words, present).map { $0 & $1 }
    }

    /// The radius of a recipient's disc, never too small.
    func radius(ofRow row: Int) -> Double { radii.isEmpty ? 0 : Double(radii[row]) }
}

extension RegisterPage {
    /// A page of nobody.
    init() {
        self.init(
            organisation: nil, planes: Array(repeating: 0, count: Plane.allCases.count * Self.wordsPerPlane),
            communes: Array(repeating: CommuneNumber.none, count: Self.rowCount), radii: [], organisations: [])
    }
}

/// A commune code as a number below `count`, so that counting communes needs no text.
enum CommuneNumber {
    /// No code.
    static let none: UInt32 = 0
    /// Something that is no code's form.
    static let unreadable = UInt32.max
    /// Codes of figures are their number, which is never zero; 2A and 2B follow.
    static let count = 102_000

    /// - Parameter text: of `recipients.commune_code`.
    static func of(_ text: UnsafeBufferPointer<UInt8>) -> UInt32 {
        if let number = ofCode(text) { return number }
        guard let code = CommuneCode(String(decoding: text, as: UTF8.self)) else { return unreadable }
        var bytes = Array(code.rawValue.utf8)
        return bytes.withUnsafeMutableBufferPointer { ofCode(UnsafeBufferPointer($0)) } ?? unreadable
    }

    /// The code of a number from 1 to `count`.
    static func code(_ number: UInt32) -> String {
        let digits = String(number % 100_000)
        let padded = String(repeating: "0", count: 5 - digits.count) + digits
        return number < 100_000 ? padded : (number < 101_000 ? "2A" : "2B") + padded.suffix(3)
    }

    private static func ofCode(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32? {
        guard bytes.count == 5 else { return nil }
        var number: UInt32 = 0
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): number = 10 * number + UInt32(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "A") where index == 1 && number == 2: number = 100
            case UInt8(ascii: "B") where index == 1 && number == 2: number = 101
            default: return nil
            }
        }
        return number == 0 ? nil : number
    }
}
