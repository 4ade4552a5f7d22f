import Testing

@testable import Reports

@Suite struct CSVWriterTests {
    private func row(_ fields: String...) -> String {
        var writer = CSVWriter()
        writer.row(fields)
        return writer.text
    }

    @Test func `fields are quoted only where RFC 4180 needs it`() {
        #expect(row("a", "", "é b", "1;2") == "a,,é b,1;2\n")
        #expect(row("a,b", "c") == "\"a,b\",c\n")
        #expect(row("say \"hello\"") == "\"say \"\"hello\"\"\"\n")
        #expect(row("\"") == "\"\"\"\"\n")
        #expect(row("two\nlines", "two\r\nmore", "\r") == "\"two\nlines\",\"two\r\nmore\",\"\r\"\n")
    }

    @Test func `rows follow each other`() {
        var writer = CSVWriter()
        writer.row(["a"])
        writer.row(["b", "c"])
        #expect(writer.text == "a\nb,c\n")
    }
}
