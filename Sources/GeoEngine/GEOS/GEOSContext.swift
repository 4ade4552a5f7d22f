import CGEOS

/// A handle of GEOS's re-entrant interface, with the last message that it gave.
///
/// Not `Sendable`, like all that is made with it: one context per chunk of work, never two threads at once.
/// Prepared geometries are not thread-safe in GEOS 3.11 even for reading.
final class GEOSContext {
    let handle: GEOSContextHandle_t
    private let lastMessage = MessageBox()

    private final class MessageBox {
        var text: String?
    }

    init() throws(GeometryError) {
        guard let handle = GEOS_init_r() else {
            throw GeometryError(.engineFailure, "the geometry library did not start", function: "GEOS_init_r")
        }
        self.handle = handle
        _ = GEOSContext_setErrorMessageHandler_r(
            handle,
            { message, box in
                guard let message, let box else { return }
                Unmanaged<MessageBox>.fromOpaque(box).takeUnretainedValue().text = String(cString: message)
            }, Unmanaged.passUnretained(lastMessage).toOpaque())
    }

    deinit {
        GEOS_finish_r(handle)
    }

    /// The error for a call that returned its sentinel. The message is cleared once read.
    func failure(_ function: String) -> GeometryError {
        defer { lastMessage.text = nil }
        return GeometryError(
            .engineFailure, "the geometry library failed: \(lastMessage.text ?? "no reason given")", function: function)
    }

    /// The pointer that a call returned, unless null.
    func unwrap(_ function: String, _ pointer: OpaquePointer?) throws(GeometryError) -> OpaquePointer {
        guard let pointer else { throw failure(function) }
        return pointer
    }

    /// The verdict of a predicate, which returns 2 when it fails.
    func verdict(_ function: String, _ result: CChar) throws(GeometryError) -> Bool {
        switch result {
        case 0: return false
        case 1: return true
        default: throw failure(function)
        }
    }

    /// The shape that a call made.
    func shape(_ function: String, _ pointer: OpaquePointer?) throws(GeometryError) -> GEOSShape {
        GEOSShape(self, try unwrap(function, pointer))
    }
}

/// A geometry of GEOS and its owner.
final class GEOSShape {
    let context: GEOSContext
    let pointer: OpaquePointer

    /// Takes the pointer over.
    init(_ context: GEOSContext, _ pointer: OpaquePointer) {
        self.context = context
        self.pointer = pointer
    }

    deinit {
        GEOSGeom_destroy_r(context.handle, pointer)
    }
}

/// A prepared geometry of GEOS, with the geometry that it indexes.
final class GEOSPreparedShape {
    let shape: GEOSShape
    let pointer: OpaquePointer

    init(_ shape: GEOSShape) throws(GeometryError) {
        self.shape = shape
        pointer = try shape.context.unwrap("GEOSPrepare_r", GEOSPrepare_r(shape.context.handle, shape.pointer))
    }

    deinit {
        GEOSPreparedGeom_destroy_r(shape.context.handle, pointer)
    }

    func intersects(_ other: OpaquePointer) throws(GeometryError) -> Bool {
        let context = shape.context
        return try context.verdict(
            "GEOSPreparedIntersects_r", GEOSPreparedIntersects_r(context.handle, pointer, other))
    }

    func covers(_ other: OpaquePointer) throws(GeometryError) -> Bool {
        let context = shape.context
        return try context.verdict("GEOSPreparedCovers_r", GEOSPreparedCovers_r(context.handle, pointer, other))
    }
}
