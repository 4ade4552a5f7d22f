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
        #expect(row("two\nlines", "two\r\nmore", "x\r") == "\"two\nlines\",\"two\r\nmore\",\"x\r\"\n")
    }

    @Test func `what a spreadsheet would run is text, unless the file is for none`() {
        #expect(row("=cmd|calc", "+33639980001", "-0.5", "@a", "\t=1") == "'=cmd|calc,'+33639980001,-0.5,'@a,'\t=1\n")
        #expect(row("=1,2") == "\"'=1,2\"\n")
        var writer = CSVWriter(isForSpreadsheets: false)
        writer.row(["=cmd|calc", "+33639980001"])
        #expect(writer.text == "=cmd|calc,+33639980001\n")
    }

    @Test func `a long file is drained as it is written`() {
        var writer = CSVWriter()
        writer.row(["a"])
        #expect(writer.drain() == "a\n")
        writer.row(["b"])
        #expect(writer.drain() == "b\n")
        #expect(writer.text.isEmpty)
    }

    @Test func `rows follow each other`() {
        var writer = CSVWriter()
        writer.row(["a"])
        writer.row(["b", "c"])
        #expect(writer.text == "a\nb,c\n")
    }
}
