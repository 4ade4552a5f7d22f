/// Reads the features of a file of any size, fed in chunks: no more than one feature is held.
///
/// The layout is found out by reading: a FeatureCollection of any formatting, one Feature alone, newline-delimited
/// features, or a GeoJSON text sequence (RFC 8142, records led by the byte 0x1E).
///
///     var reader = GeoJSONFeatureReader()
///     while let chunk = try file.read() {
///         for feature in try reader.feed(chunk) { … }
///     }
///     try reader.finish()
package struct GeoJSONFeatureReader {
    /// What the next byte belongs to.
    enum Phase {
        /// Before the first byte that counts.
        case start
        /// Between two documents; `separated` once a line end or a record separator was seen.
        case betweenDocuments(separated: Bool)
        /// In a top-level object whose `features` have not been met.
        case document
        /// Between the features of a collection.
        case betweenFeatures(expecting: Separator)
        case feature
        /// In a collection, after its features.
        case envelope
        /// After the collection: only white space may come.
        case done
    }

    enum Separator { case featureOrEnd, feature, commaOrEnd }

    let limits: GeoJSONLimits
    var phase = Phase.start
    /// The bytes of what is being read.
    var capture: [UInt8] = []
    var lexer = BracketLexer()
    /// The collection without its features.
    var envelope: [UInt8] = []
    var crs: Int?
    var line = 1
    /// Where `capture` starts.
    var captureLine = 1
    var byteOrderMark = 0
    var key = KeyTracker()
    /// The brackets of the collection, as they are around its features.
    var outerLexer = BracketLexer()

    /// How many features have been read.
    package private(set) var featureCount = 0

    package init(limits: GeoJSONLimits = .feature) {
        self.limits = limits
    }

    /// Reads the next bytes of the file, cut anywhere.
    /// - Returns: the features that end in them.
    package mutating func feed(_ chunk: UnsafeRawBufferPointer) throws(GeoJSONError) -> [GeoJSONFeature] {
        var features: [GeoJSONFeature] = []
        var index = 0
        while index < chunk.count {
            switch phase {
            case .document, .feature, .envelope: try readCapture(chunk, &index, &features)
            default: try readBetween(chunk[index], &index)
            }
        }
        return features
    }

    /// Reads the next bytes of the file, cut anywhere.
    /// - Returns: the features that end in them.
    package mutating func feed(_ chunk: [UInt8]) throws(GeoJSONError) -> [GeoJSONFeature] {
        try chunk.withUnsafeBufferPointer { (buffer) throws(GeoJSONError) in
            try feed(UnsafeRawBufferPointer(buffer))
        }
    }

    /// Says that the file ends here.
    /// - Throws: `truncated` when it ends in the middle of something, `not_geojson` when it held nothing.
    package mutating func finish() throws(GeoJSONError) {
        switch phase {
        case .done: return
        case .betweenDocuments where featureCount > 0: return
        case .start, .betweenDocuments:
            throw GeoJSONError(.notGeoJSON, reason: "the file is empty", line: line)
        case .document, .feature, .envelope, .betweenFeatures:
            throw GeoJSONError(
                .truncated,
                reason: "the file ends in the middle of \(featureCount == 0 ? "its beginning" : "its features"), "
                    + "after \(featureCount) whole ones; get it again",
                line: line)
        }
    }

    // MARK: Documents

    mutating func decodeFeature(inCollection: Bool) throws(GeoJSONError) -> GeoJSONFeature {
        var decoder = GeoJSONDecoder(
            JSONScanner(capture, maxDepth: limits.maxDepth, firstLine: captureLine), limits: limits)
        try decoder.scanner.validateDocument()
        let feature: GeoJSONFeature
        do throws(GeoJSONError) {
            feature = try decoder.decodeStandaloneFeature(
                number: featureCount + 1, line: captureLine, path: inCollection ? "features[\(featureCount)]" : "",
                crs: crs)
        } catch {
            var error = error
            error.line = error.line ?? captureLine
            throw error
        }
        featureCount += 1
        capture.removeAll(keepingCapacity: true)
        return feature
    }

    /// Checks the collection's own members: at its features (what came before them), then at its end.
    mutating func checkEnvelope(isWhole: Bool) throws(GeoJSONError) {
        var decoder = GeoJSONDecoder(
            JSONScanner(
                isWhole ? envelope : envelope + Array("]}".utf8), maxDepth: limits.maxDepth,
                firstLine: captureLine), limits: limits)
        try decoder.scanner.validateDocument()
        let members = try decoder.scanMembers(path: "")
        if members.type != nil || isWhole {
            let type = try decoder.typeName(of: members, path: "")
            guard type == "FeatureCollection" else {
                throw GeoJSONError(.notGeoJSON, reason: "a \(type) cannot have a member “features”", path: "features")
            }
        }
        let named = try decoder.decodeCRS(members, path: "", inherited: nil)
        if isWhole, featureCount > 0, named ?? WGS84.epsgCode != crs ?? WGS84.epsgCode {
            throw GeoJSONError(
                .unsupportedCRS, reason: "the crs member comes after the features; put it before them", path: "crs")
        }
        crs = named
    }
}
