package dev.snoozy.cook;

import dev.snoozy.compress.perplexity.Perplexity;
import dev.snoozy.compress.perplexity.PerplexityResult;
import dev.snoozy.compress.perplexity.TextChunks;
import dev.snoozy.engine.GenerationOptions;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.engine.SamplingOptions;
import dev.snoozy.eval.EvalListener;
import dev.snoozy.eval.EvalOptions;
import dev.snoozy.eval.Evaluator;
import dev.snoozy.eval.ModelResult;
import dev.snoozy.eval.Task;
import dev.snoozy.eval.TaskFigures;
import dev.snoozy.eval.TaskResult;
import dev.snoozy.eval.TaskSet;
import dev.snoozy.format.Sha256;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

/** From a model to its figures: the tasks, a text to foresee, prompts, and how fast it is. */
final class EvaluateStage implements Stage {
    static final String FOLDER = "evaluate/";
    static final String RESULT = "result.json";

    /** Not among the files that count: it is different each time. */
    static final String SPEED = "speed.json";

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int CHUNK = 512;
    private static final int SAMPLE = 64;
    private static final int PARALLEL = 4;

    private final Variant variant;
    private final Path file;
    private final String digest;
    private final CookRecipe.Judging judging;
    private final List<TaskSet> sets;
    private final int threads;
    private volatile @Nullable Evaluator running;
    private volatile boolean stopped;

    /**
     * @param digest of the file
     * @param sets the items of the tasks
     */
    EvaluateStage(
            Variant variant,
            Path file,
            String digest,
            CookRecipe.Judging judging,
            List<TaskSet> sets,
            int threads) {
        this.variant = variant;
        this.file = file;
        this.digest = digest;
        this.judging = judging;
        this.sets = List.copyOf(sets);
        this.threads = threads;
    }

    @Override
    public String name() {
        return FOLDER + variant.name();
    }

    @Override
    public String key() throws IOException {
        List<String> lines = new ArrayList<>(List.of("evaluate 1", digest));
        lines.add(judging.profile().id() + " " + judging.limit());
        sets.forEach(set -> lines.add(set.task().id() + " " + set.sha256()));
        Path text = judging.perplexity().orElse(null);
        lines.add("perplexity " + (text == null ? "none" : Sha256.of(text)));
        lines.addAll(judging.prompts());
        return Sha256.of(String.join("\n", lines));
    }

    @Override
    public List<String> run(Path folder, boolean goesOn, CookListener listener)
            throws IOException, InterruptedException {
        EvalOptions options =
                new EvalOptions(judging.profile(), variant.name(), digest, PARALLEL, folder);
        LoadOptions load = LoadOptions.defaults().withThreads(threads);
        try (LanguageModel model = LanguageModel.load(file, load)) {
            Evaluator evaluator = new Evaluator(model, options, new Teller(listener));
            running = evaluator;
            if (stopped) {
                evaluator.stop();
            }
            ModelResult result = evaluator.run(sets);
            ObjectNode node = figures(result);
            node.set("perplexity", perplexity(model, listener));
            node.set("samples", samples(model, listener));
            listener.progress("measuring the speed");
            StageFolder.writeText(
                    folder.resolve(SPEED), Speed.of(model).toJson().toPrettyString() + "\n");
            StageFolder.writeText(folder.resolve(RESULT), node.toPrettyString() + "\n");
        } catch (CancellationException e) {
            throw (InterruptedException) new InterruptedException("stopped").initCause(e);
        }
        List<String> files = new ArrayList<>(List.of(RESULT, "model.json"));
        sets.forEach(set -> files.add(set.task().id() + ".jsonl"));
        return files;
    }

    private ObjectNode figures(ModelResult result) {
        ObjectNode node =
                JSON.createObjectNode()
                        .put("model", result.model())
                        .put("sha256", result.sha256())
                        .put("profile", result.profile().id())
                        .put("limit", judging.limit())
                        .put("beginning_token", result.begins())
                        .put("average", result.average())
                        .put("average_stderr", result.averageError());
        ArrayNode tasks = node.putArray("tasks");
        for (TaskResult task : result.tasks()) {
            tasks.add(JSON.<ObjectNode>valueToTree(TaskFigures.of(task)));
        }
        return node;
    }

    private ObjectNode perplexity(LanguageModel model, CookListener listener) throws IOException {
        ObjectNode node = JSON.createObjectNode();
        Path text = judging.perplexity().orElse(null);
        if (text == null) {
            return node;
        }
        int chunk = Math.min(CHUNK, model.contextLength());
        TextChunks chunks = TextChunks.of(model.tokenizer(), Files.readString(text), chunk, 0);
        Pace pace = new Pace();
        Perplexity.Listener teller =
                (done, all, value) -> {
                    if (stopped) {
                        throw new CancellationException("stopped");
                    }
                    listener.progress("perplexity" + pace.text(done, all));
                };
        PerplexityResult result = new Perplexity(model, 1, teller).of(chunks);
        return node.put("value", result.perplexity().value())
                .put("stderr", result.perplexity().error());
    }

    private ArrayNode samples(LanguageModel model, CookListener listener) {
        ArrayNode samples = JSON.createArrayNode();
        GenerationOptions options =
                GenerationOptions.defaults()
                        .withMaxTokens(SAMPLE)
                        .withSampling(SamplingOptions.greedy());
        for (String prompt : judging.prompts()) {
            listener.progress("going on with prompts");
            samples.addObject()
                    .put("prompt", prompt)
                    .put("continuation", model.generate(prompt, options).text());
        }
        return samples;
    }

    @Override
    public void stop() {
        stopped = true;
        Evaluator evaluator = running;
        if (evaluator != null) {
            evaluator.stop();
        }
    }

    /** Passes on what an evaluation says. */
    private static final class Teller implements EvalListener {
        private final CookListener listener;
        private final Pace pace = new Pace();
        private int first = -1;

        Teller(CookListener listener) {
            this.listener = listener;
        }

        @Override
        public void judged(Task task, int done, int all) {
            if (first < 0) {
                first = done - 1;
                pace.begin();
            }
            listener.progress(task.label() + pace.text(done - first, all - first));
        }

        @Override
        public void finished(TaskResult result) {
            first = -1;
        }
    }
}
