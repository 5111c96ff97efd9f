package dev.snoozy.curate.map;

import dev.snoozy.curate.vectors.Vectors;
import dev.snoozy.format.Sha256;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Writes a map as one page that needs nothing else: no network, no other file. Its policy lets only
 * the one script and the one style sheet in it run, and nothing be fetched. Texts of rows lie in it
 * as JSON and are shown as text, never as markup. The same map gives the same bytes.
 */
public final class MapPage {
    private static final int CHUNK = 500;

    /** Characters of all texts together: what a browser still opens in a few seconds. */
    private static final long ALL_TEXTS = 80_000_000;

    private static final int LONGEST_TEXT = 4000;
    private static final int SHORTEST_TEXT = 100;

    private final MapRows rows;
    private final DataMap map;

    private MapPage(MapRows rows, DataMap map) {
        this.rows = rows;
        this.map = map;
    }

    /**
     * Writes the page. Long texts are cut, so that all of them together stay within 80 million
     * characters (but none below 100).
     *
     * @param title what stands above the map
     * @throws IOException if it cannot be written
     */
    public static void write(String title, MapRows rows, DataMap map, OutputStream out)
            throws IOException {
        new MapPage(rows, map).write(title, out);
    }

    private void write(String title, OutputStream out) throws IOException {
        String script = resource("map.js");
        String style = resource("map.css");
        // The script and the style are put in last: only they contain no place for another part.
        String page =
                resource("map.html")
                        .replace("@SCRIPT_HASH@", hash(script))
                        .replace("@STYLE_HASH@", hash(style))
                        .replace("@STYLE@", style)
                        .replace("@SCRIPT@", script);
        int data = page.indexOf("@DATA@");
        put(out, page.substring(0, data));
        put(out, "<script type=\"application/json\" id=\"map\">" + header(title) + "</script>\n");
        int longest = longestText();
        for (int start = 0; start < rows.size(); start += CHUNK) {
            put(out, "<script type=\"application/json\" class=\"rows\">");
            put(out, chunk(start, Math.min(rows.size(), start + CHUNK), longest));
            put(out, "</script>\n");
        }
        put(out, page.substring(data + "@DATA@".length()));
        out.flush();
    }

    private int longestText() {
        long each = ALL_TEXTS / (2L * Math.max(1, rows.size()));
        return (int) Math.max(SHORTEST_TEXT, Math.min(LONGEST_TEXT, each));
    }

    private String chunk(int start, int end, int longest) {
        StringBuilder json = new StringBuilder("[");
        for (int row = start; row < end; row++) {
            json.append(row == start ? "[" : ",\n[");
            ScriptJson.append(json, rows.id(row));
            json.append(',');
            ScriptJson.append(json, ScriptJson.cut(rows.prompt(row), longest));
            json.append(',');
            ScriptJson.append(json, ScriptJson.cut(rows.response(row), longest));
            json.append(']');
        }
        return json.append(']').toString();
    }

    private String header(String title) {
        int n = rows.size();
        Map<String, Integer> sources = new LinkedHashMap<>();
        ByteBuffer source = numbers(4 * n);
        ByteBuffer topic = numbers(4 * n);
        ByteBuffer length = numbers(4 * n);
        ByteBuffer duplicate = numbers(n);
        ByteBuffer loss = numbers(4 * n);
        for (int row = 0; row < n; row++) {
            source.putInt(sources.computeIfAbsent(rows.source(row), s -> sources.size()));
            topic.putInt(map.topics().finest()[row]);
            length.putInt(rows.prompt(row).length() + rows.response(row).length());
            duplicate.put((byte) rows.duplicate(row).ordinal());
            loss.putFloat((float) rows.loss(row));
        }
        StringBuilder json = new StringBuilder("{\"title\":");
        ScriptJson.append(json, title);
        json.append(",\"count\":").append(n).append(",\"sources\":[");
        String comma = "";
        for (String name : sources.keySet()) {
            json.append(comma);
            ScriptJson.append(json, name);
            comma = ",";
        }
        json.append("],\"topics\":[");
        comma = "";
        for (Topic t : map.topics().all()) {
            json.append(comma)
                    .append('[')
                    .append(t.parent())
                    .append(',')
                    .append(t.level())
                    .append(',');
            ScriptJson.append(json, t.label());
            json.append(']');
            comma = ",";
        }
        json.append(']');
        append(json, "places", places());
        append(json, "source", source);
        append(json, "topic", topic);
        append(json, "length", length);
        append(json, "duplicate", duplicate);
        append(json, "loss", loss);
        return json.append('}').toString();
    }

    /** Within a square of 65,536 steps, with the same scale both ways. */
    private ByteBuffer places() {
        Vectors places = map.places();
        float[] least = {Float.MAX_VALUE, Float.MAX_VALUE};
        float[] most = {-Float.MAX_VALUE, -Float.MAX_VALUE};
        for (int i = 0; i < places.values().length; i++) {
            least[i & 1] = Math.min(least[i & 1], places.values()[i]);
            most[i & 1] = Math.max(most[i & 1], places.values()[i]);
        }
        float span = Math.max(1e-6f, Math.max(most[0] - least[0], most[1] - least[1]));
        ByteBuffer bytes = numbers(2 * places.values().length);
        for (int i = 0; i < places.values().length; i++) {
            float middle = (least[i & 1] + most[i & 1]) / 2;
            float at = ((places.values()[i] - middle) / span + 0.5f) * 65_535;
            bytes.putShort((short) Math.max(0, Math.min(65_535, Math.round(at))));
        }
        return bytes;
    }

    private static ByteBuffer numbers(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void append(StringBuilder json, String name, ByteBuffer bytes) {
        json.append(",\n\"").append(name).append("\":\"");
        json.append(Base64.getEncoder().encodeToString(bytes.array())).append('"');
    }

    private static void put(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String hash(String text) {
        return "sha256-" + Base64.getEncoder().encodeToString(Sha256.bytes(text));
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = MapPage.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
