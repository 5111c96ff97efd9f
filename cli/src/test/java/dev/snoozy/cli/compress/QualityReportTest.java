package dev.snoozy.cli.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.snoozy.cli.Cli;
import dev.snoozy.cli.Json;
import dev.snoozy.compress.perplexity.Estimate;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

import tools.jackson.databind.JsonNode;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;

class QualityReportTest {
    @TempDir private Path folder;

    private Path report() {
        return folder.resolve("a").resolve("report");
    }

    @Test
    void threeFilesTellWhatEachTypeCostsAndNothingElseIsLeft() throws Exception {
        Cli run =
                Cli.run(
                        "quantize",
                        "--report",
                        "tinystories",
                        report().toString(),
                        "Q8_0",
                        "q4_0",
                        "--no-speed",
                        "--json");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(names()).containsExactly("report.json", "report.md", "report.svg");
        String written = Files.readString(report().resolve("report.json"));
        assertThat(run.out().strip()).isEqualTo(written.strip());
        JsonNode json = Json.mapper().readTree(written);
        assertThat(json.get("text").get("built_in").asBoolean()).isTrue();
        assertThat(json.get("text").get("scored").asInt()).isGreaterThan(300);
        JsonNode rows = json.get("rows");
        assertThat(rows).hasSize(3);
        JsonNode source = rows.get(0);
        assertThat(source.get("type").asString()).isEqualTo("F32");
        assertThat(source.get("source").asBoolean()).isTrue();
        assertThat(source.has("kl_divergence")).isFalse();
        JsonNode q8 = rows.get(1);
        JsonNode q4 = rows.get(2);
        assertThat(q8.get("type").asString()).isEqualTo("Q8_0");
        assertThat(q4.get("type").asString()).isEqualTo("Q4_0");
        assertThat(q4.get("bytes").asLong()).isLessThan(q8.get("bytes").asLong());
        assertThat(q4.get("bits_per_weight").asDouble()).isBetween(5.0, 9.0);
        assertThat(value(q8, "kl_divergence")).isBetween(1e-4, value(q4, "kl_divergence"));
        assertThat(q8.get("kl_divergence").get("error").asDouble()).isPositive();
        assertThat(value(q8, "same_top")).isBetween(0.9, 1.0);
        assertThat(value(q8, "perplexity"))
                .isCloseTo(value(source, "perplexity"), within(0.02 * value(source, "perplexity")));
        // Keys and values of 28672 tokens more, 5 layers of 4 heads of 8 in F16. Kernels may fill
        // values up to 16, pools have some pages more, and attention has more to add up.
        long cache = 28_672L * 5 * 2 * 32 * 2;
        assertThat(q4.get("memory_32k").asLong() - q4.get("memory_4k").asLong())
                .isBetween(cache, 5 * cache / 2);
        assertThat(q4.has("pp512")).isFalse();
        String page = Files.readString(report().resolve("report.md"));
        List<String> table = page.lines().filter(line -> line.startsWith("|")).toList();
        assertThat(table).hasSize(5).allMatch(line -> columns(line) == 10);
        assertThat(table.get(2)).startsWith("| F32 (source) |");
        assertThat(page).contains("comes with Snoozy").contains("](report.svg)");
    }

    @Test
    void speedIsMeasuredAndModelsAreKeptIfWanted() throws IOException {
        Path text = folder.resolve("cats.txt");
        Files.writeString(text, "Once there was a cat who liked to sing all day. ".repeat(150));
        String[] words = {
            "quantize",
            "--report",
            "tinystories",
            report().toString(),
            "Q8_0",
            "--keep",
            "--text",
            text.toString()
        };
        Cli run = Cli.run(words);
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("tokens of cats.txt, in chunks of 512").contains("Q8_0");
        assertThat(names()).hasSize(4).contains("stories260K-f32-Q8_0.gguf");
        JsonNode json = Json.mapper().readTree(report().resolve("report.json"));
        for (JsonNode row : json.get("rows")) {
            assertThat(row.get("pp512").asDouble()).isPositive();
            assertThat(row.get("tg128").asDouble()).isPositive();
        }
    }

    @Test
    void senselessOrdersAreRefusedBeforeAnyWork() throws IOException {
        String out = report().toString();
        wrong("near names", "quantize", "--report", "tinystories", out, "Q8_0", "Q4_9");
        wrong("expected IN DIR", "quantize", "--report", "tinystories");
        wrong("goes with none", "quantize", "--report", "tinystories", out, "--dry-run");
        wrong("go with --report", "quantize", "tinystories", out, "Q4_0", "--keep");
        wrong("no such file", "quantize", "--report", "tinystories", out, "--text", "none.txt");
        Path file = folder.resolve("text.txt");
        Files.writeString(file, "too short");
        String small = folder.resolve("small.gguf").toString();
        assertThat(Cli.run("quantize", "tinystories", small, "Q4_0").code()).isZero();
        Cli again = Cli.run("quantize", "--report", small, out);
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.err()).contains("--allow-requantize");
        assertThat(report()).doesNotExist();
        String text = file.toString();
        wrong("expected a folder", "quantize", "--report", "tinystories", text);
        wrong("--text: the text has", "quantize", "--report", "tinystories", out, "--text", text);
        assertThat(names()).isEmpty();
    }

    @Test
    void thePictureIsWellFormedAndItsLabelsDoNotCoverEachOther() throws Exception {
        List<QualityReport.Row> rows = new ArrayList<>();
        rows.add(row("F16", true, 2_000_000_000L, null));
        String[] types = {"Q8_0", "Q6_K", "Q5_K_M", "Q4_K_M", "IQ4_XS", "Q4_0", "Q3_K_M", "Q2_K"};
        for (int i = 0; i < types.length; i++) {
            double divergence = 1e-3 * Math.pow(2, i);
            long bytes = 1_000_000_000L - 9_000_000L * i; // close together
            rows.add(row(types[i], false, bytes, new Estimate(divergence, divergence / 9)));
        }
        rows.add(row("<&\u0001\">", false, 700_000_000L, new Estimate(0, 0)));
        String svg = QualityPlot.of(report(rows));
        Document document = parsed(svg);
        NodeList texts = document.getElementsByTagName("text");
        List<Element> labels = new ArrayList<>();
        for (int i = 0; i < texts.getLength(); i++) {
            Element text = (Element) texts.item(i);
            if (List.of(types).contains(text.getTextContent())) {
                labels.add(text);
            }
        }
        assertThat(labels).hasSize(types.length);
        for (Element a : labels) {
            for (Element b : labels) {
                boolean sameLine = Math.abs(at(a, "y") - at(b, "y")) < 13;
                boolean near = Math.abs(at(a, "x") - at(b, "x")) < 25;
                assertThat(!a.equals(b) && sameLine && near).isFalse();
            }
            assertThat(at(a, "x")).isBetween(88.0, 700.0);
            assertThat(at(a, "y")).isBetween(30.0, 400.0);
        }
        assertThat(document.getElementsByTagName("circle").getLength()).isEqualTo(9);
        assertThat(svg).contains("MB").contains("nats").doesNotContain("NaN", "Infinity");
    }

    @Test
    void aPictureOfOneTypeOrOfNoneIsDrawnToo() throws Exception {
        QualityReport.Row source = row("F16", true, 2_000_000L, null);
        parsed(QualityPlot.of(report(List.of(source))));
        QualityReport.Row one = row("Q4_0", false, 500_000L, new Estimate(0.02, 0.001));
        String svg = QualityPlot.of(report(List.of(source, one)));
        parsed(svg);
        assertThat(svg).doesNotContain("NaN", "Infinity");
    }

    private static QualityReport report(List<QualityReport.Row> rows) {
        QualityReport.Text text = new QualityReport.Text("t", false, 512, 1000);
        return new QualityReport("a <model> & more", text, "kernels", 2, 2, null, rows);
    }

    private static QualityReport.Row row(
            String type, boolean source, long bytes, @Nullable Estimate divergence) {
        Estimate one = new Estimate(1, 0);
        return new QualityReport.Row(
                type, source, bytes, 4, 1, 2, null, null, one, divergence, null, null);
    }

    private static Document parsed(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }

    private static double at(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute));
    }

    private static double value(JsonNode row, String name) {
        return row.get(name).get("value").asDouble();
    }

    private static long columns(String line) {
        return line.chars().filter(c -> c == '|').count() - 1;
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(report())) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static void wrong(String message, String... words) {
        Cli run = Cli.run(words);
        assertThat(run.err()).contains(message);
        assertThat(run.code()).isEqualTo(2);
    }
}
