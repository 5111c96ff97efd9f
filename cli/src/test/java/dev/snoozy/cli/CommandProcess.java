package dev.snoozy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.testkit.ClassPlace;

import org.junit.jupiter.api.Assumptions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A command in a process of its own, which is interrupted, or has no room on its disk. */
public final class CommandProcess implements AutoCloseable {
    /** What a shell tells of a process that Ctrl-C has ended. */
    public static final int INTERRUPTED = 128 + 2;

    private static final int PAUSE = 5;
    private static final long LONGEST_SECONDS = 120;
    private static final long SIGINT = 1 << 1;

    private final Process process;
    private final Path said;

    private CommandProcess(Process process, Path said) {
        this.process = process;
        this.said = said;
    }

    /**
     * Starts a command.
     *
     * @param folder for what it says
     */
    public static CommandProcess start(Path folder, String... arguments) throws IOException {
        return start(folder, List.of(), arguments);
    }

    /**
     * Starts a command that can write files of some length only: beyond it, writes fail as on a
     * disk that is full.
     *
     * @param kilobytes that a file can have
     */
    public static CommandProcess limited(Path folder, int kilobytes, String... arguments)
            throws IOException {
        String script = "ulimit -f " + kilobytes + " && exec \"$@\"";
        return start(folder, List.of("bash", "-c", script, "bash"), arguments);
    }

    private static CommandProcess start(Path folder, List<String> before, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx512m"));
        command.addAll(List.of("-XX:-UsePerfData", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(List.of("-cp", ClassPlace.path(Main.class), Main.class.getName()));
        command.addAll(List.of(arguments));
        Path said = folder.resolve("said.txt");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
        return new CommandProcess(process, said);
    }

    /** Something that a file can tell. */
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws IOException;
    }

    /** Waits until something holds, while the process runs. */
    public void await(Condition condition) throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (!condition.holds()) {
            assertThat(process.isAlive()).as("it runs: %s", said()).isTrue();
            long seconds = (System.nanoTime() - start) / 1_000_000_000L;
            assertThat(seconds).as("seconds, %s", said()).isLessThan(LONGEST_SECONDS);
            Thread.sleep(PAUSE);
        }
    }

    /** Does what Ctrl-C does, and returns the exit code. */
    public int interrupt() throws IOException, InterruptedException {
        Assumptions.assumeFalse(isDeaf(), "signals of a terminal are ignored where this runs");
        Process kill = new ProcessBuilder("kill", "-INT", "" + process.pid()).inheritIO().start();
        assertThat(kill.waitFor()).isZero();
        return exitCode();
    }

    /** Background jobs of a shell, and all that they start, may ignore Ctrl-C. */
    private boolean isDeaf() throws IOException {
        Path status = Path.of("/proc/" + process.pid() + "/status");
        if (!Files.exists(status)) {
            return false;
        }
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("SigIgn:"))
                    .map(line -> Long.parseUnsignedLong(line.split("\\s+")[1], 16))
                    .anyMatch(ignored -> (ignored & SIGINT) != 0);
        }
    }

    /** Waits for its end. */
    public int exitCode() throws IOException, InterruptedException {
        boolean ended = process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS);
        assertThat(ended).as("it ends: %s", said()).isTrue();
        return process.exitValue();
    }

    /** Both of its outputs so far. */
    public String said() throws IOException {
        return Files.readString(said);
    }

    /** Kills it, if it still runs, and waits until it is gone. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
