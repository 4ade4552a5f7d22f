/// What one run of the exchange process may use up.
struct ExchangeLimits: Sendable {
    /// Address space, its libraries' 0.4 GB included.
    var memoryBytes: Int
    var cpuSeconds: Int
    /// Of waiting for its next line: what it computes, and what the disk makes it wait.
    var waitSeconds: Double
    /// The largest file it may write.
    var fileBytes: Int
    var lineBytes: Int
    var outputBytes: Int

    /// A workbook is held whole: a million rows of ten columns take 1.6 GB and half a minute.
    static let table = ExchangeLimits(
        memoryBytes: 3 << 30, cpuSeconds: 180, waitSeconds: 300, fileBytes: 0, lineBytes: 16 << 20,
        outputBytes: 4 << 30)

    /// Layers stream, all but TopoJSON and KML. A line holds a feature of 500,000 vertices at most (`GeoJSONLimits`),
    /// 32 bytes each.
    static let features = ExchangeLimits(
        memoryBytes: 3 << 30, cpuSeconds: 300, waitSeconds: 600, fileBytes: 0, lineBytes: 64 << 20,
        outputBytes: 16 << 30)
}
