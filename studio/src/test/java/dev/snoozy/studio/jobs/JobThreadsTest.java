package dev.snoozy.studio.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.jobs.JobKind;
import dev.snoozy.server.jobs.JobProgress;
import dev.snoozy.studio.StudioRig;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Jobs compute with as many threads as were chosen when they begin. */
class JobThreadsTest {
    @TempDir Path home;

    /** Counts the threads of a name that are there whenever a job tells how far it is. */
    private record Counting(String name, AtomicInteger most) implements JobProgress {
        @Override
        public void at(long done, long total, String unit) {
            long now =
                    Thread.getAllStackTraces().keySet().stream()
                            .filter(thread -> thread.getName().startsWith(name))
                            .count();
            most.accumulateAndGet((int) now, Math::max);
        }

        @Override
        public void log(String line) {}

        @Override
        public void row(ObjectNode row) {}
    }

    private int used(String kind, int chosen, String thread, String request) throws IOException {
        try (StudioRig rig = StudioRig.stories(home)) {
            JobKind wanted =
                    StudioKinds.of(
                                    rig.server().models().files(),
                                    home.resolve("models"),
                                    () -> chosen,
                                    Optional.empty())
                            .stream()
                            .filter(one -> one.name().equals(kind))
                            .findFirst()
                            .orElseThrow();
            AtomicInteger most = new AtomicInteger();
            ObjectNode fields = (ObjectNode) Json.parse(request.replace('\'', '"'));
            wanted.run(new Fields(fields), new Counting(thread, most));
            return most.get();
        }
    }

    @Test
    void perplexityIsMeasuredByThem() throws IOException {
        String text = "Once upon a time there was a little girl. ".repeat(20);
        String request = "{'model':'stories','chunk':64,'text':'" + text + "'}";
        assertThat(used("perplexity", 7, "snoozy-scores-", request)).isEqualTo(7);
    }

    @Test
    void modelsAreQuantizedByThem() throws IOException {
        String request = "{'model':'stories','type':'Q8_0','name':'small'}";
        assertThat(used("quantize", 7, "quantize-", request)).isEqualTo(7);
    }
}
