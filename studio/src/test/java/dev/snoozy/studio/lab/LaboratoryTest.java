package dev.snoozy.studio.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.studio.StudioRig;
import dev.snoozy.studio.StudioRig.Event;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

class LaboratoryTest {
    private static final String COLUMNS =
            "'columns':[{'model':'stories','options':{'temperature':0,'max_tokens':24}},"
                    + "{'model':'stories','label':'warm','options':{'temperature':1.2,"
                    + "'max_tokens':24}}]";

    @TempDir Path home;

    private static String begin(StudioRig rig, String body) {
        StudioRig.Reply reply = rig.post("/lab/runs", body);
        assertThat(reply.status()).as(reply.text()).isEqualTo(201);
        return "/lab/runs/" + reply.json().path("id").asString();
    }

    private static JsonNode end(StudioRig rig, String run) {
        rig.done(run + "/events");
        return rig.get(run).json();
    }

    @Test
    void columnsAreStreamedSideBySideAndRecorded() {
        try (StudioRig rig = StudioRig.stories(home)) {
            String run = begin(rig, "{'kind':'compare','prompt':'Once','seed':3," + COLUMNS + "}");
            List<Event> events = rig.events(run + "/events", event -> event.name().equals("done"));
            JsonNode kept = rig.get(run).json();
            assertThat(events.getFirst().name()).isEqualTo("state");
            assertThat(kept.path("state").asString()).isEqualTo("done");
            assertThat(kept.path("cells")).hasSize(2);
            for (JsonNode cell : kept.path("cells")) {
                assertThat(cell.path("finish").asString()).isEqualTo("length");
                assertThat(cell.path("seed").asLong()).isEqualTo(3);
                assertThat(cell.path("digest").asString()).startsWith("sha256:");
                assertThat(cell.path("model").asString()).isEqualTo("stories");
                String id = cell.path("id").asString();
                String streamed =
                        events.stream()
                                .filter(e -> e.name().equals("cell"))
                                .filter(e -> e.data().path("cell").asString().equals(id))
                                .map(e -> e.data().path("delta").path("content").asString(""))
                                .collect(Collectors.joining());
                String text = cell.path("text").asString();
                // Of a cell that is whole by now no more parts are told, but the whole.
                assertThat(text).isNotBlank().startsWith(streamed);
            }
        }
    }

    @Test
    void aRunIsRepeatedExactly() {
        try (StudioRig rig = StudioRig.stories(home)) {
            String run =
                    begin(
                            rig,
                            "{'kind':'batch','prompts':['One day','Tim had'],'repeat':2,'seed':9,"
                                    + COLUMNS
                                    + "}");
            JsonNode first = end(rig, run);
            assertThat(first.path("cells")).hasSize(8);
            String again =
                    "/lab/runs/" + rig.post(run + "/repeat", "{}").json().path("id").asString();
            JsonNode second = end(rig, again);
            assertThat(second.path("repeatOf").asString()).isEqualTo(first.path("id").asString());
            for (int i = 0; i < 8; i++) {
                JsonNode cell = second.path("cells").get(i);
                assertThat(cell.path("same").asBoolean()).isTrue();
                assertThat(cell.path("sameModel").asBoolean()).isTrue();
                assertThat(cell.path("text")).isEqualTo(first.path("cells").get(i).path("text"));
            }
            JsonNode warm = first.path("cells").get(1);
            JsonNode otherRound = first.path("cells").get(5);
            assertThat(otherRound.path("text")).isNotEqualTo(warm.path("text"));
            assertThat(rig.get("/lab/runs?kind=batch").json().path("runs")).hasSize(2);
            assertThat(rig.get("/lab/runs?kind=sweep").json().path("runs")).isEmpty();
            JsonNode diff =
                    rig.get(
                                    "/lab/diff?a="
                                            + warm.path("id").asString()
                                            + "&b="
                                            + otherRound.path("id").asString())
                            .json();
            assertThat(diff.path("parts")).isNotEmpty();
            assertThat(rig.send("DELETE", run, "").status()).isEqualTo(204);
            assertThat(rig.get(run).status()).isEqualTo(404);
        }
    }

    @Test
    void aTokenIsExchangedAndTheRestIsWrittenAnew() {
        try (StudioRig rig = StudioRig.stories(home)) {
            String columns = "'columns':[{'model':'stories','options':{'max_tokens':12}}]";
            String run = begin(rig, "{'kind':'tokens','prompt':'Once','seed':1," + columns + "}");
            JsonNode cell = end(rig, run).path("cells").get(0);
            assertThat(cell.path("tokens")).hasSize(12);
            int other = cell.path("tokens").get(3).path("top").get(2).path("id").asInt();
            String branch =
                    begin(
                            rig,
                            "{'kind':'tokens','prompt':'Once','seed':1,'from':{'cell':'"
                                    + cell.path("id").asString()
                                    + "','index':3,'token':"
                                    + other
                                    + "},"
                                    + columns
                                    + "}");
            JsonNode changed = end(rig, branch).path("cells").get(0);
            assertThat(changed.path("tokens")).hasSize(16);
            assertThat(changed.path("tokens").get(3).path("id").asInt()).isEqualTo(other);
            assertThat(changed.path("tokens").get(2)).isEqualTo(cell.path("tokens").get(2));
            String again =
                    "/lab/runs/" + rig.post(branch + "/repeat", "{}").json().path("id").asString();
            assertThat(end(rig, again).path("cells").get(0).path("same").asBoolean()).isTrue();
        }
    }

    @Test
    void votesMakeRatings() {
        try (StudioRig rig = StudioRig.stories(home)) {
            String run = begin(rig, "{'kind':'compare','prompt':'Once','seed':3," + COLUMNS + "}");
            String id = end(rig, run).path("id").asString();
            for (int i = 0; i < 3; i++) {
                assertThat(
                                rig.post(
                                                "/lab/votes",
                                                "{'run':'"
                                                        + id
                                                        + "','left':1,'right':0,'winner':'left'}")
                                        .status())
                        .isEqualTo(204);
            }
            JsonNode models = rig.get("/lab/ratings").json().path("models");
            assertThat(models.get(0).path("name").asString()).isEqualTo("warm");
            assertThat(models.get(1).path("name").asString()).isEqualTo("stories · temperature 0");
            assertThat(models.get(0).path("low").asInt())
                    .isLessThan(models.get(0).path("rating").asInt());
            assertThat(
                            rig.post(
                                            "/lab/votes",
                                            "{'run':'"
                                                    + id
                                                    + "','left':1,'right':7,'winner':'left'}")
                                    .status())
                    .isEqualTo(400);
        }
    }

    @Test
    void resultsAreExportedForOtherPrograms() {
        try (StudioRig rig = StudioRig.stories(home)) {
            String run = begin(rig, "{'kind':'batch','prompts':['=1+1','b, c']," + COLUMNS + "}");
            end(rig, run);
            String table = rig.get(run + "/export?format=csv").text();
            assertThat(table).startsWith("run,prompt,round,column,label,model,digest,options,seed");
            assertThat(table).contains(",'=1+1,").contains(",\"b, c\",");
            String lines = rig.get(run + "/export?format=jsonl").text();
            assertThat(lines.lines()).hasSize(4).allMatch(line -> line.contains("sha256:"));
            assertThat(rig.get(run + "/export?format=exe").status()).isEqualTo(400);
        }
    }

    @Test
    void aRunIsStopped() {
        try (StudioRig rig = StudioRig.stories(home)) {
            StringBuilder prompts = new StringBuilder("'a'");
            prompts.append(",'b'".repeat(2000));
            String run =
                    begin(
                            rig,
                            "{'kind':'batch','prompts':["
                                    + prompts
                                    + "],'columns':[{'options':{'max_tokens':64}}]}");
            rig.events(run + "/events", event -> event.name().equals("cellDone"));
            assertThat(rig.post(run + "/stop", "{}").status()).isEqualTo(204);
            JsonNode stopped = rig.get(run).json();
            assertThat(stopped.path("state").asString()).isEqualTo("cancelled");
            assertThat(stopped.path("cells").get(2000).path("state").asString())
                    .isEqualTo("cancelled");
        }
    }

    @Test
    void promptSetsAreKept() {
        try (StudioRig rig = StudioRig.stories(home)) {
            JsonNode set =
                    rig.post(
                                    "/lab/prompts",
                                    "{'name':'two','format':'csv','text':'prompt\\na\\nb'}")
                            .json();
            assertThat(set.path("prompts")).hasSize(2);
            assertThat(rig.get("/lab/prompts").json().path("sets")).hasSize(1);
            String path = "/lab/prompts/" + set.path("id").asString();
            assertThat(rig.send("DELETE", path, "").status()).isEqualTo(204);
            assertThat(rig.post("/lab/prompts", "{'name':'none','prompts':[]}").status())
                    .isEqualTo(400);
        }
    }
}
