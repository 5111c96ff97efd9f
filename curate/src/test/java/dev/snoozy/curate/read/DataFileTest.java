package dev.snoozy.curate.read;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

class DataFileTest {
    private static final String ROWS = "{\"prompt\": \"a\"}\n\n{\"prompt\": \"b\"}\r\n";

    @TempDir Path folder = Path.of("");

    private List<RawRow> read(String name, byte[] content) throws Exception {
        return read(Files.write(folder.resolve(name), content));
    }

    private static List<RawRow> read(Path file) throws Exception {
        List<RawRow> rows = new ArrayList<>();
        DataFile.read(file, String.valueOf(file.getFileName()), rows::add, n -> {});
        return rows;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        }
        return bytes.toByteArray();
    }

    private static byte[] zip(Object... namesAndContents) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (int i = 0; i < namesAndContents.length; i += 2) {
                out.putNextEntry(new ZipEntry((String) namesAndContents[i]));
                out.write((byte[]) namesAndContents[i + 1]);
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] tar(String name, byte[] content) {
        byte[] tar = new byte[512 + (content.length + 511) / 512 * 512 + 1024];
        System.arraycopy(utf8(name), 0, tar, 0, name.length());
        System.arraycopy(utf8("%011o".formatted(content.length)), 0, tar, 124, 11);
        tar[156] = '0';
        System.arraycopy(utf8("ustar"), 0, tar, 257, 5);
        System.arraycopy(content, 0, tar, 512, content.length);
        return tar;
    }

    private static List<String> faults(List<RawRow> rows) {
        return rows.stream().map(RawRow::fault).filter(f -> f != null).toList();
    }

    @Test
    void linesAreCountedAndEmptyOnesPassedOver() throws Exception {
        List<RawRow> rows = read("a.jsonl", utf8("\uFEFF" + ROWS));
        assertThat(rows).extracting(RawRow::line).containsExactly(1L, 3L);
        assertThat(rows)
                .extracting(r -> r.text().strip())
                .containsExactly("{\"prompt\": \"a\"}", "{\"prompt\": \"b\"}");
    }

    @Test
    void aLineThatIsNoUtf8IsAFault() throws Exception {
        List<RawRow> rows = read("a.jsonl", new byte[] {'{', (byte) 0xFF, '}', '\n', '{', '}'});
        assertThat(faults(rows)).singleElement().asString().contains("not UTF-8");
        assertThat(rows).hasSize(2);
    }

    @Test
    void aLineWithoutEndIsAFaultAndTheNextIsRead() throws Exception {
        byte[] content = new byte[Lines.LONGEST + 100];
        Arrays.fill(content, (byte) 'x');
        content[0] = '"';
        content[Lines.LONGEST + 50] = '\n';
        List<RawRow> rows = read("a.jsonl", content);
        assertThat(rows).hasSize(2);
        assertThat(rows.getFirst().fault())
                .contains("a line of " + (Lines.LONGEST + 50) + " bytes");
        assertThat(rows.getFirst().text()).hasSizeLessThan(5000);
    }

    @Test
    void listsAndObjectsWithAList() throws Exception {
        assertThat(read("a.json", utf8("[\n {\"a\": 1},\n {\"a\": 2}]"))).hasSize(2);
        assertThat(
                        read(
                                "b.json",
                                utf8(
                                        "{\n \"name\": \"x\",\n \"data\": [{\"a\": 1}, {\"a\": 2}, {\"a\": 3}]}")))
                .hasSize(3);
        List<RawRow> cut = read("c.json", utf8("[{\"a\": 1}, {\"a\": "));
        assertThat(cut).hasSize(2);
        assertThat(faults(cut)).singleElement().asString().contains("broken from here on");
        assertThat(faults(read("d.json", utf8("{\n\"x\": 1\n}"))))
                .singleElement()
                .asString()
                .contains("without a list");
    }

    @Test
    void separatedValues() throws Exception {
        List<RawRow> rows =
                read("a.csv", utf8("prompt,response\n\"a, \"\"b\"\"\nc\",d\r\n\nx\ny,z\n"));
        assertThat(rows).hasSize(3);
        assertThat(String.valueOf(rows.get(0).node()))
                .isEqualTo("{\"prompt\":\"a, \\\"b\\\"\\nc\",\"response\":\"d\"}");
        assertThat(rows.get(1).fault()).isEqualTo("1 fields, expected 2");
        assertThat(rows.get(2).line()).isEqualTo(6);
        assertThat(read("a.tsv", utf8("prompt\tresponse\na\tb\n"))).hasSize(1);
    }

    @Test
    void parquet() throws Exception {
        Path file = folder.resolve("odd [name]*.parquet");
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement()) {
            statement.execute(
                    "COPY (SELECT 'p' || i AS prompt, 'r' || i AS response FROM range(5000) t(i)"
                            + " ORDER BY i) TO '"
                            + file
                            + "' (FORMAT PARQUET)");
        } catch (SQLException e) {
            throw new IOException(e);
        }
        List<RawRow> rows = read(file);
        assertThat(rows).hasSize(5000);
        assertThat(rows.get(4321).text())
                .isEqualTo("{\"prompt\":\"p4321\",\"response\":\"r4321\"}");
        byte[] bytes = Files.readAllBytes(file);
        List<RawRow> broken = read("b.parquet", Arrays.copyOf(bytes, bytes.length / 2));
        assertThat(faults(broken)).singleElement().asString().contains("broken");
    }

    @Test
    void compressedAndPackedFiles() throws Exception {
        byte[] rows = utf8(ROWS);
        assertThat(read("a.jsonl.gz", gzip(rows))).hasSize(2);
        assertThat(read("a.zip", zip("x/a.jsonl", rows, "b.jsonl.gz", gzip(rows), "LICENSE", rows)))
                .hasSize(4);
        assertThat(read("a.tar", tar("a.jsonl", rows))).hasSize(2);
        assertThat(read("a.tar.gz", gzip(tar("a.jsonl", rows))))
                .extracting(RawRow::file)
                .containsOnly("a.tar!a.jsonl");
    }

    @Test
    void namesThatLeadOutOfAnArchiveAreRefused() throws Exception {
        byte[] rows = utf8(ROWS);
        List<RawRow> read =
                read(
                        "a.zip",
                        zip(
                                "../a.jsonl",
                                rows,
                                "ok.jsonl",
                                rows,
                                "/b.jsonl",
                                rows,
                                "c\\..\\..\\d.jsonl",
                                rows));
        assertThat(faults(read)).hasSize(3).allMatch(f -> f.contains("leads out of the archive"));
        assertThat(read).hasSize(5);
        assertThat(faults(read("a.tar", tar("x/../../a.jsonl", rows)))).hasSize(1);
        assertThat(faults(read("n.zip", zip("inner.zip", zip("a.jsonl", rows)))))
                .singleElement()
                .asString()
                .contains("unpack");
    }

    @Test
    void bombsAreRefused() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            byte[] line = new byte[1 << 20];
            Arrays.fill(line, (byte) '\n');
            for (int i = 0; i < 80; i++) {
                out.write(line);
            }
        }
        assertThat(faults(read("bomb.jsonl.gz", bytes.toByteArray())))
                .singleElement()
                .asString()
                .contains("200 times");
        assertThat(faults(read("bomb.zip", zip("bomb.jsonl.gz", bytes.toByteArray()))))
                .singleElement()
                .asString()
                .contains("200 times");
    }

    @Test
    void whatEndsTooEarlyKeepsItsBeginning() throws Exception {
        byte[] whole = gzip(utf8(ROWS.repeat(5000)));
        List<RawRow> rows = read("a.jsonl.gz", Arrays.copyOf(whole, whole.length - 20));
        assertThat(rows.size()).isGreaterThan(10);
        assertThat(faults(rows)).singleElement().asString().contains("broken from here on");
        byte[] tar = tar("a.jsonl", utf8(ROWS.repeat(100)));
        assertThat(faults(read("a.tar", Arrays.copyOf(tar, 1000)))).hasSize(1);
    }
}
