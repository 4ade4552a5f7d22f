import Import
import Store

/// Draws the map's low zooms after an import, where what they show has changed.
enum AtlasRefresh {
    /// Without it the map is drawn from the boundaries, more slowly: a failure is told and stops nothing.
    static func run(in store: AlertDatabase) {
        do {
            try AtlasDrawing.draw(in: store)
        } catch {
            Terminal.warn("the import is done, but the map of low zooms could not be drawn: \(error)")
        }
    }
}
