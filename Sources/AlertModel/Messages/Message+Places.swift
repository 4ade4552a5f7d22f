extension Message {
    /// The places to fill of all its texts, each once; one that anywhere lacks a fallback lacks it.
    package var placeholders: [PlaceholderText.Placeholder] {
        get throws(PlaceholderError) {
            var joined: [PlaceholderText.Placeholder] = []
            _ = try mapped { (text) throws(PlaceholderError) -> String in
                for place in try PlaceholderText(text).placeholders {
                    if let index = joined.firstIndex(where: { $0.name == place.name }) {
                        if place.fallback == nil { joined[index] = place }
                    } else {
                        joined.append(place)
                    }
                }
                return text
            }
            return joined
        }
    }

    /// The message with every place filled but those that each recipient fills; with any of those it stays in the form in
    /// which it was written, and is personal.
    /// - Throws: the first other place of any wording that has neither a value nor a fallback.
    package func filled(_ value: (_ name: String) -> String?) throws(PlaceholderError) -> Message {
        func isPersonal(_ name: String) -> Bool { PersonalPlace(rawValue: name) != nil && (value(name) ?? "").isEmpty }
        let keeps = try placeholders.contains { isPersonal($0.name) }
        let filled = try mapped { (text) throws(PlaceholderError) -> String in
            let text = try PlaceholderText(text)
            return keeps ? try text.filled(keeping: isPersonal, value) : try text.filled(value)
        }
        return Message(subject: filled.subject, text: filled.text, variants: filled.variants, isPersonal: keeps, recording: filled.recording)
    }

    /// The places that are filled for each recipient, those that have something to say without a value apart.
    /// - Throws: when the message is not of the form it says it has.
    package var personalPlaces: (needed: [PersonalPlace], optional: [PersonalPlace]) {
        get throws(PlaceholderError) {
            guard isPersonal else { return ([], []) }
            var places: (needed: [PersonalPlace], optional: [PersonalPlace]) = ([], [])
            for place in try placeholders {
                guard let personal = PersonalPlace(rawValue: place.name) else { continue }
                if place.fallback == nil { places.needed.append(personal) } else { places.optional.append(personal) }
            }
            return places
        }
    }

    /// What one recipient gets of a personal message; any other message as it is.
    ///
    /// A value that is not there and that nothing stands for is left out, with the blank before it: whoever joins an alert
    /// without a name must get it all the same. A launch is refused where that would happen.
    /// - Throws: when the message is not of the form it says it has.
    package func personal(_ values: PersonalValues) throws(PlaceholderError) -> Message {
        guard isPersonal else { return self }
        let filled = try mapped { (text) throws(PlaceholderError) -> String in
            try PlaceholderText(text).filledLeniently { PersonalPlace(rawValue: $0).flatMap { values[$0] } }
        }
        return Message(subject: filled.subject, text: filled.text, variants: filled.variants, recording: filled.recording)
    }

    /// The message as somebody invented would get it: what a preview shows.
    package var sample: Message {
        do {
            return try personal(.sample)
        } catch {
            return self
        }
    }
}
