/// A report for people to read: what HTML and PDF are both made of.
package struct ReportPage: Sendable {
    package enum Block: Sendable {
        case heading(String)
        case paragraph(String)
        /// Small print.
        case note(String)
        /// A few figures that matter, each with its name.
        case facts([(name: String, value: String)])
        case table(Table)
        case map(ReportMap)
    }

    package struct Table: Sendable {
        package struct Column: Sendable {
            let title: String
            /// Figures stand to the right.
            let isNumber: Bool
            /// Share of the page's width, relative to the other columns.
            let weight: Double

            init(_ title: String, isNumber: Bool = true, weight: Double = 1) {
                self.title = title
                self.isNumber = isNumber
                self.weight = weight
            }
        }

        let caption: String
        let columns: [Column]
        let rows: [[String]]
    }

    package let title: String
    package let subtitle: String
    package let footer: String
    package let blocks: [Block]

    package init(title: String, subtitle: String, footer: String, blocks: [Block]) {
        self.title = title
        self.subtitle = subtitle
        self.footer = footer
        self.blocks = blocks
    }
}
