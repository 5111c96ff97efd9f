package dev.snoozy.curate.map;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

class MapPageTest {
    /**
     * Texts that would be markup, or script, or the end of either, if a page took them for that.
     */
    static final List<String> HOSTILE =
            List.of(
                    "</script><script>window.hostile = 1</script>",
                    "<img src=x onerror='window.hostile = 2'>",
                    "<!--<script>",
                    "]]>\u2028\u2029\u0000\u0007",
                    "\"},alert(1),{\"",
                    "\\u003cscript\\u003e \\",
                    "@SCRIPT@ @STYLE@ @DATA@",
                    "a lone \ud83d surrogate \ude00 and a pair 😀",
                    "&lt;b&gt; ${1+1} {{7*7}}");

    /** Hostile in every text. */
    record HostileRows(int size) implements MapRows {
        @Override
        public String id(int row) {
            return HOSTILE.get(row % HOSTILE.size()) + row;
        }

        @Override
        public String source(int row) {
            return HOSTILE.get(row % HOSTILE.size());
        }

        @Override
        public String prompt(int row) {
            return HOSTILE.get((row + 1) % HOSTILE.size());
        }

        @Override
        public String response(int row) {
            return HOSTILE.get((row + 2) % HOSTILE.size());
        }
    }

    static String page(String title, MapRows rows, DataMap map) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        MapPage.write(title, rows, map, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static List<String> blocks(String page, String attribute) {
        Matcher block =
                Pattern.compile(
                                "<script type=\"application/json\" "
                                        + attribute
                                        + ">(.*?)</script>",
                                Pattern.DOTALL)
                        .matcher(page);
        List<String> blocks = new ArrayList<>();
        while (block.find()) {
            blocks.add(block.group(1));
        }
        return blocks;
    }

    @Test
    void whateverTextsSayThePageKeepsItsElements() throws Exception {
        HostileRows rows = new HostileRows(600);
        String page = page(HOSTILE.getFirst(), rows, DataMapTest.map(rows, 2));
        String plain = page("t", new SyntheticRows(600, 4), DataMapTest.map(rows, 1));
        for (String mark : List.of("<script", "</script", "<!--", "<img")) {
            assertThat(page.split(mark, -1)).as(mark).hasSameSizeAs(plain.split(mark, -1));
        }
        ObjectMapper json = new ObjectMapper();
        int row = 0;
        for (String block : blocks(page, "class=\"rows\"")) {
            assertThat(block).doesNotContain("<", ">", "&");
            for (JsonNode found : json.readTree(block)) {
                assertThat(found.get(0).asString()).isEqualTo(wellFormed(rows.id(row)));
                assertThat(found.get(1).asString()).isEqualTo(wellFormed(rows.prompt(row)));
                assertThat(found.get(2).asString()).isEqualTo(wellFormed(rows.response(row++)));
            }
        }
        assertThat(row).isEqualTo(600);
        JsonNode head = json.readTree(blocks(page, "id=\"map\"").getFirst());
        assertThat(head.path("title").asString()).isEqualTo(HOSTILE.getFirst());
        assertThat(head.path("sources")).hasSize(HOSTILE.size());
    }

    private static String wellFormed(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_16BE), StandardCharsets.UTF_16BE);
    }

    @Test
    void thePolicyAllowsOnlyWhatIsInThePage() throws Exception {
        SyntheticRows rows = new SyntheticRows(50, 4);
        String page = page("t", rows, DataMapTest.map(rows, 1));
        assertThat(page)
                .contains("default-src 'none'; script-src 'sha256-")
                .doesNotContain("http://www.w3.org/1999")
                .doesNotContainPattern("(src|href)=\"")
                .doesNotContain("unsafe-inline", "innerHTML", "@SCRIPT_HASH@", "@DATA@");
    }

    @Test
    void theSameMapGivesTheSameBytes() throws Exception {
        SyntheticRows rows = new SyntheticRows(600, 10);
        assertThat(page("t", rows, DataMapTest.map(rows, 1)))
                .isEqualTo(page("t", rows, DataMapTest.map(rows, 2)));
    }

    @Test
    void longTextsAreCutBetweenCharacters() {
        assertThat(ScriptJson.cut("abc", 3)).isEqualTo("abc");
        assertThat(ScriptJson.cut("abcd", 3)).isEqualTo("abc…");
        assertThat(ScriptJson.cut("ab😀d", 3)).isEqualTo("ab…");
    }
}
