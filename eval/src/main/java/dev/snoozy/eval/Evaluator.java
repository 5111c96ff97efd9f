package dev.snoozy.eval;

import dev.snoozy.engine.LanguageModel;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Has a model judge the items of tasks. Several items are in work at the same time, so that their
 * tokens share batches. Each result is kept as it comes, and an evaluation that was broken off goes
 * on behind the last one.
 *
 * <p>Used by one thread, but for {@link #stop}.
 */
public final class Evaluator {
    private final LanguageModel model;
    private final EvalOptions options;
    private final EvalListener listener;
    private final Encoder encoder;
    private volatile boolean stopped;

    /** For a model, which stays the caller's. */
    public Evaluator(LanguageModel model, EvalOptions options, EvalListener listener) {
        this.model = model;
        this.options = options;
        this.listener = listener;
        encoder = new Encoder(model.tokenizer(), options.profile());
    }

    /** Ends the evaluation after the items that are in work. May be called by any thread. */
    public void stop() {
        stopped = true;
    }

    /**
     * Evaluates.
     *
     * @throws CancellationException if it was stopped; what was judged by then is kept
     * @throws EvalException if the folder holds results of something else
     */
    public ModelResult run(List<TaskSet> sets) throws IOException {
        Path folder = options.folder();
        if (folder != null) {
            StoredResult.write(folder, options, encoder.begins());
        }
        List<TaskResult> results = new ArrayList<>();
        List<TaskSet> ordered = sets.stream().sorted(Comparator.comparing(TaskSet::task)).toList();
        try (ExecutorService workers = Executors.newFixedThreadPool(options.parallel())) {
            try {
                for (TaskSet set : ordered) {
                    TaskResult result = run(set, workers);
                    results.add(result);
                    listener.finished(result);
                }
            } finally {
                workers.shutdownNow();
            }
        }
        return new ModelResult(
                options.model(), options.sha256(), options.profile(), encoder.begins(), results);
    }

    private TaskResult run(TaskSet set, ExecutorService workers) throws IOException {
        int most = model.contextLength();
        List<ItemResult> results = new ArrayList<>();
        Deque<Future<ItemResult>> waiting = new ArrayDeque<>();
        try (ResultFile file = ResultFile.open(options, set, most)) {
            for (Question question : set.questions()) {
                ItemResult known = file.known(question.index());
                if (known != null) {
                    results.add(known);
                    continue;
                }
                if (stopped) {
                    break;
                }
                Item item = Prompts.of(set.task(), question, options.profile());
                waiting.add(workers.submit(() -> judge(set.task(), item, most)));
                if (waiting.size() > options.parallel()) {
                    take(waiting, file, results, set);
                }
            }
            while (!waiting.isEmpty()) {
                take(waiting, file, results, set);
            }
        }
        if (stopped && results.size() < set.size()) {
            throw new CancellationException(
                    "stopped in " + set.task().id() + " after " + results.size() + " items");
        }
        results.sort(Comparator.comparingInt(ItemResult::index));
        return new TaskResult(set.task(), set.sha256(), results);
    }

    private void take(
            Deque<Future<ItemResult>> waiting,
            ResultFile file,
            List<ItemResult> results,
            TaskSet set)
            throws IOException {
        try {
            ItemResult result = waiting.remove().get();
            file.add(result);
            results.add(result);
            listener.judged(set.task(), results.size(), set.size());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted in " + set.task().id());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Judges an item. */
    ItemResult judge(Task task, Item item, int most) {
        List<Continuation> continuations = encoder.encode(task, item);
        PrefixScorer scorer = new PrefixScorer(model, most);
        List<Score> scores = scorer.score(continuations);
        boolean byToken = options.profile() == Profile.LLAMA_CPP;
        List<Double> sums = new ArrayList<>();
        List<Double> normalised = new ArrayList<>();
        for (int i = 0; i < scores.size(); i++) {
            Score score = scores.get(i);
            String text = item.choices().get(i).text();
            double sum = byToken ? score.sum() / Math.max(1, score.tokens()) : score.sum();
            sums.add(sum);
            normalised.add(byToken ? sum : sum / text.codePointCount(0, text.length()));
        }
        return new ItemResult(
                item.index(),
                item.gold(),
                sums,
                normalised,
                scores.stream().map(Score::tokens).toList(),
                scores.stream().map(Score::greedy).toList(),
                continuations.stream().anyMatch(c -> c.dropped(most) > 0),
                continuations.stream().mapToInt(c -> c.read(most)).sum(),
                (int) scorer.evaluated());
    }
}
