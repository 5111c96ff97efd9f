package dev.snoozy.studio.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.server.models.ModelFiles;
import dev.snoozy.studio.StudioOptions;
import dev.snoozy.studio.StudioRig;
import dev.snoozy.studio.StudioRig.Reply;
import dev.snoozy.studio.models.MachineSettings;
import dev.snoozy.studio.models.MemoryCheck;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** How models run is chosen on the page, unless it was given at the start. */
class MachineSettingsTest {
    @TempDir private Path home;

    @Test
    void whatIsChosenIsHeededAndKept() {
        long usual;
        try (StudioRig studio = StudioRig.tiny(home)) {
            usual = studio.server().models().memory();
            choose(studio, "{'threads':3,'modelMemory':2000000000}");
            assertThat(studio.server().models().memory()).isEqualTo(2_000_000_000L);
            Reply system = studio.get("/system");
            assertThat(system.json().path("threads").asInt()).isEqualTo(3);
            assertThat(system.json().path("threadsGiven").asString()).isEmpty();
            assertThat(system.json().path("memory").path("budget").asLong())
                    .isEqualTo(2_000_000_000L);
        }
        try (StudioRig again = StudioRig.tiny(home)) {
            assertThat(again.server().models().memory()).isEqualTo(2_000_000_000L);
            choose(again, "{'modelMemory':null}");
            assertThat(again.server().models().memory()).isEqualTo(usual);
            assertThat(again.get("/system").json().path("threads").asInt()).isEqualTo(3);
        }
    }

    private static void choose(StudioRig studio, String settings) {
        Reply reply = studio.send("PATCH", "/settings", settings);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'threads':0}",
                "{'threads':1025}",
                "{'threads':1.5}",
                "{'threads':'2'}",
                "{'threads':-1}",
                "{'threads':99999999999999999999}",
                "{'threads':1e400}",
                "{'threads':[]}",
                "{'modelMemory':1000}",
                "{'modelMemory':0}",
                "{'modelMemory':99999999999999999999}",
                "{'modelMemory':'2'}"
            })
    void whatCannotBeIsRefused(String settings) {
        try (StudioRig studio = StudioRig.tiny(home)) {
            Reply reply = studio.send("PATCH", "/settings", settings);
            assertThat(reply.status()).as(reply.text()).isEqualTo(400);
            String field = reply.json().path("error").path("field").asString();
            assertThat(settings).contains("'" + field + "'");
            assertThat(reply.text()).contains("expected").contains("found");
            assertThat(studio.get("/settings").json().has(field)).isFalse();
        }
    }

    @Test
    void whatWasGivenAtTheStartCounts() throws IOException {
        try (StudioRig studio = StudioRig.tiny(home)) {
            choose(studio, "{'threads':3,'modelMemory':2000000000}");
        }
        StudioOptions options =
                new StudioOptions(
                        home,
                        "1",
                        new ModelFiles() {
                            @Override
                            public List<Entry> all() {
                                return List.of();
                            }
                        },
                        MemoryCheck.NONE,
                        List.of(),
                        null,
                        Map.of(
                                MachineSettings.THREADS,
                                "--threads 4",
                                MachineSettings.MEMORY,
                                "--model-memory 1.0"));
        try (StudioRig studio = StudioRig.of(options, 0)) {
            assertThat(studio.server().models().memory()).isEqualTo(1L << 30);
            assertThat(studio.get("/system").json().path("threadsGiven").asString())
                    .isEqualTo("--threads 4");
            Reply reply = studio.send("PATCH", "/settings", "{'threads':2}");
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.text()).contains("given when the studio was started: --threads 4");
            assertThat(studio.get("/settings").json().path("threads").asInt()).isEqualTo(3);
        }
    }
}
