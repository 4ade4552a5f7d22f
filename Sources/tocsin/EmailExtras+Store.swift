import Channels
import Store

extension EmailExtras {
    /// What campaigns of the database put in their e-mails besides the text.
    init(store: AlertDatabase, gateways: GatewaySettings) throws {
        let maps = CampaignMaps(store: store)
        self.init(key: try store.linkKey(), publicAddress: gateways.publicAddress?.text) { await maps.picture(of: $0) }
    }
}
