/// The members of one object of a document that a person writes, taken one by one; `finish` refuses those nobody took,
/// since a misspelt member would be left out in silence.
package struct JSONMembers {
    /// Where the object stands, such as `gateways[1].settings`; empty for the root.
    package let path: String
    private var left: [String: JSONNode]

    package init(_ node: JSONNode, path: String) throws(JSONMemberError) {
        guard case .object(let members) = node else { throw JSONMemberError(path: path, reason: "an object is due") }
        left = members
        self.path = path
    }

    /// - Throws: when a member was not taken, naming the first.
    package func finish() throws(JSONMemberError) { try allow([]) }

    /// Refuses members with other keys, before any is taken.
    /// - Throws: naming the first of them.
    package func allow(_ keys: Set<String>) throws(JSONMemberError) {
        guard let stranger = left.keys.filter({ !keys.contains($0) }).min() else { return }
        throw fault(String(stranger.prefix(40)), "there is no such member here: correct or remove it")
    }

    package func fault(_ key: String, _ reason: String) -> JSONMemberError {
        JSONMemberError(path: place(of: key), reason: reason)
    }

    package func has(_ key: String) -> Bool { left[key] != nil }

    /// Looks at a member, which is not taken by it.
    package func value(_ key: String) throws(JSONMemberError) -> JSONNode {
        guard let node = left[key] else { throw fault(key, "the member is missing") }
        return node
    }

    package mutating func node(_ key: String) throws(JSONMemberError) -> JSONNode {
        let node = try value(key)
        left[key] = nil
        return node
    }

    package mutating func members(_ key: String) throws(JSONMemberError) -> JSONMembers {
        try JSONMembers(try node(key), path: place(of: key))
    }

    /// The objects of an array; none when the member is absent.
    package mutating func list(_ key: String, atMost limit: Int) throws(JSONMemberError) -> [JSONMembers] {
        guard has(key) else { return [] }
        guard case .array(let elements) = try node(key), elements.count <= limit else {
            throw fault(key, "an array of at most \(limit) objects is due")
        }
        var list: [JSONMembers] = []
        for (index, element) in elements.enumerated() {
            list.append(try JSONMembers(element, path: "\(place(of: key))[\(index)]"))
        }
        return list
    }

    /// Where a member stands, or would.
    package func place(of key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
}

/// Why a document was refused. Safe to show: it names members, never their values.
package struct JSONMemberError: Error, Hashable, Sendable, CustomStringConvertible {
    package let path: String
    /// What happened and what to do.
    package let reason: String

    package init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }

    package var description: String { path.isEmpty ? reason : "\(path): \(reason)" }
}
