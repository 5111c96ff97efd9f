package dev.snoozy.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.testkit.hub.HubStub;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** A pull that is killed again and again goes on where it was. */
class KilledPullTest {
    private static final int KILLS = 20;
    private static final String REPOSITORY = "user/Large-GGUF";

    /**
     * What may be lost at a kill: a journal's time of bytes, what was under way in four
     * connections, and the header that is not kept.
     */
    private static final long LOST = 2_500_000;

    @TempDir private Path folder;

    @Test
    void twentyKillsLoseNothing() throws Exception {
        byte[] content = LargeModel.bytes(50_000_000);
        Path target = folder.resolve("user/Large-GGUF/large.gguf");
        Random random = new Random(System.nanoTime());
        AtomicBoolean seen = new AtomicBoolean();
        try (HubStub stub = HubStub.start().with(REPOSITORY, "large.gguf", content)) {
            // four connections, so that all kills are in the middle of it
            stub.storage().throttle(1_200_000);
            long served = 0;
            for (int kill = 0; kill < KILLS; kill++) {
                Process process = start(stub);
                long before = stub.storage().served();
                while (stub.storage().served() == before && process.isAlive()) {
                    Thread.sleep(5);
                }
                boolean ended =
                        process.waitFor(20 + random.nextInt(400), TimeUnit.MILLISECONDS);
                assertThat(ended).isFalse();
                process.destroyForcibly().waitFor();
                seen.set(seen.get() || Files.exists(target));
                served = stub.storage().served();
            }
            assertThat(seen).isFalse();
            stub.storage().throttle(0);
            assertThat(start(stub).waitFor()).isZero();
            assertThat(served).isLessThan(content.length);
            assertThat(stub.storage().served()).isLessThan(content.length + KILLS * LOST);
            assertThat(HubStub.hex("SHA-256", Files.readAllBytes(target)))
                    .isEqualTo(HubStub.hex("SHA-256", content));
        }
        try (var left = Files.list(folder.resolve(".partial"))) {
            assertThat(left).isEmpty();
        }
    }

    private Process start(HubStub stub) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xshare:auto",
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
