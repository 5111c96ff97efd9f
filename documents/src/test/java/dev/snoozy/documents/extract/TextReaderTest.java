package dev.snoozy.documents.extract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.documents.extract.Block.Kind;
import dev.snoozy.documents.extract.TextReader.Dialect;

import org.junit.jupiter.api.Test;

import java.util.List;

/** The structure of texts: headings, paragraphs, code, and their lines. */
class TextReaderTest {
    private static List<Block> read(String text, Dialect dialect) {
        BlockList blocks = new BlockList(1_000_000);
        TextReader.read(text, dialect, blocks);
        return blocks.blocks();
    }

    @Test
    void markdown() {
        String text =
                """
                # Title

                First
                paragraph.

                ## Part ##
                Text of it.

                ```java
                # no heading
                int x;
                ```
                Under
                -----
                * a
                * b
                """;
        assertThat(read(text, Dialect.MARKDOWN))
                .containsExactly(
                        new Block(Kind.HEADING, "Title", List.of(), 0, 1),
                        new Block(Kind.TEXT, "First\nparagraph.", List.of("Title"), 0, 3),
                        new Block(Kind.HEADING, "Part", List.of("Title"), 0, 6),
                        new Block(Kind.TEXT, "Text of it.", List.of("Title", "Part"), 0, 7),
                        new Block(
                                Kind.CODE, "# no heading\nint x;", List.of("Title", "Part"), 0, 10),
                        new Block(Kind.HEADING, "Under", List.of("Title"), 0, 13),
                        new Block(Kind.TEXT, "* a", List.of("Title", "Under"), 0, 15),
                        new Block(Kind.TEXT, "* b", List.of("Title", "Under"), 0, 16));
    }

    @Test
    void restructuredText() {
        String text =
                """
                =====
                Title
                =====

                Part
                ----

                Text.

                Deeper
                ~~~~~~

                More.

                Other
                -----
                """;
        assertThat(read(text, Dialect.RST))
                .containsExactly(
                        new Block(Kind.HEADING, "Title", List.of(), 0, 2),
                        new Block(Kind.HEADING, "Part", List.of("Title"), 0, 5),
                        new Block(Kind.TEXT, "Text.", List.of("Title", "Part"), 0, 8),
                        new Block(Kind.HEADING, "Deeper", List.of("Title", "Part"), 0, 10),
                        new Block(Kind.TEXT, "More.", List.of("Title", "Part", "Deeper"), 0, 13),
                        new Block(Kind.HEADING, "Other", List.of("Title"), 0, 15));
    }

    @Test
    void tablesAreRowsAndCodeKeepsItsIndent() {
        assertThat(read("a,b\n1,2\n", Dialect.TABLE))
                .extracting(Block::kind, Block::text, Block::line)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(Kind.ROW, "a,b", 1),
                        org.assertj.core.groups.Tuple.tuple(Kind.ROW, "1,2", 2));
        assertThat(read("\n  int x;\n  int y;\n\nend", Dialect.CODE))
                .containsExactly(
                        new Block(Kind.CODE, "  int x;\n  int y;", List.of(), 0, 2),
                        new Block(Kind.CODE, "end", List.of(), 0, 5));
    }

    @Test
    void whatIsTooLongIsCutAndSaysSo() {
        BlockList blocks = new BlockList(10);
        TextReader.read("one two\n\nthree four\n\nfive", Dialect.PLAIN, blocks);
        assertThat(blocks.full()).isTrue();
        assertThat(blocks.blocks()).extracting(Block::text).containsExactly("one two", "thr");
    }
}
