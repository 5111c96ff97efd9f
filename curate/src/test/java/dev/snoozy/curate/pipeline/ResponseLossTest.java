package dev.snoozy.curate.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.snoozy.curate.recipe.Recipe;
import dev.snoozy.engine.Evaluation;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.testkit.Data;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The loss of a model on responses, and the map that shows it. */
class ResponseLossTest {
    private static final Path STORIES =
            Data.root().resolve("models/tinystories/stories260K-f32.gguf");
    private static final String PROMPT = "Tell me a story.";
    private static final String STORY =
            "Once upon a time, there was a little girl named Lily. She loved to play outside in the"
                    + " park. One day, she saw a big dog. The dog wanted to play with her ball.";

    @TempDir Path folder = Path.of("");

    @BeforeAll
    static void modelIsThere() {
        Assumptions.assumeTrue(Files.exists(STORIES), "no model at " + STORIES);
    }

    @Test
    void itIsTheMeanOfWhatEachTokenSays() throws Exception {
        try (ResponseLoss loss = ResponseLoss.of(STORIES, 2);
                LanguageModel model = LanguageModel.load(STORIES)) {
            for (String response : List.of(STORY, STORY.repeat(3), "a")) {
                assertThat(loss.of(PROMPT, response))
                        .isCloseTo(oneByOne(model, response), within(1e-9));
            }
        }
    }

    /** One token at a time. */
    private static double oneByOne(LanguageModel model, String response) {
        int[] before = model.tokenizer().encode(PROMPT + "\n", true, false);
        int[] after = model.tokenizer().encode(response, false, false);
        double sum = 0;
        try (Evaluation text = model.evaluation()) {
            float[] scores = text.append(before, false).getFirst();
            for (int token : after) {
                double total = 0;
                for (float score : scores) {
                    total += Math.exp(score);
                }
                sum += Math.log(total) - scores[token];
                scores = text.append(new int[] {token}, false).getFirst();
            }
        }
        return sum / after.length;
    }

    @Test
    void whatTheModelKnowsHasLessThanWhatIsBroken() throws Exception {
        List<String> words = new ArrayList<>(List.of(STORY.split(" ")));
        words.sort(null);
        try (ResponseLoss loss = ResponseLoss.of(STORIES, 1)) {
            double known = loss.of(PROMPT, STORY);
            assertThat(known).isBetween(0.5, 2.0);
            assertThat(loss.of(PROMPT, String.join(" ", words))).isGreaterThan(known + 1);
        }
    }

    @Test
    void aTextBeyondTheContextIsCutAndNoRoomIsNoNumber() throws Exception {
        try (ResponseLoss loss = ResponseLoss.of(STORIES, 1)) {
            assertThat(loss.of(PROMPT, STORY.repeat(50))).isBetween(0.1, 5.0);
            assertThat(loss.of(STORY.repeat(50), STORY)).isNaN();
            assertThat(loss.of(PROMPT, "")).isNaN();
        }
    }

    @Test
    void theMapShowsIt() throws Exception {
        SplittableRandom random = new SplittableRandom(8);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            lines.add(Curate.row(Curate.text(random, 6), Curate.text(random, 20 + i)));
        }
        Path data = Files.write(folder.resolve("rows.jsonl"), lines);
        Recipe recipe =
                Recipe.of(List.of(data)).withMap(new Recipe.Mapping(100, Optional.of(STORIES)));
        Path out = folder.resolve("out");
        Curate.run(recipe, out, 2);
        assertThat(losses(out)).hasSize(40).allMatch(loss -> loss > 0.5 && loss < 20);
        assertThat(Files.readString(out.resolve("manifest.json"))).contains("stories260K-f32");
        Path plain = folder.resolve("plain");
        Curate.run(recipe.withMap(new Recipe.Mapping(100, Optional.empty())), plain, 2);
        assertThat(losses(plain)).hasSize(40).allMatch(loss -> Float.isNaN(loss));
    }

    private static List<Float> losses(Path out) throws IOException {
        Matcher column =
                Pattern.compile("\"loss\":\"([^\"]+)\"")
                        .matcher(Files.readString(out.resolve("map.html")));
        assertThat(column.find()).isTrue();
        ByteBuffer bytes =
                ByteBuffer.wrap(Base64.getDecoder().decode(column.group(1)))
                        .order(ByteOrder.LITTLE_ENDIAN);
        List<Float> losses = new ArrayList<>();
        while (bytes.hasRemaining()) {
            losses.add(bytes.getFloat());
        }
        return losses;
    }

    @Test
    void aFileThatIsNoModelIsToldBeforeAnythingIsRead() throws Exception {
        Path data = Files.write(folder.resolve("rows.jsonl"), List.of(Curate.row("Hello", "You")));
        Path model = Files.writeString(folder.resolve("not.gguf"), "no model at all");
        Recipe recipe =
                Recipe.of(List.of(data)).withMap(new Recipe.Mapping(100, Optional.of(model)));
        assertThatThrownBy(() -> Curate.run(recipe, folder.resolve("out"), 1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not.gguf")
                .hasMessageContaining("gives no loss");
    }
}
