import AlertModel
import Campaigns
import Console
import Foundation
import Store

extension TemplateDesk {
    /// The database's library.
    init(store: AlertDatabase) {
        self.init(
            library: { account in
                try await ConsoleProblems.translating {
                    try store.templates(of: account.organisation).map { saved in
                        let isOwn = saved.organisation == account.organisation
                        return TemplateLine(
                            name: saved.name, version: saved.version, template: saved.template, savedAt: Date(saved.savedAt),
                            savedBy: isOwn ? saved.savedBy : nil, isOwn: isOwn)
                    }
                }
            },
            versions: { account, name, limit in
                try await ConsoleProblems.translating {
                    try store.templateVersions(named: name, of: account.organisation, limit: limit).map {
                        TemplateLine(
                            name: name, version: $0.version, template: $0.template, savedAt: Date($0.savedAt),
                            savedBy: $0.savedBy, isOwn: true)
                    }
                }
            },
            save: { account, name, template in
                try await ConsoleProblems.translating {
                    try store.save(template, named: name, of: account.organisation, actor: account.user)
                }
            },
            remove: { account, name in
                try await ConsoleProblems.translating {
                    try store.removeTemplate(named: name, of: account.organisation, actor: account.user)
                }
            })
    }
}
