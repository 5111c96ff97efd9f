package dev.snoozy.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.testkit.hub.HubStub;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** A pull that is killed again and again goes on where it was. */
class KilledPullTest {
    private static final int KILLS = 20;
    private static final String REPOSITORY = "user/Large-GGUF";

    @TempDir private Path folder;

    @Test
    void twentyKillsCostNoMoreThanWhatWasNotWrittenDown() throws Exception {
        byte[] content = LargeModel.bytes(50_000_000);
        Path target = folder.resolve("user/Large-GGUF/large.gguf");
        Random random = new Random(System.nanoTime());
        try (HubStub stub = HubStub.start().with(REPOSITORY, "large.gguf", content)) {
            stub.storage().throttle(1_500_000); // each connection, so that no kill comes too late
            long kept = 0;
            for (int kill = 0; kill < KILLS; kill++) {
                kill(start(stub), stub, random.nextInt(400));
                assertThat(target).doesNotExist();
                assertThat(kept())
                        .as("bytes at kill " + kill)
                        .isBetween(kept, stub.storage().served());
                kept = kept();
            }
            assertThat(kept).isBetween(1L, (long) content.length - 1);
            stub.storage().throttle(0);
            stub.storage().forget();
            assertThat(start(stub).waitFor()).isZero();
            assertThat(stub.storage().served()).isEqualTo(content.length - kept);
            assertThat(Files.mismatch(target, Files.write(folder.resolve("expected"), content)))
                    .isEqualTo(-1);
        }
        try (var left = Files.list(folder.resolve(".partial"))) {
            assertThat(left).isEmpty();
        }
    }

    /** Kills a process at some time after its first byte. */
    private static void kill(Process process, HubStub stub, int millis)
            throws InterruptedException {
        long before = stub.storage().served();
        while (stub.storage().served() == before && process.isAlive()) {
            Thread.sleep(2);
        }
        assertThat(process.waitFor(millis, TimeUnit.MILLISECONDS)).isFalse();
        process.destroyForcibly().waitFor();
    }

    /** Bytes that the journal says are there; 0 if there is none yet. */
    private long kept() throws IOException {
        try (var files = Files.walk(folder.resolve(".partial"))) {
            List<Path> journals =
                    files.filter(f -> f.getFileName().toString().equals("large.gguf.journal"))
                            .toList();
            long sum = 0;
            for (Path journal : journals) {
                JsonNode node = JsonMapper.builder().build().readTree(Files.readString(journal));
                for (JsonNode done : node.get("done").values()) {
                    sum += done.asLong();
                }
            }
            return sum;
        }
    }

    private Process start(HubStub stub) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        ClassPath.ofTests(),
                        PullProcess.class.getName(),
                        stub.url().toString(),
                        REPOSITORY,
                        folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out.txt").toFile())
                .start();
    }
}
