package dev.snoozy.cook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.testkit.ClassPlace;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** A cook whose process is killed in every stage: it goes on, and its report is the same. */
class KilledCookTest {
    private static final int MOST_MILLIS = 250;

    @TempDir private Path folder;

    /** The process that is killed: it says which stage it does. */
    public static final class Cooking {
        private Cooking() {}

        public static void main(String[] args) throws Exception {
            CookListener listener =
                    new CookListener() {
                        @Override
                        public void begins(String stage, int number, int of, boolean done) {
                            if (!done) {
                                System.out.println(stage);
                            }
                        }
                    };
            new Cook(CookFile.read(Path.of(args[0])), Path.of(args[1]), 2, listener).run();
            System.out.println("end");
        }
    }

    @Test
    void theReportIsThatOfAnUnbrokenCook() throws Exception {
        Path recipe = Recipes.small(folder, "steps: 10");
        Path broken = folder.resolve("broken");
        SplittableRandom random = new SplittableRandom(3);
        String last = "";
        int kills = 0;
        while (true) {
            String stage = killIn(recipe, broken, last, random.nextInt(MOST_MILLIS));
            if (stage.equals("end")) {
                break;
            }
            kills++;
            last = stage;
        }
        assertThat(kills).isGreaterThanOrEqualTo(5);
        Path whole = folder.resolve("whole");
        new Cook(CookFile.read(recipe), whole, 1, CookListener.SILENT).run();
        assertThat(Files.readString(broken.resolve(Cook.REPORT)))
                .isEqualTo(Files.readString(whole.resolve(Cook.REPORT)));
        try (Stream<Path> files = Files.walk(broken)) {
            assertThat(files.map(file -> String.valueOf(file.getFileName())))
                    .as("nothing half written stays")
                    .noneMatch(name -> name.endsWith(".part") || name.endsWith(".new"));
        }
    }

    /**
     * Kills a cook in the first stage that it does, but one that was killed before.
     *
     * @return the stage that it was in, or "end"
     */
    private static String killIn(Path recipe, Path out, String last, int millis) throws Exception {
        String classPath = ClassPlace.path(KilledCookTest.class, Cook.class);
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                classPath,
                                Cooking.class.getName(),
                                recipe.toString(),
                                out.toString())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (line != null && line.equals(last)) {
                line = lines.readLine();
            }
            assertThat(line).as("the process says what it does").isNotNull();
            if (!line.equals("end")) {
                Thread.sleep(millis);
            }
            return line;
        } finally {
            process.destroyForcibly();
            process.waitFor();
        }
    }
}
