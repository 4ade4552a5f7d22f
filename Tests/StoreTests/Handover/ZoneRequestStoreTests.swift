import AlertModel
import Campaigns
import Foundation
import GRDB
import GeoModel
import Targeting
import Testing

@testable import Store

/// Three communes side by side: 80001 is the asker's, 80002 its neighbour's, and both lie in the prefecture above them.
@Suite struct ZoneRequestStoreTests {
    private let now = UTCTime(millisecondsSince1970: 1_700_000_000_000)
    private static let reason = "Nous l’avons déjà alertée"

    private struct Towns {
        let bench: StoreBench
        let above, asker, neighbour, far: OrganisationID
        var store: AlertDatabase { bench.database }
    }

    private func towns() throws -> Towns {
        let bench = try StoreBench(), store = bench.database
        try bench.territory([commune("80009", boundary: rectangle(2.3, 50.0, 2.4, 50.1))])
        let above = try store.createOrganisation(named: "Préfecture de la Somme", kind: .prefecture, code: nil, parent: nil, actor: "test")
        func town(_ name: String, _ code: String) throws -> OrganisationID {
            try store.createOrganisation(named: name, kind: .commune, code: code, parent: above, actor: "test")
        }
        let towns = Towns(
            bench: bench, above: above, asker: try town("A", "80001"), neighbour: try town("B", "80002"), far: try town("C", "80009"))
        for (index, x) in [2.05, 2.099_999, 2.100_001, 2.15].enumerated() {
            try bench.register(
                [person("b\(index)", commune: "80002", at: place(x, 50.05), contacts: ["sms:+3363998010\(index)"])],
                organisation: "B")
        }
        return towns
    }

    private func draft(_ towns: Towns, _ zone: Zone = perimeter(2.05, 50.02, 2.16, 50.08), key: String = "k", text: String = "Montez.") -> ZoneRequestDraft {
        ZoneRequestDraft(
            organisation: towns.asker, requestKey: key, zone: zone, message: Message(subject: "Crue", text: text), channels: [.sms],
            kind: .alert, note: "Le barrage", askedBy: "anne")
    }

    private func send(_ towns: Towns) throws -> SavedZoneRequest {
        try #require(try towns.store.send(draft(towns), to: [towns.neighbour], now: now).first)
    }

    @Test func `whose ground lies beyond is found by geometry, each with its part, and who is above with all of it`() throws {
        let towns = try towns()
        let found = try towns.store.neighbours(of: perimeter(2.05, 50.02, 2.16, 50.08), beyond: towns.asker)
        #expect(found.map(\.organisation.name) == ["B", "Préfecture de la Somme"])
        #expect(found.map(\.isParent) == [false, true])
        // 0.06° by 0.06° at 50° N: 28.7 km² by pyproj's geodesic.
        #expect(abs(found[0].squareMetres / 28.7e6 - 1) < 0.01)
        #expect(found[0].communes == ["Ville 80002"])
        let inside = perimeter(2.01, 50.01, 2.05, 50.05)
        #expect(throws: ZoneRequestRefusal.nothingBeyond) { try towns.store.neighbours(of: inside, beyond: towns.asker) }
        #expect(throws: ZoneRequestRefusal.nothingBeyond) { try towns.store.neighbours(of: .list("Riverains"), beyond: towns.asker) }
        #expect(throws: (any Error).self) {
            try towns.store.neighbours(of: perimeter(-60, -40, 60, 40), beyond: towns.asker)
        }
    }

    @Test func `nobody of the neighbour's who is inside is lost by the border, by a circle's edge or by having no place`() throws {
        let towns = try towns(), store = towns.store
        try towns.bench.register([person("nowhere", commune: "80002", contacts: ["sms:+33639980199"])], organisation: "B")
        let scope = RegisterScope.organisation(towns.neighbour)
        func reached(_ zone: Zone) throws -> Set<String> {
            let part = try #require(try store.neighbours(of: zone, beyond: towns.asker).first { $0.organisation.name == "B" }).part
            let cut = try store.territoryCut(of: part, for: towns.neighbour, scope: scope)?.zone ?? part
            return Set(try towns.bench.select(cut, scope: scope).map { String($0.split(separator: " ")[0]) })
        }
        let wanted = perimeter(2.05, 50.02, 2.16, 50.08)
        #expect(try reached(wanted).isSuperset(of: ["b2", "b3"]) && !reached(wanted).contains("b0"))
        // A hundred people at the very edge of a circle of 5 km around the border.
        let centre = place(2.1, 50.05)
        let all = try towns.bench.select(.circle(centre: centre, radiusMetres: 3_000), scope: scope)
        let edge = try reached(.circle(centre: centre, radiusMetres: 3_000))
        for line in all where line.hasPrefix("b2") || line.hasPrefix("b3") { #expect(edge.contains(String(line.split(separator: " ")[0]))) }
        // By its code, with those of whom only the commune is known.
        #expect(try reached(.communes(codes("80001", "80002"))).isSuperset(of: ["b1", "b2", "b3", "nowhere"]))
    }

    @Test func `only who is concerned is asked, and a zone that changed is another request`() throws {
        let towns = try towns(), store = towns.store
        for strangers in [[towns.far], [towns.asker], [OrganisationID(rawValue: 999)], [towns.neighbour, towns.far], []] {
            #expect(throws: ZoneRequestRefusal.notConcerned) { try store.send(draft(towns), to: strangers, now: now) }
        }
        #expect(try towns.bench.count("SELECT count(*) FROM zone_requests") == 0, "all or nothing")
        let first = try send(towns)
        #expect(try send(towns).id == first.id)
        #expect(throws: ZoneRequestRefusal.keyReused) {
            try store.send(draft(towns, perimeter(2.05, 50.02, 2.17, 50.08)), to: [towns.neighbour], now: now)
        }
        #expect(throws: ZoneRequestRefusal.keyReused) { try store.send(draft(towns, text: "Sortez."), to: [towns.neighbour], now: now) }
        let both = try store.send(draft(towns, key: "other"), to: [towns.neighbour, towns.above], now: now)
        #expect(both.map(\.toName) == ["Préfecture de la Somme", "B"].filter { name in both.contains { $0.toName == name } })
        for index in 0..<ZoneRequestRules.mostSent - 3 { _ = try store.send(draft(towns, key: "\(index)"), to: [towns.neighbour], now: now) }
        #expect(throws: ZoneRequestRefusal.tooManySent(limit: ZoneRequestRules.mostSent)) {
            try store.send(draft(towns, key: "one more"), to: [towns.neighbour], now: now)
        }
        _ = try store.send(
            draft(towns, key: "later"), to: [towns.neighbour], now: now.advanced(bySeconds: ZoneRequestRules.validSeconds))
    }

    @Test func `a request between others answers as one that does not exist`() throws {
        let towns = try towns(), store = towns.store
        let id = try send(towns).id
        let none = ZoneRequestID(rawValue: 999)
        for (id, who) in [(id, towns.far), (none, towns.neighbour)] {
            #expect(throws: ZoneRequestRefusal.unknown(id)) { try store.zoneRequest(id, of: who) }
            #expect(throws: ZoneRequestRefusal.unknown(id)) { try store.acceptZoneRequest(id, of: who, by: "eve", now: now) }
            #expect(throws: ZoneRequestRefusal.unknown(id)) {
                try store.refuseZoneRequest(id, of: who, by: "eve", reason: Self.reason, now: now)
            }
            #expect(throws: ZoneRequestRefusal.unknown(id)) { try store.withdrawZoneRequest(id, of: who, by: "eve", now: now) }
            #expect(throws: ZoneRequestRefusal.unknown(id)) { try store.noteLaunch(following: id, of: who, requestKey: "x", now: now) }
        }
        // Each of the two does what is theirs.
        #expect(throws: ZoneRequestRefusal.unknown(id)) { try store.acceptZoneRequest(id, of: towns.asker, by: "anne", now: now) }
        #expect(throws: ZoneRequestRefusal.unknown(id)) { try store.withdrawZoneRequest(id, of: towns.neighbour, by: "bob", now: now) }
        let (received, sent) = try store.zoneRequests(of: towns.far)
        #expect(received.isEmpty && sent.isEmpty)
    }

    private func launch(_ towns: Towns, _ request: SavedZoneRequest, key: String, mode: CampaignMode = .real) throws -> Launch {
        let scope = RegisterScope.organisation(towns.neighbour)
        let part = try ZoneDocument.decode(Array(request.zoneDocument.utf8))
        let zone = try towns.store.territoryCut(of: part, for: towns.neighbour, scope: scope)?.zone ?? part
        return try towns.store.launch(
            CampaignPlan(
                organisation: towns.neighbour, requestKey: key, mode: mode,
                zoneDocument: String(decoding: ZoneDocument.encode(zone), as: UTF8.self), message: request.message,
                policy: PolicyRules.standard(channels: request.channels, mode: mode), notLocated: 0, approvedHash: nil,
                createdBy: "cli:root"), zone: zone, scope: scope, now: now.advanced(bySeconds: 60))
    }

    @Test func `accepting launches nothing; a real launch that follows is told with its time, and a crash before it is no launch`() throws {
        let towns = try towns(), store = towns.store
        let request = try send(towns)
        #expect(throws: ZoneRequestRefusal.notAccepted(.pending)) {
            try store.noteLaunch(following: request.id, of: towns.neighbour, requestKey: "early", now: now)
        }
        #expect(try store.acceptZoneRequest(request.id, of: towns.neighbour, by: "bob", now: now).facts.state == .accepted)
        #expect(try towns.bench.count("SELECT count(*) FROM campaigns") == 0)
        #expect(throws: ZoneRequestRefusal.alreadyDecided(.accepted)) {
            try store.withdrawZoneRequest(request.id, of: towns.asker, by: "anne", now: now)
        }
        func seen() throws -> SavedZoneRequest { try store.zoneRequest(request.id, of: towns.asker) }
        // Noted, and killed before the launch.
        try store.noteLaunch(following: request.id, of: towns.neighbour, requestKey: "killed", now: now)
        #expect(try seen().launchedAt == nil)
        try store.noteLaunch(following: request.id, of: towns.neighbour, requestKey: "drill", now: now)
        _ = try launch(towns, request, key: "drill", mode: .exercise)
        #expect(try seen().launchedAt == nil, "an exercise is no launch")
        // The same key again, after the crash.
        try store.noteLaunch(following: request.id, of: towns.neighbour, requestKey: "killed", now: now)
        let launched = try launch(towns, request, key: "killed")
        #expect(try seen().launchedAt == now.advanced(bySeconds: 60) && seen().campaign == launched.campaign)
        #expect(launched.recipients >= 2)
    }

    @Test func `what was handed over is launched once, whoever else has the same draft open`() throws {
        let towns = try towns(), store = towns.store
        let request = try send(towns)
        _ = try store.acceptZoneRequest(request.id, of: towns.neighbour, by: "bob", now: now)
        for key in ["bob", "eve"] {
            try store.noteLaunch(following: request.id, of: towns.neighbour, requestKey: key, now: now)
        }
        let launched = try launch(towns, request, key: "bob")
        // Noted before it: its own transaction refuses it.
        #expect(throws: ZoneRequestRefusal.alreadyLaunched(launched.campaign)) { try launch(towns, request, key: "eve") }
        #expect(throws: ZoneRequestRefusal.alreadyLaunched(launched.campaign)) {
            try store.noteLaunch(following: request.id, of: towns.neighbour, requestKey: "paul", now: now)
        }
        #expect(try towns.bench.count("SELECT count(*) FROM campaigns") == 1)
        // The same launch sent again answers itself.
        try store.noteLaunch(following: request.id, of: towns.neighbour, requestKey: "bob", now: now)
        #expect(try launch(towns, request, key: "bob").campaign == launched.campaign)
        #expect("\(ZoneRequestRefusal.alreadyLaunched(launched.campaign))".contains("--handed"))
    }

    @Test func `one key sent by several at once is one request and one e-mail`() async throws {
        let towns = try towns(), store = towns.store, wanted = draft(towns), moment = now, receivers = [towns.neighbour]
        let ids = try await withThrowingTaskGroup(of: [ZoneRequestID].self) { group in
            for _ in 0..<8 { group.addTask { try store.send(wanted, to: receivers, now: moment).map(\.id) } }
            var ids: Set<[ZoneRequestID]> = []
            for try await sent in group { ids.insert(sent) }
            return ids
        }
        #expect(ids.count == 1 && ids.first?.count == 1)
        #expect(try towns.bench.count("SELECT count(*) FROM zone_requests") == 1)
        #expect(try towns.bench.count("SELECT count(*) FROM notices") == 1)
    }

    @Test func `a key that was sent answers what it sent, whatever became of the territories since`() throws {
        let towns = try towns(), store = towns.store
        let first = try send(towns)
        try store.set(
            .territory, to: String(decoding: ZoneDocument.encode(Zone.communes(codes("80009"))), as: UTF8.self),
            ofOrganisationNamed: "B", actor: "test")
        #expect(throws: ZoneRequestRefusal.notConcerned) {
            try store.send(draft(towns, key: "new"), to: [towns.neighbour], now: now)
        }
        #expect(try send(towns).id == first.id)
        #expect(throws: ZoneRequestRefusal.keyReused) { try store.send(draft(towns), to: [towns.above], now: now) }
    }

    @Test func `taken back, a request is written about no more, and counts among those that were sent`() throws {
        let towns = try towns(), store = towns.store
        for index in 0..<ZoneRequestRules.mostSent {
            let sent = try #require(try store.send(draft(towns, key: "\(index)"), to: [towns.neighbour], now: now).first)
            _ = try store.withdrawZoneRequest(sent.id, of: towns.asker, by: "anne", now: now)
        }
        #expect(try store.dueNotices(now: now).isEmpty)
        #expect(throws: ZoneRequestRefusal.tooManySent(limit: ZoneRequestRules.mostSent)) {
            try store.send(draft(towns, key: "again"), to: [towns.neighbour], now: now)
        }
        #expect(try towns.bench.count("SELECT count(*) FROM notices") == ZoneRequestRules.mostSent)
    }

    @Test func `nothing of the neighbour's register is in what the asker is told`() throws {
        var seen: [String] = []
        for count in [0, 1, 7] {
            let towns = try towns()
            for index in 0..<count {
                try towns.bench.register(
                    [person("more\(index)", commune: "80002", at: place(2.12, 50.05), contacts: ["sms:+3363998020\(index)"], name: "Secret")],
                    organisation: "B")
            }
            let request = try send(towns)
            _ = try towns.store.acceptZoneRequest(request.id, of: towns.neighbour, by: "bob", now: now)
            try towns.store.noteLaunch(following: request.id, of: towns.neighbour, requestKey: "k2", now: now)
            _ = try launch(towns, request, key: "k2")
            let told = try towns.store.zoneRequests(of: towns.asker).sent
            let journal = try towns.store.auditEntries(limit: 50).filter { $0.organisation == towns.asker }
            seen.append("\(told) \(journal.map { "\($0.action) \($0.subject) \($0.detail.sorted { $0.key < $1.key })" })")
        }
        #expect(seen[0].contains("Montez.") && !seen[0].contains("b1"))
        #expect(seen.allSatisfy { $0 == seen[0] }, "how many people the neighbour has is told")
    }

    @Test func `both journals have it, who refuses says why, and whoever launches there is written to`() throws {
        let towns = try towns(), store = towns.store
        // Rights begin when they are given, and are looked at when it is written.
        let now = UTCTime(millisecondsSince1970: Date.now.milliseconds)
        let request = try #require(try store.send(draft(towns), to: [towns.neighbour], now: now).first)
        try towns.bench.insert("bob", role: "operator", in: towns.neighbour)
        try towns.bench.insert("eve", role: "observer", in: towns.neighbour)
        for name in ["bob", "eve"] {
            try store.setNoticeAddress(
                of: name, within: towns.neighbour, to: EmailAddress("\(name)@example.org"), actor: "test", now: now)
        }
        let later = UTCTime(millisecondsSince1970: Date.now.milliseconds)
        let notice = try #require(try store.dueNotices(now: later).first { $0.occasion == .handover })
        #expect(notice.addresses.map(\.text) == ["bob@example.org"] && notice.number == request.id.rawValue)
        #expect(throws: ZoneRequestRefusal.reasonNeeded) {
            try store.refuseZoneRequest(request.id, of: towns.neighbour, by: "bob", reason: "non", now: now)
        }
        let refused = try store.refuseZoneRequest(request.id, of: towns.neighbour, by: "bob", reason: Self.reason, now: now)
        #expect(refused.facts.state == .refused && refused.reason == Self.reason)
        let entries = try store.auditEntries(limit: 50).filter { $0.action.hasPrefix("request.") }
        for organisation in [towns.asker, towns.neighbour] {
            #expect(Set(entries.filter { $0.organisation == organisation }.map(\.action)) == ["request.send", "request.refuse"])
        }
        #expect(!"\(entries)".contains("Montez"))
        try store.settle(notice, sent: 1, now: now)
        #expect(try store.dueNotices(now: now).allSatisfy { $0.id != notice.id })
    }
}
