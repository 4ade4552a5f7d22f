import Glibc

/// How a server treats memory that it frees.
enum ServerMemory {
    /// Blocks above it are given back to the system as soon as they are freed: the most that glibc accepts.
    private static let greatestKeptBlock: Int32 = 32 << 20
    /// Free memory above it, at the end of a heap, is given back.
    private static let greatestKept: Int32 = 128 << 20

    /// Keeps what a request frees for the next one. A zone of a hundred thousand vertices, counted for every move of a
    /// corner, takes some twenty megabytes: asking the system for their pages anew costs a fifth of the whole count.
    static func keepForReuse() {
        // What it refuses stays as it was: slower, and right.
        _ = mallopt(M_MMAP_THRESHOLD, greatestKeptBlock)
        _ = mallopt(M_TRIM_THRESHOLD, greatestKept)
    }
}
