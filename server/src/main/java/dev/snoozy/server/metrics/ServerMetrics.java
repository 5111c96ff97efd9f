package dev.snoozy.server.metrics;

import dev.snoozy.engine.SchedulerStatistics;
import dev.snoozy.engine.WorkTotals;
import dev.snoozy.server.models.ModelPool;

import java.util.Locale;

/**
 * What the server has done, in the text format of Prometheus (version 0.0.4) and by the names of
 * llama.cpp's server. The counts come from the schedulers of the models, so that every request
 * counts, whatever dialect it came in. Thread-safe.
 */
public final class ServerMetrics {
    private static final double NANOS = 1e9;

    private final ModelPool pool;

    /** The metrics of the models of a pool. */
    public ServerMetrics(ModelPool pool) {
        this.pool = pool;
    }

    /** The metrics as of now. */
    public String text() {
        WorkTotals all = pool.totalsOfGone();
        long active = 0;
        long waiting = pool.waiting();
        long cacheBytes = 0;
        for (ModelPool.Status status : pool.loaded()) {
            SchedulerStatistics statistics = status.model().statistics();
            all = all.plus(statistics.totals());
            active += statistics.active();
            waiting += statistics.waiting();
            cacheBytes += statistics.cacheBytes();
        }
        double promptSeconds = all.promptNanos() / NANOS;
        double generationSeconds = all.generationNanos() / NANOS;
        Page page = new Page();
        page.counter("prompt_tokens_total", "Prompt tokens evaluated.", all.promptTokens());
        page.counter("prompt_seconds_total", "Time for prompts.", promptSeconds);
        page.counter("tokens_predicted_total", "Tokens generated.", all.generatedTokens());
        page.counter("tokens_predicted_seconds_total", "Time for generating.", generationSeconds);
        page.counter("n_decode_total", "Batches evaluated.", all.batches());
        page.gauge("n_tokens_max", "Most tokens that a text came to.", all.longestText());
        page.gauge(
                "n_busy_slots_per_decode",
                "Texts in a batch, on average.",
                ratio(all.batchTexts(), (double) all.batches()));
        page.gauge(
                "prompt_tokens_seconds",
                "Prompt tokens per second, on average.",
                ratio(all.promptTokens(), promptSeconds));
        page.gauge(
                "predicted_tokens_seconds",
                "Tokens generated per second, on average.",
                ratio(all.generatedTokens(), generationSeconds));
        page.gauge("kv_cache_bytes", "Keys and values in memory.", cacheBytes);
        page.gauge("requests_processing", "Texts in progress.", active);
        page.gauge("requests_deferred", "Texts and requests that wait.", waiting);
        return page.text.toString();
    }

    private static double ratio(long number, double of) {
        return of == 0 ? 0 : (double) number / of;
    }

    private static final class Page {
        private final StringBuilder text = new StringBuilder();

        void counter(String name, String help, long value) {
            add(name, help, "counter", Long.toString(value));
        }

        void counter(String name, String help, double value) {
            add(name, help, "counter", decimal(value));
        }

        void gauge(String name, String help, long value) {
            add(name, help, "gauge", Long.toString(value));
        }

        void gauge(String name, String help, double value) {
            add(name, help, "gauge", decimal(value));
        }

        private static String decimal(double value) {
            return String.format(Locale.ROOT, "%.6g", value);
        }

        private void add(String name, String help, String type, String number) {
            String full = "llamacpp:" + name;
            text.append("# HELP ").append(full).append(' ').append(help).append('\n');
            text.append("# TYPE ").append(full).append(' ').append(type).append('\n');
            text.append(full).append(' ').append(number).append('\n');
        }
    }
}
