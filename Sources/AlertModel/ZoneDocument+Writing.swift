import GeoModel

/// A member of an object that is about to be written.
private struct Member {
    let key: String
    let write: (inout JSONWriter) -> Void

    init(_ key: String, _ write: @escaping (inout JSONWriter) -> Void) {
        self.key = key
        self.write = write
    }

    static func string(_ key: String, _ text: String) -> Member { Member(key) { $0.string(text) } }
    static func number(_ key: String, _ number: Double) -> Member { Member(key) { $0.number(number) } }
    static func zone(_ key: String, _ zone: Zone) -> Member { Member(key) { $0.zone(zone) } }
    static func zones(_ zones: [Zone]) -> Member {
        Member("zones") { writer in writer.separated(zones, open: "[", close: "]") { $0.zone($1) } }
    }
}

extension JSONWriter {
    /// Appends a whole document's canonical text.
    mutating func document(_ zone: Zone) {
        var members = [Member.number("version", Double(ZoneDocument.version))]
        var root = zone
        if case .certainly(let zone) = zone {
            members.append(.string("precision", "certain"))
            root = zone
        }
        object(root.canonicalMembers + members)
    }

    /// Appends a part's canonical text.
    fileprivate mutating func zone(_ zone: Zone) { object(zone.canonicalMembers) }

    private mutating func object(_ members: [Member]) {
        separated(members.sorted { utf8Order($0.key, $1.key) }, open: "{", close: "}") { writer, member in
            writer.string(member.key)
            writer.raw(":")
            member.write(&writer)
        }
    }

    mutating func exactGeometry(_ area: Area<WGS84>) {
        raw(#"{"coordinates":"#)
        if area.polygons.count == 1 {
            exactPolygon(area.polygons[0])
            raw(#","type":"Polygon"}"#)
        } else {
            separated(area.polygons, open: "[", close: "]") { $0.exactPolygon($1) }
            raw(#","type":"MultiPolygon"}"#)
        }
    }

    private mutating func exactPolygon(_ polygon: Polygon<WGS84>) {
        separated(polygon.rings, open: "[", close: "]") { writer, ring in
            writer.separated(ring.positions, open: "[", close: "]") { writer, position in
                writer.raw("[")
                writer.number(position.longitude)
                writer.raw(",")
                writer.number(position.latitude)
                writer.raw("]")
            }
        }
    }
}

extension Zone {
    /// In any order.
    fileprivate var canonicalMembers: [Member] {
        switch self {
        case .perimeter(let name, let area):
            [.string("type", "perimeter"), .string("name", name), Member("geometry") { $0.exactGeometry(area) }]
        case .circle(let centre, let radiusMetres):
            [
                .string("type", "circle"), .number("longitude", centre.longitude), .number("latitude", centre.latitude),
                .number("metres", radiusMetres),
            ]
        case .communes(let codes, let vintage):
            [
                .string("type", "communes"),
                Member("codes") { $0.separated(codes, open: "[", close: "]") { $0.string($1.rawValue) } },
            ] + (vintage.map { [.number("vintage", Double($0))] } ?? [])
        case .department(let code): [.string("type", "department"), .string("code", code)]
        case .epci(let siren): [.string("type", "epci"), .string("siren", siren)]
        case .members(let membership): membership.canonicalMembers
        case .widened(let place, let metres): place.canonicalMembers + [.number("margin", metres)]
        // Written by the root; a part never has one.
        case .certainly(let zone): zone.canonicalMembers + [.string("precision", "certain")]
        case .union(let zones): [.string("type", "union"), .zones(zones)]
        case .intersection(let zones): [.string("type", "intersection"), .zones(zones)]
        case .difference(let zone, let except):
            [.string("type", "difference"), .zone("zone", zone), .zone("except", except)]
        }
    }
}

extension Membership {
    fileprivate var canonicalMembers: [Member] {
        switch self {
        case .list(let name): [.string("type", "list"), .string("name", name)]
        case .tag(let name): [.string("type", "tag"), .string("name", name)]
        case .filter(let filter):
            [.string("type", "filter"), Member("filter") { $0.raw(ListDocument.encode(filter)) }]
        case .campaign(let id, let outcome):
            [
                .string("type", "campaign"), .number("campaign", Double(id.rawValue)),
                .string("outcome", outcome.rawValue),
            ]
        }
    }
}
