import GRDB
import GeoModel

extension Database {
    /// The movements and what the territory says stands today, ready to be asked what any code means.
    func communeHistory() throws -> CommuneHistory {
        try CommuneHistory(movements: communeMovements(), territory: historyTerritory())
    }

    private func communeMovements() throws -> [CommuneMovement] {
        let rows = try Row.fetchCursor(
            self,
            sql: """
                SELECT event, day, kind_before, code_before, name_before, kind_after, code_after, name_after
                FROM code_movements ORDER BY id
                """)
        var movements: [CommuneMovement] = []
        while let row = try rows.next() {
            guard let event = CommuneMovement.Event(rawValue: row[0]), let day = CalendarDay(row[1] as String),
                  let before = CommuneNode(row[2], row[3]), let after = CommuneNode(row[5], row[6])
            else { continue }
            movements.append(CommuneMovement(
                event: event, day: day, before: before, nameBefore: row[4], after: after, nameAfter: row[7]))
        }
        return movements
    }

    private func historyTerritory() throws -> CommuneHistory.Territory {
        var territory = CommuneHistory.Territory()
        for row in try Row.fetchAll(
            self,
            sql: "SELECT department, MAX(vintage) FROM communes WHERE kind = 'COM' GROUP BY department ORDER BY department")
        {
            territory.vintages[row[0]] = row[1]
        }
        for code in try String.fetchAll(self, sql: "SELECT code FROM current_communes ORDER BY code") {
            if let code = CommuneCode(code) { territory.communes.insert(code) }
        }
        let parts = try Row.fetchCursor(
            self,
            sql: """
                SELECT kind, code, vintage, parent_code FROM communes WHERE kind <> 'COM' AND parent_code IS NOT NULL
                ORDER BY vintage, code, kind
                """)
        while let row = try parts.next() {
            guard let kind = CommuneKind(rawValue: row[0]), let code = CommuneCode(row[1] as String),
                  let parent = CommuneCode(row[3] as String)
            else { continue }
            if row[2] >= territory.vintages[parent.department] ?? 0 {
                territory.parts[code] = (kind, parent)
            } else {
                territory.olderParts[code] = parent
            }
        }
        return territory
    }
}

extension CommuneNode {
    fileprivate init?(_ kind: String, _ code: String) {
        guard let kind = CommuneKind(rawValue: kind), let code = CommuneCode(code) else { return nil }
        self.init(kind, code)
    }
}
