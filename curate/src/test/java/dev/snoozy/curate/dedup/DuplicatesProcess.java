package dev.snoozy.curate.dedup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.stream.Stream;

/**
 * A search for duplicates in a Java of its own, whose heap is the bound: {@code DuplicatesProcess
 * FOLDER ROWS}.
 */
final class DuplicatesProcess {
    private DuplicatesProcess() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path folder = Path.of(arguments[0]);
        int originals = Integer.parseInt(arguments[1]) / 2;
        SyntheticTexts texts = new SyntheticTexts(6);
        EnumSet<Field> fields = EnumSet.allOf(Field.class);
        Sketcher sketcher = new Sketcher(fields);
        try (NearDuplicates near = new NearDuplicates(fields, folder, 0)) {
            for (int row = 0; row < 2 * originals; row++) {
                String answer =
                        row < originals
                                ? texts.text(row, 150)
                                : texts.changed(row - originals, 150, 1);
                near.add(row, sketcher.sketch("Write down text " + row % originals, answer));
            }
            try (Stream<Path> files = Files.list(folder)) {
                System.out.println(files.mapToLong(f -> f.toFile().length()).sum());
            }
            System.out.println(near.find(DuplicateRule.DEFAULT, 2).near());
        }
    }
}
