package dev.snoozy.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The launcher of the image, with a Java that prints its arguments, one a line. */
class LauncherTest {
    @TempDir Path folder;
    private Path home;
    private Path launcher;

    private record Output(int code, List<String> lines) {}

    @BeforeEach
    void makeImage() throws IOException {
        assumeThat(Platform.here().isWindows()).isFalse();
        home = Files.createDirectory(folder.resolve("an image")).toRealPath();
        Path script = Program.root().resolve("packaging/src/main/image/bin/snoozy");
        launcher = executable("bin/snoozy", Files.readString(script));
        executable("lib/runtime/bin/java", "#!/bin/sh\nprintf '%s\\n' \"$@\"\nexit 7\n");
    }

    @Test
    void itStartsTheJavaOfTheImageAndGivesArgumentsAndExitCodeOn() throws Exception {
        Output output = run(Map.of(), launcher, "run", "a b", "");
        assertThat(output.code()).isEqualTo(7);
        assertThat(output.lines())
                .contains("-Dsnoozy.home=" + home, home + "/lib/app/snoozy.jar")
                .endsWith("run", "a b", "")
                .doesNotContain("--add-modules=jdk.incubator.vector");
    }

    @Test
    void itUsesTheCacheThatIsThere() throws Exception {
        String cache = "-XX:AOTCache=" + home + "/lib/app/start.aot";
        assertThat(run(Map.of(), launcher).lines()).doesNotContain(cache);
        Files.createFile(Files.createDirectories(home.resolve("lib/app")).resolve("start.aot"));
        assertThat(run(Map.of(), launcher).lines()).contains(cache);
        assertThat(run(Map.of("SNOOZY_VECTOR", "1"), launcher).lines())
                .contains("--add-modules=jdk.incubator.vector")
                .doesNotContain(cache);
    }

    @Test
    void itIsFoundThroughLinks() throws Exception {
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        Files.createSymbolicLink(first, folder.relativize(folder.resolve("an image/bin/snoozy")));
        Files.createSymbolicLink(second, first);
        assertThat(run(Map.of(), second).lines()).contains("-Dsnoozy.home=" + home);
    }

    @Test
    void anotherValueOfTheVariableIsRefused() throws Exception {
        Output output = run(Map.of("SNOOZY_VECTOR", "yes"), launcher);
        assertThat(output.code()).isEqualTo(1);
        assertThat(output.lines()).singleElement().asString().contains("SNOOZY_VECTOR is yes");
    }

    private Path executable(String name, String text) throws IOException {
        Path file = home.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }

    private static Output run(Map<String, String> environment, Path program, String... arguments)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(program.toString()).redirectErrorStream(true);
        builder.command().addAll(List.of(arguments));
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/bin:/bin");
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Output(process.waitFor(), output.lines().toList());
    }
}
