/// A personal datum (a phone number, an e-mail address, a name) that does not print itself.
///
/// Interpolated into a log line or an error it reads `‹redacted›`; whoever needs the value says so by
/// writing `.value`, which a reader and a grep can see.
package struct Redacted<Value: Sendable>: Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    package let value: Value

    package init(_ value: Value) {
        self.value = value
    }

    package var description: String { "‹redacted›" }
    package var debugDescription: String { "‹redacted›" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension Redacted: Equatable where Value: Equatable {}
extension Redacted: Hashable where Value: Hashable {}
