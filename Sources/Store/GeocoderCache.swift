import GeoModel
import Geocoding
import Synchronization

/// What geocoding keeps in memory from one read of the database to the next: streets by commune and, once it pays,
/// all communes. Bounded; forgotten as a whole when the index changes.
package final class GeocoderCache: Sendable {
    private let newest = Mutex<Generation?>(nil)

    package init() {}

    /// What is known of one state of the index. A reader that still sees an older state than the newest known gets a
    /// memory of its own.
    func generation(_ revision: Int64) -> Generation {
        newest.withLock { newest in
            if let newest, newest.revision == revision { return newest }
            let generation = Generation(revision: revision)
            if newest == nil || newest?.revision ?? 0 < revision { newest = generation }
            return generation
        }
    }

    /// The memory of one state of the index.
    final class Generation: Sendable {
        let revision: Int64
        private let streets = Mutex(RecentStreets())
        private let directory = Mutex<(directory: CommuneDirectory?, searches: Int)>((nil, 0))

        /// Searches for communes before all their rows are read, where no block is prepared: a command with one address
        /// must not read a country.
        private static let searchesBeforeDirectory = 200

        /// Whether many reads share it. One transaction's alone may ask for a single address, and reads rows first.
        private let isShared: Bool

        init(revision: Int64, isShared: Bool = true) {
            self.revision = revision
            self.isShared = isShared
        }

        func streets(_ code: CommuneCode, load: () throws -> CommuneStreets) rethrows -> CommuneStreets {
            if let known = streets.withLock({ $0.find(code) }) { return known }
            // Two threads may load one commune at once: both answers are the same.
            let loaded = try load()
            streets.withLock { $0.keep(loaded, code) }
            return loaded
        }

        func directory(
            prepared: () throws -> CommuneDirectory?, made: () throws -> CommuneDirectory
        ) throws -> CommuneDirectory? {
            // Loaded under the lock: a second reader that comes meanwhile waits rather than read a country too.
            try directory.withLock { state in
                if let known = state.directory { return known }
                state.searches += 1
                let isWorthAll = state.searches > Self.searchesBeforeDirectory
                if isWorthAll || (isShared && state.searches == 1) { state.directory = try prepared() }
                if isWorthAll, state.directory == nil { state.directory = try made() }
                return state.directory
            }
        }
    }

    /// The communes asked for lately, in two halves: what the older one holds is kept when asked for again, the rest
    /// goes when the younger one is full.
    private struct RecentStreets {
        /// Streets of one half. A street takes about 700 bytes, so both halves stay under 150 MB: ten départements'.
        private static let halfLimit = 100_000

        private var young: [CommuneCode: CommuneStreets] = [:]
        private var old: [CommuneCode: CommuneStreets] = [:]
        private var youngCount = 0

        mutating func find(_ code: CommuneCode) -> CommuneStreets? {
            if let found = young[code] { return found }
            guard let found = old.removeValue(forKey: code) else { return nil }
            keep(found, code)
            return found
        }

        mutating func keep(_ streets: CommuneStreets, _ code: CommuneCode) {
            if youngCount >= Self.halfLimit {
                old = young
                young = [:]
                youngCount = 0
            }
            guard young.updateValue(streets, forKey: code) == nil else { return }
            // A commune without streets costs too.
            youngCount += streets.streets.count + 1
        }
    }
}

/// The index of one read, with its memory.
final class AddressMemory {
    private let index: AddressIndex
    private let cache: GeocoderCache?
    private var generation: GeocoderCache.Generation?

    init(index: AddressIndex, cache: GeocoderCache?) {
        self.index = index
        self.cache = cache
    }

    private func memory() throws -> GeocoderCache.Generation {
        if let generation { return generation }
        let memory = try cache?.generation(index.revision()) ?? GeocoderCache.Generation(revision: 0, isShared: false)
        generation = memory
        return memory
    }

    func streets(_ code: CommuneCode) throws -> CommuneStreets {
        try memory().streets(code) { CommuneStreets(try index.streets(ofCommune: code)) }
    }

    func communes(_ search: CommuneSearch) throws -> [CommuneEntry] {
        let directory = try memory().directory(prepared: index.preparedDirectory, made: index.makeDirectory)
        guard let directory else { return try index.communes(search) }
        return directory.communes(search)
    }
}
