package dev.snoozy.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.jobs.JobProgress;
import dev.snoozy.server.models.ModelFiles;
import dev.snoozy.testkit.Data;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

class BenchJobTest {
    private static final JobProgress SILENT =
            new JobProgress() {
                @Override
                public void at(long done, long total, String unit) {}

                @Override
                public void log(String line) {}

                @Override
                public void row(ObjectNode row) {}
            };

    @Test
    void theThreadsThatAreChosenWhenItBeginsAreMeasured() throws IOException {
        Path file = Data.root().resolve("models/tinystories/stories260K-f32.gguf");
        ModelFiles files = () -> List.of(new ModelFiles.Entry("stories", file, 1, 1));
        BenchJob job = new BenchJob(files, () -> 3);
        ObjectNode request =
                Json.object().put("model", "stories").put("prompt", 8).put("generate", 4);
        JsonNode result = job.run(new Fields(request.put("repetitions", 1)), SILENT);
        assertThat(result.path("threads").asInt()).isEqualTo(3);
        assertThat(result.path("pp8").asDouble()).isPositive();
        assertThat(result.path("tg4").asDouble()).isPositive();
    }
}
