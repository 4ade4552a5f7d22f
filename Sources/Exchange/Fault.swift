import CGDAL
import GeoModel

/// What is wrong with a file, in a word the parent makes a sentence of. Nothing in it comes from the file but the
/// names of sheets and layers.
struct Fault: Error {
    enum Word: String {
        /// Not of the kind that was asked for.
        case otherKind = "other_kind"
        case damaged, encrypted, empty, memory, unconfined
        /// An archive that would unpack to too much, or with impossible sizes.
        case archiveBomb = "archive_bomb"
        /// XML with a document type, which is there to declare entities.
        case entities
        case tooWide = "too_wide"
        case richInlineText = "rich_inline_text"
        case unknownSheet = "unknown_sheet"
        case severalSheets = "several_sheets"
        case unknownLayer = "unknown_layer"
        case severalLayers = "several_layers"
        case severalShapefiles = "several_shapefiles"
        case noGeometry = "no_geometry"
        /// Files that belong to it are not there; `names` are their extensions.
        case missingPart = "missing_part"
        /// A database with tables that are programs.
        case foreignTables = "foreign_tables"
        /// Nothing names the reference system, and the numbers are no French one's.
        case noSystem = "no_system"
        /// Nothing names it, and several are possible: `names` are `EPSG:WEST,SOUTH,EAST,NORTH`, the place each gives.
        case ambiguousSystem = "ambiguous_system"
        /// A system that cannot be brought to WGS 84; `names` is its name.
        case unknownSystem = "unknown_system"
        /// Coordinates that the system named does not have.
        case wrongSystem = "wrong_system"
        case swappedAxes = "swapped_axes"
        case badCoordinate = "bad_coordinate"
        case tooManyVertices = "too_many_vertices"
        /// More than a sheet has rows, or a cell characters.
        case tooManyRows = "too_many_rows"
        case cellTooLong = "cell_too_long"
        /// What is to be written did not come to its end.
        case cutShort = "cut_short"
        case notWritten = "not_written"
    }

    let word: Word
    /// Sheets or layers to choose among, where that is the question.
    var names: [String] = []
    /// The row or feature at fault, from 1.
    var number: Int?

    init(_ word: Word, names: [String] = [], number: Int? = nil) {
        self.word = word
        self.names = names
        self.number = number
    }

    /// The fault behind what GDAL complained of, if it did.
    static func current(at number: Int? = nil) -> Fault? {
        if cgdal_out_of_memory() != 0 { return Fault(.memory) }
        guard let text = cgdal_complaint() else { return nil }
        let complaint = String(cString: text)
        // Drivers answer a failed allocation in words of their own.
        if complaint.contains("out of memory") || complaint.contains("annot allocate") { return Fault(.memory) }
        let isTooWide = ["number of columns", "number of fields", "too many columns"].contains { complaint.contains($0) }
        return Fault(isTooWide ? .tooWide : .damaged, number: number)
    }

    /// - Throws: the fault behind what GDAL complained of, if it did.
    static func check(at number: Int? = nil) throws(Fault) {
        if let fault = current(at: number) { throw fault }
    }

    func write(to writer: inout JSONWriter) {
        writer.raw(#"{"error":"#)
        writer.string(word.rawValue)
        if !names.isEmpty {
            writer.raw(#","names":"#)
            writer.separated(names, open: "[", close: "]") { $0.string($1) }
        }
        if let number {
            writer.raw(#","number":"#)
            writer.number(Double(number))
        }
        writer.raw("}")
    }
}
