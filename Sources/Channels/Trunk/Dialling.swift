/// What a trunk wants to be asked for, of +33145000000.
package enum Dialling: String, CaseIterable, Sendable {
    /// +33145000000
    case international = "plus"
    /// 0033145000000
    case zeros
    /// 33145000000
    case digits
    /// 0145000000; numbers of other countries with 00.
    case national

    func digits(of number: String) -> String {
        let bare = String(number.drop { $0 == "+" })
        return switch self {
        case .international: "+" + bare
        case .zeros: "00" + bare
        case .digits: bare
        case .national: bare.hasPrefix("33") ? "0" + bare.dropFirst(2) : "00" + bare
        }
    }
}
