package dev.snoozy.curate.read;

import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Comma-separated values as RFC 4180 has them; the first record names the fields. */
final class CsvRows {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int FIELDS = 10_000;

    private final Reader in;
    private final char separator;
    private long line = 1;
    private long start = 1;
    private boolean ended;

    private CsvRows(Reader in, char separator) {
        this.in = in;
        this.separator = separator;
    }

    static void read(InputStream in, String file, char separator, RowSink sink)
            throws IOException, InterruptedException {
        Reader text = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        CsvRows rows = new CsvRows(text, separator);
        List<String> names = rows.next();
        if (!names.isEmpty() && names.getFirst().startsWith("\uFEFF")) {
            names.set(0, names.getFirst().substring(1));
        }
        while (!rows.ended) {
            List<String> values = rows.next();
            if (values.size() == 1 && values.getFirst().isEmpty()) {
                continue; // an empty line
            }
            if (values.size() != names.size()) {
                String fault = values.size() + " fields, expected " + names.size();
                sink.accept(RawRow.broken(file, rows.start, String.join("|", values), fault));
                continue;
            }
            ObjectNode row = JSON.createObjectNode();
            for (int i = 0; i < names.size(); i++) {
                row.put(names.get(i).strip(), values.get(i));
            }
            sink.accept(RawRow.node(file, rows.start, row));
        }
    }

    /** The fields of the next record; the text may go on over lines within quotation marks. */
    private List<String> next() throws IOException {
        start = line;
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        int c = in.read();
        while (true) {
            if (c < 0) {
                ended = true;
                break;
            }
            if (c == '\n') {
                line++;
            }
            if (quoted) {
                if (c != '"') {
                    field.append((char) c);
                    requireBounded(fields, field);
                    c = in.read();
                    continue;
                }
                c = in.read();
                if (c == '"') {
                    field.append('"');
                    c = in.read();
                } else {
                    quoted = false;
                }
                continue;
            }
            if (c == '\n') {
                break;
            }
            if (c == separator) {
                fields.add(field.toString());
                field.setLength(0);
            } else if (c == '"' && field.isEmpty()) {
                quoted = true;
            } else if (c != '\r') {
                field.append((char) c);
            }
            requireBounded(fields, field);
            c = in.read();
        }
        fields.add(field.toString());
        return fields;
    }

    private void requireBounded(List<String> fields, StringBuilder field) throws IOException {
        if (field.length() > Lines.LONGEST || fields.size() > FIELDS) {
            throw new IOException(
                    "a record from line " + start + " on without end; is a quotation mark open?");
        }
    }
}
