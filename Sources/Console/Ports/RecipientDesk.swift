import AlertModel

/// What a recipient's own page shows: nothing of theirs, for whoever holds the link sees it.
package struct LinkNotice: Hashable, Sendable {
    /// Who sent the message.
    package let organisation: String
    /// The message's subject.
    package let subject: String
    /// Whether what the page is for was done already.
    package let isAnswered: Bool

    package init(organisation: String, subject: String, isAnswered: Bool) {
        self.organisation = organisation
        self.subject = subject
        self.isAnswered = isAnswered
    }
}

/// What recipients do by the links of their messages, without signing in.
package struct RecipientDesk: Sendable {
    /// What a link's page shows; nil when the token is none of ours. Changes nothing: scanners of mail follow links.
    package var notice: @Sendable (LinkPage, _ token: String) async throws -> LinkNotice?
    /// Does what the page is for. - Returns: as `notice`, afterwards.
    package var answer: @Sendable (LinkPage, _ token: String) async throws -> LinkNotice?

    package init(
        notice: @escaping @Sendable (LinkPage, String) async throws -> LinkNotice?,
        answer: @escaping @Sendable (LinkPage, String) async throws -> LinkNotice?
    ) {
        self.notice = notice
        self.answer = answer
    }
}
