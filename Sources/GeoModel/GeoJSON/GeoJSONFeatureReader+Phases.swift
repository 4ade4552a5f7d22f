extension GeoJSONFeatureReader {
    // MARK: Between things

    /// Reads one byte outside any captured value. Leaves it in place when a capture starts with it.
    mutating func readBetween(_ byte: UInt8, _ index: inout Int) throws(GeoJSONError) {
        if byte == 0x0A { line += 1 }
        switch (phase, byte) {
        case (.start, 0xEF) where byteOrderMark == 0, (.start, 0xBB) where byteOrderMark == 1,
            (.start, 0xBF) where byteOrderMark == 2:
            byteOrderMark += 1
        case (_, 0x20), (_, 0x09), (_, 0x0D), (.start, 0x0A), (.done, 0x0A), (.betweenFeatures, 0x0A): break
        case (.start, 0x1E): phase = .betweenDocuments(separated: true)
        case (.betweenDocuments, 0x0A), (.betweenDocuments, 0x1E): phase = .betweenDocuments(separated: true)
        case (.start, UInt8(ascii: "{")), (.betweenDocuments(separated: true), UInt8(ascii: "{")):
            startCapture(.document)
            return
        case (.betweenFeatures(.featureOrEnd), UInt8(ascii: "{")), (.betweenFeatures(.feature), UInt8(ascii: "{")):
            startCapture(.feature)
            return
        case (.betweenFeatures(.commaOrEnd), UInt8(ascii: ",")): phase = .betweenFeatures(expecting: .feature)
        case (.betweenFeatures(.featureOrEnd), UInt8(ascii: "]")), (.betweenFeatures(.commaOrEnd), UInt8(ascii: "]")):
            envelope.append(byte)
            lexer = outerLexer
            phase = .envelope
        default: throw unexpected(byte)
        }
        index += 1
    }

    private mutating func startCapture(_ phase: Phase) {
        self.phase = phase
        lexer = BracketLexer()
        capture.removeAll(keepingCapacity: true)
        captureLine = line
        key = KeyTracker()
    }

    private func unexpected(_ byte: UInt8) -> GeoJSONError {
        let found = (0x21..<0x7F).contains(byte) ? "“\(Character(Unicode.Scalar(byte)))”" : "byte \(byte)"
        let reason =
            switch phase {
            case .start: "expected a GeoJSON object, found \(found)"
            case .betweenDocuments: "expected a feature on a line of its own, found \(found)"
            case .betweenFeatures(.commaOrEnd): "expected a comma or the end of the features, found \(found)"
            case .betweenFeatures: "expected a Feature, found \(found)"
            case .done: "there is more text after the end of the document"
            case .document, .feature, .envelope: "unexpected \(found)"
            }
        return GeoJSONError(
            .invalidJSON, reason: reason, path: "features[\(featureCount)]",
            place: GeoJSONError.Place(feature: featureCount + 1), line: line)
    }

    // MARK: In things

    /// Reads on in the value being captured, to its end or to the end of the chunk.
    mutating func readCapture(
        _ chunk: UnsafeRawBufferPointer, _ index: inout Int, _ features: inout [GeoJSONFeature]
    ) throws(GeoJSONError) {
        let isDocument = if case .document = phase { true } else { false }
        let start = index
        let event = lexer.next(in: chunk, &index, line: &line, members: isDocument)
        if case .envelope = phase {
            envelope.append(contentsOf: chunk[start..<index])
            try checkSize(envelope.count)
        } else {
            capture.append(contentsOf: chunk[start..<index])
            try checkSize(capture.count)
        }
        switch (phase, event) {
        case (.document, .closed):
            features.append(try decodeFeature(inCollection: false))
            phase = .betweenDocuments(separated: false)
        case (.feature, .closed):
            features.append(try decodeFeature(inCollection: true))
            phase = .betweenFeatures(expecting: .commaOrEnd)
        case (.envelope, .closed):
            try checkEnvelope(isWhole: true)
            phase = .done
        case (.document, .openedArray) where key.isFeatures(in: capture):
            guard featureCount == 0 else { throw unexpected(UInt8(ascii: "[")) }
            envelope = capture
            try checkEnvelope(isWhole: false)
            outerLexer = lexer
            outerLexer.closeArray()
            phase = .betweenFeatures(expecting: .featureOrEnd)
        case (.document, _): key.note(event, offset: capture.count)
        default: break
        }
    }

    private func checkSize(_ count: Int) throws(GeoJSONError) {
        guard count <= limits.maxBytes else {
            throw GeoJSONError(
                .tooLarge, reason: "the feature has more than \(limits.maxBytes) bytes; simplify its geometry",
                path: "features[\(featureCount)]", place: GeoJSONError.Place(feature: featureCount + 1),
                line: captureLine)
        }
    }
}

/// Follows the keys of the outermost object, to notice its `features`.
struct KeyTracker {
    /// Offsets just after the last two quotes: the opening and the closing of the last string.
    private var quotes = (0, 0)
    private var isValue = false

    mutating func note(_ event: BracketLexer.Event, offset: Int) {
        switch event {
        case .quote where !isValue: quotes = (quotes.1, offset)
        case .colon: isValue = true
        case .comma: isValue = false
        default: break
        }
    }

    func isFeatures(in capture: [UInt8]) -> Bool {
        isValue && quotes.0 < quotes.1 && capture[quotes.0..<(quotes.1 - 1)].elementsEqual("features".utf8)
    }
}
