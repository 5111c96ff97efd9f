package dev.snoozy.documents.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.snoozy.documents.extract.ExtractionException.Reason;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Files read by a worker process: what is found, what is refused, and what does no harm. */
class ExtractorTest {
    private static Extractor extractor;

    @TempDir private Path folder;

    @BeforeAll
    static void start() {
        extractor = new Extractor(ExtractionLimits.defaults(), 1);
    }

    @AfterAll
    static void end() {
        extractor.close();
    }

    private Path file(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    private Path file(String name, String text) throws IOException {
        return file(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private ExtractionException refused(Path file) {
        ExtractionException e =
                catchThrowableOfType(ExtractionException.class, () -> extractor.extract(file));
        assertThat(e).isNotNull();
        return e;
    }

    @Test
    void htmlHasHeadingsRowsAndNoScripts() throws Exception {
        ExtractedDocument document =
                extractor.extract(
                        file(
                                "a.html",
                                "<html><head><title>T</title><style>p{}</style></head><body>"
                                        + "<h1>One</h1><p>Hello <b>there</b></p><script>evil()</script>"
                                        + "<h2>Two</h2><table><tr><td>a</td><td>b</td></tr></table>"
                                        + "</body></html>"));
        assertThat(document.title()).isEqualTo("T");
        assertThat(document.text()).doesNotContain("evil").doesNotContain("p{}");
        assertThat(document.blocks())
                .extracting(Block::text)
                .containsExactly("One", "Hello there", "Two", "a | b");
        assertThat(document.blocks().getLast().headings()).containsExactly("One", "Two");
    }

    @ParameterizedTest
    @CsvSource({"UTF-8", "UTF-16LE", "UTF-16BE", "windows-1252"})
    void textsOfEncodings(String encoding) throws Exception {
        String text = "Größe und Übermaß sind müßig zu erwähnen. ".repeat(20);
        Path file = file("a.txt", text.getBytes(Charset.forName(encoding)));
        assertThat(extractor.extract(file).text()).isEqualTo(text.strip());
    }

    @ParameterizedTest
    @CsvSource({
        "windows-1251, Съешь же ещё этих мягких французских булок да выпей чаю",
        "KOI8-R, Съешь же ещё этих мягких французских булок да выпей чаю",
        "UTF-16LE, Съешь же ещё этих мягких французских булок да выпей чаю",
        "ISO-8859-2, Zażółć gęślą jaźń i pchnąć w tę łódź jeża",
        "windows-1254, Pijamalı hasta yağız şoföre çabucak güvendi",
        "windows-1256, نص حكيم له سر قاطع وذو شأن عظيم مكتوب على ثوب أخضر",
        "IBM850, Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich",
        "Shift_JIS, いろはにほへとちりぬるを。我が輩は猫である。名前はまだ無い。",
        "ISO-2022-JP, いろはにほへとちりぬるを。我が輩は猫である。名前はまだ無い。"
    })
    void textsOfScripts(String encoding, String text) throws Exception {
        Path file = file("a.txt", text.getBytes(Charset.forName(encoding)));
        assertThat(extractor.extract(file).text()).isEqualTo(text);
    }

    @Test
    void whatAPageSaysOfItsEncodingCounts() throws Exception {
        String page = "<html><head><meta charset=\"windows-1250\"></head><body><p>jeża</p></body>";
        Path file = file("a.html", page.getBytes(Charset.forName("windows-1250")));
        assertThat(extractor.extract(file).text()).isEqualTo("jeża");
    }

    @Test
    void aBookWhosePartsDoNotFitIsReadPageByPage() throws Exception {
        Path book = folder.resolve("a.epub");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(book))) {
            for (String name : List.of("b.html", "a.xhtml")) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(("<p>page " + name + "<br>").getBytes(StandardCharsets.UTF_8));
            }
        }
        assertThat(extractor.extract(book).text()).contains("page a.xhtml\npage b.html");
    }

    @Test
    void mailHasItsTextAndSubject() throws Exception {
        Path file =
                file(
                        "a.eml",
                        "From: a@example.org\r\nTo: b@example.org\r\nSubject: The contract\r\n"
                                + "Content-Type: text/plain; charset=utf-8\r\n\r\nIt ends in May.\r\n");
        ExtractedDocument document = extractor.extract(file);
        assertThat(document.title()).isEqualTo("The contract");
        assertThat(document.text()).contains("It ends in May.");
    }

    @Test
    void filesThatAreNotWhatTheirNamesSayAreRefused() throws Exception {
        assertThat(refused(file("a.pdf", "<html>hello</html>")).reason()).isEqualTo(Reason.BROKEN);
        assertThat(refused(file("a.docx", "hello")).reason()).isEqualTo(Reason.BROKEN);
        assertThat(refused(file("a.odt", new byte[0])).reason()).isEqualTo(Reason.BROKEN);
        assertThat(refused(file("a.txt", new byte[100])).reason()).isEqualTo(Reason.UNSUPPORTED);
        assertThat(refused(folder.resolve("none")).reason()).isEqualTo(Reason.SYSTEM);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\\ansi\\deff0{\\fonttbl{\\f0 Arial;}}\\pard The falcon\\par is fast.}",
                "{\\fonttbl{\\f0 Arial;}}\\pard\\f0\\fs24 The falcon\\par is fast.\\par",
                "\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}\\pard The falcon\\par is fast.}",
                "rtf1\\ansi\\deff0 The falcon\\par is fast.}",
                "\n \\pard The falcon\\par is fast.\\par"
            })
    void rtfThatLostItsHeaderIsRead(String rtf) throws Exception {
        ExtractedDocument document = extractor.extract(file("a.rtf", rtf));
        assertThat(document.text()).isEqualTo("The falcon\nis fast.");
        assertThat(document.notes()).containsExactly("its header {\\rtf1 is missing");
    }

    @Test
    void rtfWithSomethingBeforeItsHeaderIsRead() throws Exception {
        String rtf = "{\\rtf1\\ansi The falcon\\par is fast.}";
        ExtractedDocument blank = extractor.extract(file("a.rtf", "\ufeff\r\n" + rtf));
        assertThat(blank.text()).isEqualTo("The falcon\nis fast.");
        assertThat(blank.notes()).isEmpty();
        ExtractedDocument more = extractor.extract(file("b.rtf", "From: me\r\n\r\n" + rtf));
        assertThat(more.text()).isEqualTo("The falcon\nis fast.");
        assertThat(more.notes()).containsExactly("12 bytes before its header {\\rtf were left out");
    }

    @Test
    void whatHasNothingOfRtfIsRefusedWithWhatIsMissing() throws Exception {
        ExtractionException e = refused(file("a.rtf", "The falcon is fast."));
        assertThat(e.reason()).isEqualTo(Reason.BROKEN);
        assertThat(e).hasMessageContaining("no header {\\rtf1").hasMessageContaining("cure:");
        assertThat(refused(file("b.rtf", "\\par " + "x".repeat(2000))).reason())
                .isEqualTo(Reason.BROKEN);
    }

    @Test
    void noEntityIsReadFromAnywhere() throws Exception {
        Path secret = file("secret.txt", "the secret word");
        Path xml =
                file(
                        "a.xml",
                        "<!DOCTYPE r [<!ENTITY x SYSTEM \""
                                + secret.toUri()
                                + "\">]><r>before &x; after</r>");
        String text;
        try {
            text = extractor.extract(xml).text();
        } catch (ExtractionException e) {
            text = "";
        }
        assertThat(text).doesNotContain("secret word");
    }

    @Test
    void nothingIsAskedOfTheNetwork() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            String url = "http://127.0.0.1:" + server.getLocalPort() + "/x";
            List<Path> files =
                    List.of(
                            file(
                                    "a.html",
                                    "<html><head><link rel=stylesheet href='"
                                            + url
                                            + "'></head><body><img src='"
                                            + url
                                            + "'><iframe src='"
                                            + url
                                            + "'></iframe>text</body></html>"),
                            file("b.xml", "<!DOCTYPE r SYSTEM \"" + url + "\"><r>text</r>"),
                            file(
                                    "c.fb2",
                                    "<?xml version='1.0'?><!DOCTYPE r SYSTEM '"
                                            + url
                                            + "'><FictionBook xmlns='http://www.gribuser.ru/xml/fictionbook/2.0'>"
                                            + "<body><p>text</p></body></FictionBook>"));
            for (Path file : files) {
                try {
                    extractor.extract(file);
                } catch (ExtractionException e) {
                    assertThat(e.reason()).isEqualTo(Reason.BROKEN);
                }
            }
            server.setSoTimeout(1);
            assertThat(catchThrowableOfType(SocketTimeoutException.class, server::accept))
                    .isNotNull();
        }
    }

    @Test
    void aBombOfZerosEndsWithinItsLimits() throws Exception {
        Path bomb = folder.resolve("bomb.docx");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(bomb))) {
            zip.putNextEntry(new ZipEntry("[Content_Types].xml"));
            byte[] part = "<a>".repeat(1 << 14).getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 2000; i++) {
                zip.write(part);
            }
        }
        assertThat(refused(bomb).reason()).isIn(Reason.BROKEN, Reason.LIMIT);
        assertThat(extractor.extract(file("after.txt", "still here")).text())
                .isEqualTo("still here");
    }

    @Test
    void aWorkerThatIsLateIsReplaced() throws Exception {
        ExtractionLimits soon = ExtractionLimits.defaults().withTime(Duration.ofMillis(1));
        try (Extractor impatient = new Extractor(soon, 1)) {
            Path large = file("large.html", "<html><body>" + "<p>word</p>".repeat(300_000));
            for (int i = 0; i < 2; i++) {
                ExtractionException e =
                        catchThrowableOfType(
                                ExtractionException.class, () -> impatient.extract(large));
                assertThat(e.reason()).isEqualTo(Reason.LIMIT);
                assertThat(e).hasMessageContaining("takes more than");
            }
        }
    }

    @Test
    void textIsCutAtTheLimitWithANote() throws Exception {
        ExtractionLimits little = ExtractionLimits.defaults().withCharacters(100);
        try (Extractor small = new Extractor(little, 1)) {
            ExtractedDocument text = small.extract(file("a.txt", "word ".repeat(1000)));
            assertThat(text.text()).hasSizeLessThanOrEqualTo(100);
            assertThat(text.notes()).containsExactly("only the first 100 characters were read");
            ExtractedDocument html =
                    small.extract(file("a.html", "<html><body>" + "<p>word</p>".repeat(1000)));
            assertThat(html.blocks().stream().mapToInt(b -> b.text().length()).sum())
                    .isLessThanOrEqualTo(100);
            assertThat(html.notes()).containsExactly("only the first 100 characters were read");
        }
    }
}
