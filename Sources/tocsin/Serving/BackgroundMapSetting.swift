import ArgumentParser
import Console

/// The map under the console's own, as the environment names it.
enum BackgroundMapSetting {
    static let variable = "TOCSIN_BACKGROUND"
    static let creditVariable = "TOCSIN_BACKGROUND_CREDIT"

    /// - Returns: nil where none is named: the console then asks nothing of anyone but this server.
    /// - Throws: where what is named cannot be used.
    static func configured(_ environment: [String: String]) throws -> BackgroundMap? {
        guard let template = environment[variable], !template.isEmpty else {
            guard environment[creditVariable, default: ""].isEmpty else {
                throw ValidationError("\(creditVariable) names whose map it is that \(variable) does not name: set both, or none")
            }
            return nil
        }
        do { return try BackgroundMap(template: template, credit: environment[creditVariable]) } catch {
            throw ValidationError("\(variable): \(error)")
        }
    }
}
