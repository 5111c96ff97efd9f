package dev.snoozy.curate.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.testkit.Data;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A set that others have thinned out to several similarities (GPTeacher's toolformer), and what we
 * make of it.
 */
class NestedSetsTest {
    private static final Path FOLDER = Data.shared().resolve("instruct");
    private static final String NAME = "gpteacher-toolformer-";

    @TempDir private Path temporary;

    private record Row(String prompt, String response) {}

    private static List<Row> read(String name) throws IOException {
        List<Row> rows = new ArrayList<>();
        for (JsonNode row :
                new ObjectMapper().readTree(Data.read(FOLDER.resolve(NAME + name + ".json.gz")))) {
            String prompt =
                    row.path("instruction").asString("") + "\n" + row.path("input").asString("");
            rows.add(new Row(prompt, row.path("response").asString("")));
        }
        return rows;
    }

    @Test
    void lowerThresholdsRemoveWhatHigherOnesDoAndMore() throws Exception {
        Assumptions.assumeTrue(Files.isDirectory(FOLDER), "no instruction data at " + FOLDER);
        List<Row> all = read("dedupe-only");
        EnumSet<Field> fields = EnumSet.allOf(Field.class);
        try (NearDuplicates near = new NearDuplicates(fields, temporary, 64 << 20)) {
            Sketcher sketcher = new Sketcher(fields);
            for (Row row : all) {
                near.add(0, sketcher.sketch(row.prompt, row.response));
            }
            nested(all, near, DuplicateRule.only(Field.BOTH, 0.9));
            nested(all, near, new DuplicateRule(0.9, 0.9, 0.9));
        }
    }

    private static void nested(List<Row> all, NearDuplicates near, DuplicateRule highest)
            throws Exception {
        Set<Row> before = Set.of();
        for (int tenths = 9; tenths >= 6; tenths--) {
            double t = tenths / 10.0;
            DuplicateRule rule =
                    new DuplicateRule(
                            Math.min(t, highest.prompt()),
                            Math.min(t, highest.response()),
                            Math.min(t, highest.both()));
            Duplicates found = near.find(rule, 2);
            Set<Row> removed = new HashSet<>();
            for (int row = 0; row < all.size(); row++) {
                if (found.kept(row) != row) {
                    removed.add(all.get(row));
                }
            }
            assertThat(removed).containsAll(before);
            before = removed;
            Set<Row> theirs = new HashSet<>(all);
            read("similarity-" + t).forEach(theirs::remove);
            Set<Row> common = new HashSet<>(removed);
            common.retainAll(theirs);
            System.out.printf(
                    "%s at %s: removed %d, theirs %d, both %d; %.0f %% of ours are among theirs%n",
                    highest.prompt() > 0 ? "all three" : "both",
                    t,
                    removed.size(),
                    theirs.size(),
                    common.size(),
                    100.0 * common.size() / Math.max(1, removed.size()));
        }
        assertThat(before).isNotEmpty();
    }
}
