package dev.snoozy.studio.tune;

import dev.snoozy.kernels.Precision;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.Json;
import dev.snoozy.tune.LoraOptions;
import dev.snoozy.tune.OptimizerOptions;
import dev.snoozy.tune.SampleOptions;
import dev.snoozy.tune.Schedule;
import dev.snoozy.tune.TuneOptions;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How a model is trained, as the page has it: a preset, and what is to be different. */
final class TuneFields {
    static final List<String> PRESETS = List.of("snoozy", "gpt4all-lora");

    private static final int MOST = 1_000_000_000;
    private static final int MOST_RANK = 4096;
    private static final int MOST_LENGTH = 1 << 20;
    private static final int MOST_TARGETS = 64;
    private static final int MOST_SAMPLES = 64;
    private static final double LARGEST = 1e6;
    private static final double BELOW_ONE = Math.nextDown(1.0);

    private TuneFields() {}

    /**
     * The options of a request.
     *
     * @param threads that compute
     * @throws dev.snoozy.server.http.HttpProblem if a field is not as it should be
     */
    static TuneOptions options(Fields request, int threads) {
        TuneOptions usual = preset(request);
        LoraOptions lora = usual.lora();
        OptimizerOptions optimizer = usual.optimizer();
        List<String> targets = request.strings("targets", MOST_TARGETS);
        int length = request.integer("length", 2, MOST_LENGTH, usual.length());
        TuneOptions options =
                new TuneOptions(
                        new LoraOptions(
                                request.integer("rank", 1, MOST_RANK, lora.rank()),
                                request.number("alpha", Double.MIN_NORMAL, LARGEST, lora.alpha()),
                                request.bool("rslora", lora.rootScale()),
                                request.number("dropout", 0, BELOW_ONE, lora.dropout()),
                                targets.isEmpty() ? lora.targets() : targets,
                                request.bool("dora", lora.dora())),
                        new OptimizerOptions(
                                request.number("rate", Double.MIN_NORMAL, 1, optimizer.rate()),
                                optimizer.beta1(),
                                optimizer.beta2(),
                                optimizer.epsilon(),
                                request.number("decay", 0, BELOW_ONE, optimizer.weightDecay()),
                                request.number("clip", 0, LARGEST, optimizer.clip())),
                        word(request, "schedule", Schedule.class, usual.schedule()),
                        request.integer("warmup", 0, MOST, usual.warmup()),
                        request.integer("batch", 1, MOST, usual.batch()),
                        request.integer("epochs", 1, MOST, usual.epochs()),
                        request.integer("steps", 0, MOST, usual.maxSteps()),
                        length,
                        request.integer(
                                "together", 1, MOST_LENGTH, together(request, usual, length)),
                        request.number("validation", 0, 0.5, usual.validation()),
                        request.integer("evaluateEvery", 1, MOST, usual.evaluateEvery()),
                        request.integer("saveEvery", 1, MOST, usual.saveEvery()),
                        request.integer("patience", 0, MOST, usual.patience()),
                        word(request, "form", TuneOptions.Form.class, usual.form()),
                        request.bool("exact", false) ? Precision.F32 : usual.precision(),
                        threads,
                        request.whole("seed", 0, Long.MAX_VALUE).orElse(usual.seed()));
        SampleOptions samples = usual.samples();
        return options.withSamples(
                new SampleOptions(
                        request.strings("sample", MOST_SAMPLES),
                        request.integer("samples", 0, MOST_SAMPLES, samples.count()),
                        request.integer("sampleTokens", 1, MOST_LENGTH, samples.tokens())));
    }

    /** Of texts of another length than usual as many tokens as one has. */
    private static int together(Fields request, TuneOptions usual, int length) {
        return request.has("length") ? length : usual.together();
    }

    private static TuneOptions preset(Fields request) {
        String name = request.string("preset").orElse(PRESETS.getFirst());
        return switch (name) {
            case "snoozy" -> TuneOptions.snoozy();
            case "gpt4all-lora" -> TuneOptions.gpt4allLora();
            default ->
                    throw request.invalid(
                            "preset", "expected one of " + PRESETS + ", found " + name);
        };
    }

    private static <E extends Enum<E>> E word(
            Fields request, String field, Class<E> type, E otherwise) {
        String name = request.string(field).orElse(word(otherwise));
        for (E value : type.getEnumConstants()) {
            if (word(value).equals(name)) {
                return value;
            }
        }
        throw request.invalid(
                field,
                "expected one of "
                        + Arrays.stream(type.getEnumConstants()).map(TuneFields::word).toList()
                        + ", found "
                        + name);
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** The presets by their names, with the values that a form begins with. */
    static ObjectNode presets() {
        ObjectNode presets = Json.object();
        for (String name : PRESETS) {
            Fields request = new Fields(Json.object().put("preset", name));
            presets.set(name, json(preset(request)));
        }
        return presets;
    }

    /**
     * How a request says these options: the preset, and what is different from it. Options that no
     * request may have are said all the same, and {@link #options} refuses them.
     */
    static ObjectNode differing(String preset, TuneOptions options) {
        ObjectNode node = Json.object().put("preset", preset);
        TuneOptions usual = preset(new Fields(node));
        ObjectNode plain = json(usual);
        if (options.length() != usual.length()) {
            plain.put("together", options.length());
        }
        for (var field : json(options).properties()) {
            if (!field.getValue().equals(plain.get(field.getKey()))) {
                node.set(field.getKey(), field.getValue());
            }
        }
        return node;
    }

    private static ObjectNode json(TuneOptions options) {
        ObjectNode node = Json.object();
        node.put("rank", options.lora().rank()).put("alpha", options.lora().alpha());
        node.put("dropout", options.lora().dropout());
        ArrayNode targets = node.putArray("targets");
        options.lora().targets().forEach(targets::add);
        node.put("rslora", options.lora().rootScale()).put("dora", options.lora().dora());
        node.put("exact", options.precision() == Precision.F32);
        node.put("rate", options.optimizer().rate()).put("clip", options.optimizer().clip());
        node.put("decay", options.optimizer().weightDecay());
        node.put("schedule", word(options.schedule())).put("warmup", options.warmup());
        node.put("batch", options.batch()).put("epochs", options.epochs());
        node.put("steps", options.maxSteps()).put("length", options.length());
        node.put("together", options.together()).put("validation", options.validation());
        node.put("evaluateEvery", options.evaluateEvery());
        node.put("saveEvery", options.saveEvery()).put("patience", options.patience());
        ArrayNode questions = node.putArray("sample");
        options.samples().prompts().forEach(questions::add);
        node.put("samples", options.samples().count());
        node.put("sampleTokens", options.samples().tokens());
        return node.put("form", word(options.form())).put("seed", options.seed());
    }
}
