/// The media types of documents that the console gives, each written once.
enum MediaType {
    static let csv = "text/csv; charset=utf-8"
    static let json = "application/json; charset=utf-8"
    static let jsonLines = "application/x-ndjson"
    static let geoJSON = "application/geo+json"
    static let html = "text/html; charset=utf-8"
    static let text = "text/plain; charset=utf-8"
    static let wave = "audio/wav"
    static let pdf = "application/pdf"
    static let xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
}
