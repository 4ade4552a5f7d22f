/// What providers tell this server of messages: receipts, and what people write back.
package struct GatewayDesk: Sendable {
    /// A request that a provider made.
    package struct Call: Sendable {
        /// Of the path.
        package let gateway: String
        package let key: String
        /// Path and query as they were asked for.
        package let target: String
        package let query: String
        /// Names in lower case.
        package let headers: [String: String]
        package let body: [UInt8]

        package init(
            gateway: String, key: String, target: String, query: String, headers: [String: String], body: [UInt8]
        ) {
            self.gateway = gateway
            self.key = key
            self.target = target
            self.query = query
            self.headers = headers
            self.body = body
        }
    }

    package enum Answer: Hashable, Sendable {
        /// The ledger has what it told.
        case taken
        /// There is no such gateway, or the key is not its own.
        case unknown
        /// It is not signed as the provider signs.
        case forged
        case unreadable
    }

    package var take: @Sendable (Call) async throws -> Answer

    package init(take: @escaping @Sendable (Call) async throws -> Answer) {
        self.take = take
    }
}
