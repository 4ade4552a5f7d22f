import AlertModel
import ArgumentParser
import Foundation
import GeoEngine
import GeoModel
import Import
import Store
import Targeting

/// Reads one term of a zone from its text on the command line.
struct ZoneTerm {
    /// The options that name a term.
    enum Kind: String, CaseIterable {
        case zone, perimeter, saved, circle, communes, department, epci, list, tag, filter, campaign
    }

    /// Largest zone document, in bytes: a million vertices of 40 bytes fit.
    private static let maximumDocumentBytes = 64 << 20

    let store: AlertDatabase
    let scope: RegisterScope
    /// The year that the codes of commune sets are of; nil for today's.
    let codesOf: Int?

    func zone(_ kind: Kind, _ text: String) throws -> Zone {
        switch kind {
        case .zone: try document(text)
        case .perimeter: try Self.perimeter(text, territory: store.holdsGround(near:))
        case .saved: try saved(text)
        case .circle: try Self.circle(text)
        case .communes: try communes(text)
        case .department: .department(text)
        case .epci: try Self.epci(text)
        case .list: .list(text)
        case .tag: .members(.tag(text))
        case .filter: try Self.filter(text)
        case .campaign: try Self.campaign(text)
        }
    }

    private func saved(_ name: String) throws -> Zone {
        .perimeter(name: name, area: try store.perimeter(named: name, scope: scope).area)
    }

    /// A zone document; perimeters it only names are the saved ones.
    private func document(_ path: String) throws -> Zone {
        let handle = path == "-" ? FileHandle.standardInput : FileHandle(forReadingAtPath: path)
        guard let data = try? handle?.read(upToCount: Self.maximumDocumentBytes + 1) else {
            throw ValidationError("--zone: \(path) can't be read: there is no such file, or it is not readable")
        }
        guard data.count <= Self.maximumDocumentBytes else {
            throw ValidationError("--zone: \(path) is larger than \(Self.maximumDocumentBytes >> 20) MB")
        }
        let name = path == "-" ? "standard input" : URL(filePath: path).lastPathComponent
        let lookup = SavedPerimeters(store: store, scope: scope)
        do {
            return try ZoneDocument.decode([UInt8](data), saved: lookup.area(named:))
        } catch {
            throw InputError(file: name, underlying: lookup.failure ?? error)
        }
    }

    /// - Parameter text: a file, with `::LAYER` after it where several layers have geometry.
    static func perimeter(_ text: String, territory: FrenchSystems.Territory? = nil) throws -> Zone {
        var path = text
        var layer: String?
        if let sign = text.range(of: "::", options: .backwards), !FileManager.default.fileExists(atPath: text) {
            path = String(text[..<sign.lowerBound])
            layer = String(text[sign.upperBound...])
        }
        let name = URL(filePath: path).lastPathComponent
        do {
            let reading = try PerimeterFile.read(try FileSource(path: path), layer: layer, territory: territory)
            for warning in reading.warnings { Terminal.warn("\(name): \(warning.words)") }
            let zone = Zone.perimeter(name: reading.name ?? name, area: reading.area)
            // What cannot be mended is refused here, where the file is known.
            _ = try zone.mended()
            return zone
        } catch let error as ImportError {
            throw ValidationError("--perimeter: \(error)")
        } catch {
            throw InputError(file: name, underlying: error)
        }
    }

    static func circle(_ text: String) throws -> Zone {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
            .map { Double($0.trimmingCharacters(in: .whitespaces)) }
        guard parts.count == 3, let longitude = parts[0], let latitude = parts[1], let radius = parts[2] else {
            throw ValidationError("--circle takes LON,LAT,METRES with decimal points, such as 2.2958,49.8942,5000")
        }
        let centre = Position<WGS84>(longitude: longitude, latitude: latitude)
        _ = try GeodesicCircle(centre: centre, radiusMetres: radius)
        return .circle(centre: centre, radiusMetres: radius)
    }

    private func communes(_ text: String) throws -> Zone {
        var seen: Set<CommuneCode> = []
        return .communes(try Self.codes(text).filter { seen.insert($0).inserted }, vintage: codesOf)
    }

    /// Codes as they are typed, or as `@FILE` holds them.
    static func codes(_ text: String) throws -> [CommuneCode] {
        var texts = [text]
        if text.hasPrefix("@") {
            let path = String(text.dropFirst())
            guard let content = try? String(contentsOfFile: path, encoding: .utf8) else {
                throw ValidationError("--communes: \(path) can't be read as text")
            }
            texts = content.split { $0.isNewline }.map { String($0.prefix { $0 != "#" }) }
        }
        let words = texts.flatMap { $0.split { $0 == "," || $0 == ";" || $0.isWhitespace } }
        let codes = try words.map { word in
            guard let code = CommuneCode(word) else {
                throw ValidationError("--communes: “\(word)” is not an INSEE commune code, such as 80021 or 2A004")
            }
            return code
        }
        guard !codes.isEmpty else { throw ValidationError("--communes: no code is given") }
        return codes
    }

    static func epci(_ text: String) throws -> Zone {
        guard Zone.isSIREN(text) else {
            throw ValidationError("--epci: “\(text)” is not a SIREN number, which has nine digits")
        }
        return .epci(text)
    }

    static func filter(_ text: String) throws -> Zone {
        guard case .filter(let filter) = try ListDefinitionArguments.read(text) else {
            throw ValidationError("--filter takes a filter, not a combination of lists: name the list with --list")
        }
        return .members(.filter(filter))
    }

    static func campaign(_ text: String) throws -> Zone {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let word = parts.count > 1 ? String(parts[1]).replacing("-", with: "_") : CampaignOutcome.all.rawValue
        guard let id = Int64(parts[0]), id > 0, let outcome = CampaignOutcome(rawValue: word) else {
            throw ValidationError(
                "--campaign takes ID:OUTCOME, such as 12:not_acknowledged; outcomes are "
                    + CampaignOutcome.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return .members(.campaign(CampaignID(rawValue: id), outcome))
    }
}

/// Saved perimeters for a document that names them; keeps why one could not be had.
private final class SavedPerimeters {
    private let store: AlertDatabase
    private let scope: RegisterScope
    private(set) var failure: (any Error)?

    init(store: AlertDatabase, scope: RegisterScope) {
        self.store = store
        self.scope = scope
    }

    func area(named name: String) -> Area<WGS84>? {
        do {
            return try store.perimeter(named: name, scope: scope).area
        } catch {
            failure = failure ?? error
            return nil
        }
    }
}
