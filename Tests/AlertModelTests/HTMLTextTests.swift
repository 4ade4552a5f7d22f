import AlertModel
import Foundation
import FoundationXML
import Testing

@Suite struct HTMLTextTests {
    @Test func `text stands in a page and in an attribute of either quotes`() {
        #expect(HTMLText.escaped("<b>&\"'é🌊\n\t") == "&lt;b&gt;&amp;&quot;&#39;é🌊\n\t")
        #expect(HTMLText.escaped("\0a\u{1B}b\u{7F}c\u{80}d\u{9F}e\u{A0}Â") == "\u{FFFD}a\u{FFFD}b\u{FFFD}c\u{FFFD}d\u{FFFD}e\u{A0}Â")
    }

    @Test func `an XML reader gets back what was written`() throws {
        for value in (0x20...0x2FF).compactMap(Unicode.Scalar.init) where value.properties.generalCategory != .control {
            let text = "a\(value)b"
            let reader = XMLParser(data: Data("<p t=\"\(HTMLText.escaped(text))\"/>".utf8))
            let found = Found()
            reader.delegate = found
            #expect(reader.parse() && found.text == text, "U+\(String(value.value, radix: 16))")
        }
    }

    private final class Found: NSObject, XMLParserDelegate {
        var text: String?

        func parser(
            _ parser: XMLParser, didStartElement elementName: String, namespaceURI: String?, qualifiedName qName: String?,
            attributes attributeDict: [String: String]
        ) { text = attributeDict["t"] }
    }
}
