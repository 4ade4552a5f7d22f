import AlertModel
import Mail

/// What the rest of the house gives the e-mail gateway for its messages.
package struct EmailExtras: Sendable {
    /// The secret that return addresses and links are made with.
    package let key: LinkKey
    /// The address at which recipients reach this installation, without its last slash: `https://alerte.example`. Nil
    /// where they do not: messages then have no link.
    package let publicAddress: String?
    /// The map of a campaign's zone; nil where there is none to be made. Asked once a campaign.
    package let picture: @Sendable (CampaignID) async -> MailPicture?

    package init(
        key: LinkKey, publicAddress: String? = nil,
        picture: @escaping @Sendable (CampaignID) async -> MailPicture? = { _ in nil }
    ) {
        self.key = key
        self.publicAddress = publicAddress
        self.picture = picture
    }

    /// The links that a template asks for.
    func links(of leg: LegID, in template: MailTemplate) -> MailLinks {
        guard let publicAddress else { return .none }
        func link(_ page: LinkPage, _ purpose: LinkToken.Purpose) -> String {
            publicAddress + page.path(LinkToken(leg.rawValue, purpose).text(key: key))
        }
        return MailLinks(
            acknowledge: template.asksAcknowledgement ? link(.acknowledge, .acknowledgement) : nil,
            unsubscribe: template.offersUnsubscription ? link(.unsubscribe, .unsubscription) : nil)
    }
}
