/// A telephone's sound as a file that any browser plays.
package enum WaveSound {
    private static let samplesPerSecond: UInt32 = 8_000
    private static let headerBytes = 44

    /// A WAV file: one channel of 8,000 samples a second, 16 bits each (ITU-T G.711's own values, in the upper 13).
    ///
    /// - Parameter aLaw: one byte a sample, at most `Speaker.mostSeconds`.
    package static func file(aLaw: [UInt8]) -> [UInt8] {
        let bytes = UInt32(aLaw.count * 2)
        var file: [UInt8] = []
        file.reserveCapacity(headerBytes + aLaw.count * 2)
        func add(_ words: String) { file += Array(words.utf8) }
        func add(_ number: some FixedWidthInteger) { withUnsafeBytes(of: number.littleEndian) { file += Array($0) } }
        add("RIFF")
        add(bytes + UInt32(headerBytes) - 8)
        add("WAVEfmt ")
        add(UInt32(16))
        // PCM, one channel.
        add(UInt16(1))
        add(UInt16(1))
        add(samplesPerSecond)
        add(samplesPerSecond * 2)
        add(UInt16(2))
        add(UInt16(16))
        add("data")
        add(bytes)
        for sample in aLaw { add(values[Int(sample)]) }
        return file
    }

    private static let values: [Int16] = (0...255).map { value(UInt8($0)) }

    /// G.711, table 1a: even bits are inverted; a sign, three bits of segment, four of step.
    private static func value(_ sample: UInt8) -> Int16 {
        let code = sample ^ 0x55
        let step = Int16(code & 0x0F) << 4 + 8
        let segment = Int16(code & 0x70) >> 4
        let size = segment == 0 ? step : (step + 0x100) << (segment - 1)
        return code & 0x80 == 0 ? -size : size
    }
}
