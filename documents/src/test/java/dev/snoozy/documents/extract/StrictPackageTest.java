package dev.snoozy.documents.extract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Office files of the strict kind. */
class StrictPackageTest {
    private static final String STRICT = "http://purl.oclc.org/ooxml/";
    private static final String PACKAGE = "http://schemas.openxmlformats.org/package/2006/";
    private static final String TYPE =
            "application/vnd.openxmlformats-officedocument.spreadsheetml.";

    @TempDir private Path folder;

    @Test
    void aSheetOfTheStrictKindIsRead() throws Exception {
        Path file = folder.resolve("strict.xlsx");
        write(file);
        assertThat(StrictPackage.is(file)).isTrue();
        try (Extractor extractor = new Extractor(ExtractionLimits.defaults(), 1)) {
            ExtractedDocument document = extractor.extract(file);
            assertThat(document.text()).contains("the first cell");
            assertThat(document.blocks().getFirst().text()).isEqualTo("Sums");
        }
    }

    @Test
    void otherFilesAreNotOfThatKind() throws Exception {
        Path file = Files.writeString(folder.resolve("a.docx"), "no package");
        assertThat(StrictPackage.is(file)).isFalse();
    }

    private static void write(Path file) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            part(
                    zip,
                    "[Content_Types].xml",
                    "<Types xmlns='"
                            + PACKAGE
                            + "content-types'><Default Extension='rels' ContentType='application/"
                            + "vnd.openxmlformats-package.relationships+xml'/><Override"
                            + " PartName='/xl/workbook.xml' ContentType='"
                            + TYPE
                            + "sheet.main+xml'/><Override PartName='/xl/sheet.xml' ContentType='"
                            + TYPE
                            + "worksheet+xml'/></Types>");
            relation(zip, "_rels/.rels", "officeDocument", "xl/workbook.xml");
            relation(zip, "xl/_rels/workbook.xml.rels", "worksheet", "sheet.xml");
            part(
                    zip,
                    "xl/workbook.xml",
                    "<workbook xmlns='"
                            + STRICT
                            + "spreadsheetml/main' xmlns:r='"
                            + STRICT
                            + "officeDocument/relationships' conformance='strict'><sheets>"
                            + "<sheet name='Sums' sheetId='1' r:id='r1'/></sheets></workbook>");
            part(
                    zip,
                    "xl/sheet.xml",
                    "<worksheet xmlns='"
                            + STRICT
                            + "spreadsheetml/main'><sheetData><row r='1'><c r='A1' t='inlineStr'>"
                            + "<is><t>the first cell</t></is></c></row></sheetData></worksheet>");
        }
    }

    private static void relation(ZipOutputStream zip, String name, String kind, String target)
            throws IOException {
        part(
                zip,
                name,
                "<Relationships xmlns='"
                        + PACKAGE
                        + "relationships'><Relationship Id='r1' Type='"
                        + STRICT
                        + "officeDocument/relationships/"
                        + kind
                        + "' Target='"
                        + target
                        + "'/></Relationships>");
    }

    private static void part(ZipOutputStream zip, String name, String text) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
