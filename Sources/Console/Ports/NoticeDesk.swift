/// Where an account is written to when something waits for it, as the console needs it.
package struct NoticeDesk: Sendable {
    /// Nil for nowhere.
    package var address: @Sendable (Account) async throws -> String?
    /// - Parameter address: checked by the route; nil takes it away.
    package var setAddress: @Sendable (Account, _ address: String?) async throws -> Void

    package init(
        address: @escaping @Sendable (Account) async throws -> String?,
        setAddress: @escaping @Sendable (Account, String?) async throws -> Void
    ) {
        self.address = address
        self.setAddress = setAddress
    }
}
