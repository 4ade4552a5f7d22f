/// What the territory holds, and of which years.
package struct TerritorySummary: Sendable, Equatable {
    /// Communes, or parts of one kind, of a vintage.
    package struct Kind: Sendable, Equatable {
        package let vintage: Int
        /// INSEE's TYPECOM.
        package let kind: String
        package let count: Int
        package let withBoundary: Int

        package init(vintage: Int, kind: String, count: Int, withBoundary: Int) {
            self.vintage = vintage
            self.kind = kind
            self.count = count
            self.withBoundary = withBoundary
        }
    }

    package struct Department: Sendable, Equatable {
        package let code: String
        package let name: String?
        /// Its newest vintage, which is the current one.
        package let vintage: Int
        package let communes: Int
        /// Communes of today on no boundary of any vintage.
        package let withoutGround: Int

        package init(code: String, name: String?, vintage: Int, communes: Int, withoutGround: Int) {
            self.code = code
            self.name = name
            self.vintage = vintage
            self.communes = communes
            self.withoutGround = withoutGround
        }
    }

    /// One of INSEE's tables.
    package struct Table: Sendable, Equatable {
        package let name: String
        package let vintage: Int
        package let rows: Int

        package init(name: String, vintage: Int, rows: Int) {
            self.name = name
            self.vintage = vintage
            self.rows = rows
        }
    }

    /// Newest vintage first.
    package let kinds: [Kind]
    package let departments: [Department]
    package let tables: [Table]
    /// Codes of older vintages that mean nothing today, as far as the movements tell.
    package let unexplainedCodes: Int
    /// Recipients whose register code means nothing today.
    package let recipientsWithoutMeaning: Int

    package init(
        kinds: [Kind], departments: [Department], tables: [Table], unexplainedCodes: Int, recipientsWithoutMeaning: Int
    ) {
        self.kinds = kinds
        self.departments = departments
        self.tables = tables
        self.unexplainedCodes = unexplainedCodes
        self.recipientsWithoutMeaning = recipientsWithoutMeaning
    }

    /// The vintage that most departments are of; of as many, the newer.
    package var currentVintage: Int? {
        Dictionary(grouping: departments, by: \.vintage).max { ($0.value.count, $0.key) < ($1.value.count, $1.key) }?.key
    }

    /// What somebody should look at; in words, without personal data.
    package var warnings: [String] {
        var warnings: [String] = []
        let vintages = Set(departments.map(\.vintage)).sorted()
        if vintages.count > 1 {
            warnings.append(
                "departments are of different vintages (\(vintages.map(String.init).joined(separator: ", "))): "
                    + "import the communes of the older ones anew")
        }
        let movements = tables.first { $0.name == "movements" }
        if let newest = vintages.last {
            if let movements, movements.vintage < newest {
                warnings.append(
                    "the movements end with vintage \(movements.vintage), the communes are of \(newest): codes that ended "
                        + "since are not understood; import the newer movements with `tocsin import cog`")
            } else if movements == nil {
                warnings.append(
                    "no movements are imported, so codes of other years are not understood: "
                        + "import INSEE's file with `tocsin import cog`")
            }
        }
        if unexplainedCodes > 0 {
            warnings.append("\(unexplainedCodes) codes of older vintages are no commune's today and no movement says why")
        }
        if recipientsWithoutMeaning > 0 {
            warnings.append(
                "\(recipientsWithoutMeaning) recipients have a commune code that means nothing today: "
                    + "only their point or their address can place them")
        }
        return warnings
    }
}
