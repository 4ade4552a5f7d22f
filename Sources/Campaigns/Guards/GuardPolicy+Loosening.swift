extension GuardPolicy {
    /// What asks less of a second person than an earlier policy did: of launches by accounts, which one account alone must not
    /// be able to ease.
    ///
    /// - Returns: names, as they are settled; empty when nothing is asked less strictly.
    package func loosened(from earlier: GuardPolicy) -> [String] {
        var names = [GuardRail.freeText, .largeAudience].filter { consequence(of: $0) < earlier.consequence(of: $0) }
            .map(\.rawValue)
        if largeAudience > earlier.largeAudience { names.append("large_audience_limit") }
        if breakGlassSeconds < earlier.breakGlassSeconds { names.append("break_glass_seconds") }
        return names
    }
}
