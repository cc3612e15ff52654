package io.semel.verify.report;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import javax.xml.parsers.DocumentBuilderFactory;

import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

import io.semel.verify.programs.Json;
import io.semel.verify.report.Lane.Mark;
import io.semel.verify.report.Lane.Span;
import io.semel.verify.report.Report.Fact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ReportTest {
    private static final String NASTY = "<script>alert(\"a & 'b'\")</script> ]]> \u0000\u001b \ud800 \ud83d\ude00";
    private static final String READABLE = "<script>alert(\"a & 'b'\")</script> ]]> \ufffd\ufffd \ufffd \ud83d\ude00";

    private static Report report(List<Lane> lanes, List<Fault> faults, String text) {
        return new Report("zombie", "no harm was done.", text, List.of(new Fact("records " + text, 12_345)), lanes, List
                .of(1_500L), faults, faults.isEmpty() ? 0 : 7, "./semel verify zombie --seed 7");
    }

    private static Lane lane(String program) {
        return new Lane(program, List.of(new Span(Span.Kind.ALIVE, 1_000, 3_000), new Span(Span.Kind.COMMITTED, 1_100,
                1_200), new Span(Span.Kind.ABORTED, 2_000, 2_100)), List.of(new Mark(Mark.Kind.ANOMALY, 2_050,
                        program)));
    }

    private static Fault fault(String text) {
        return new Fault(text, "in-0", text, List.of(new Fault.Proof("zombie.jsonl:7", text, text)));
    }

    private static Document parsed(Report report) throws Exception {
        byte[] page = HtmlReport.of(report).getBytes(StandardCharsets.UTF_8);
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(page));
    }

    private static List<Element> elements(Document page, String name) {
        NodeList nodes = page.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int index = 0; index < nodes.getLength(); index++) {
            elements.add((Element) nodes.item(index));
        }
        return elements;
    }

    private static List<Element> shapes(Document page, String name, String styled) {
        return elements(page, name).stream().filter(element -> element.getAttribute("class").equals(styled)
                && !element.getAttribute("height").equals("10")).toList();
    }

    @Test
    void thePageIsWellFormedXmlWhateverStandsInTheTexts() throws Exception {
        Document page = parsed(report(List.of(lane(NASTY)), List.of(fault(NASTY)), NASTY));
        assertTrue(elements(page, "script").isEmpty());
        assertEquals(READABLE, elements(page, "p").get(0).getTextContent());
        assertEquals(READABLE + " in in-0", elements(page, "h3").get(0).getTextContent());
        assertTrue(elements(page, "li").get(0).getTextContent().endsWith(READABLE));
    }

    @Test
    void thePageNeedsNothingBesideIt() {
        String page = HtmlReport.of(report(List.of(lane("copier-0")), List.of(), "exactly-once"));
        assertFalse(page.replace("xmlns=\"http://www.w3.org/2000/svg\"", "").matches(
                "(?s).*(http|src=|href=|url\\(|@import).*"), page);
        assertTrue(page.contains("prefers-color-scheme: dark"), page);
    }

    @Test
    void thePictureHasALaneForEachProgramAndALineForEachKill() throws Exception {
        Document page = parsed(report(List.of(lane("copier-0"), lane("copier-1")), List.of(), "exactly-once"));
        assertEquals(List.of("copier-0", "copier-1"), shapes(page, "text", "program").stream().map(
                Element::getTextContent).toList());
        assertEquals(2, shapes(page, "rect", "committed").size());
        assertEquals(2, shapes(page, "rect", "aborted").size());
        assertEquals(2, shapes(page, "path", "anomaly").size());
        assertEquals(1, shapes(page, "line", "kill").stream().filter(line -> !line.getAttribute("y2").equals("10"))
                .count());
    }

    @Test
    void aMillionTransactionsAreNoMoreShapesThanThePictureHasColumns() throws Exception {
        List<Span> spans = new ArrayList<>();
        for (long number = 0; number < 1_000_000; number++) {
            spans.add(new Span(Span.Kind.COMMITTED, number * 10, number * 10 + 1));
        }
        Document page = parsed(report(List.of(new Lane("copier-0", spans, List.of())), List.of(), "exactly-once"));
        assertTrue(shapes(page, "rect", "committed").size() <= 1_200);
    }

    @Test
    void aCleanReportSaysWhatHeldInEveryForm() throws Exception {
        Report clean = report(List.of(lane("copier-0")), List.of(), "exactly-once");
        StringWriter text = new StringWriter();
        TextReport.print(new PrintWriter(text), clean);
        assertTrue(text.toString().contains("Everything held: no harm was done."), text::toString);
        assertTrue(HtmlReport.of(clean).contains("Everything held: no harm was done."));
        assertEquals(Boolean.TRUE, Json.objectOf(JsonReport.of(clean)).get("clean"));
    }

    @Test
    void faultsStandInEveryFormWithTheirEvidenceAndTheCommandThatRepeatsThem() throws Exception {
        Report broken = report(List.of(lane("copier-0")), List.of(fault("lost write")), "exactly-once");
        StringWriter text = new StringWriter();
        TextReport.print(new PrintWriter(text), broken);
        for (String form : List.of(text.toString(), HtmlReport.of(broken), JsonReport.of(broken))) {
            assertTrue(form.contains("lost write"), form);
            assertTrue(form.contains("zombie.jsonl:7"), form);
            assertTrue(form.contains("./semel verify zombie --seed 7"), form);
        }
        Map<String, Object> json = Json.objectOf(JsonReport.of(broken));
        assertEquals(Boolean.FALSE, json.get("clean"));
        assertEquals(7L, json.get("moreFaults"));
        assertEquals(List.of(1_500L), json.get("kills"));
    }
}
