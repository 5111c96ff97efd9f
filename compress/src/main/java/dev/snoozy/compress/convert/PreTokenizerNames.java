package dev.snoozy.compress.convert;

import dev.snoozy.compress.convert.family.JsonObject;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * GGUF names of pre-tokenizers ({@code tokenizer.ggml.pre}) by what a tokenizer.json says of them:
 * its steps one after the other, with the expression of each.
 */
final class PreTokenizerNames {
    private static final String CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    private static final String SPACES = "\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final String LEAD = "[^\\r\\n\\p{L}\\p{N}]?";
    private static final String UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";

    private static final Map<String, String> BY_STEPS =
            Map.of(
                    "bytes with words",
                    "gpt-2",
                    "single digits, bytes with words",
                    "smollm",
                    "split " + cl100k("\\p{N}{1,3}") + ", bytes",
                    "llama-bpe",
                    "split " + cl100k("\\p{N}") + ", bytes",
                    "qwen2",
                    "split " + o200k(CONTRACTIONS + "?", "\\p{N}{1,3}") + ", bytes",
                    "gpt-4o",
                    "split " + o200k("", "\\p{N}") + ", bytes",
                    "tekken");

    private PreTokenizerNames() {}

    private static String cl100k(String digits) {
        return String.join(
                "|",
                CONTRACTIONS,
                LEAD + "\\p{L}+",
                digits,
                " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*",
                SPACES);
    }

    private static String o200k(String ending, String digits) {
        return String.join(
                "|",
                LEAD + UPPER + "*" + LOWER + "+" + ending,
                LEAD + UPPER + "+" + LOWER + "*" + ending,
                digits,
                " ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*",
                SPACES);
    }

    /** The name for a tokenizer.json. */
    static String of(JsonObject tokenizer) {
        List<String> steps = new ArrayList<>();
        tokenizer.optionalObject("pre_tokenizer").ifPresent(pre -> add(pre, steps));
        String name = BY_STEPS.get(String.join(", ", steps));
        if (name == null) {
            throw new ConvertException(
                    "tokenizer.json: pre_tokenizer: found the steps ["
                            + String.join(", ", steps)
                            + "], whose GGUF name is not known; cure: give it (--pre NAME)");
        }
        return name;
    }

    private static void add(JsonObject pre, List<String> steps) {
        String type = pre.string("type");
        switch (type) {
            case "Sequence" -> pre.objects("pretokenizers").forEach(step -> add(step, steps));
            case "Split" -> {
                JsonObject pattern = pre.object("pattern");
                steps.add("split " + pattern.string("Regex", pattern.string("String", "")));
            }
            case "Digits" ->
                    steps.add(pre.flag("individual_digits", false) ? "single digits" : "digits");
            case "ByteLevel" ->
                    steps.add(pre.flag("use_regex", true) ? "bytes with words" : "bytes");
            default -> steps.add(type);
        }
    }

    /** The {@code pre_tokenizer} of a tokenizer.json for a name; the other way round. */
    static Map<String, Object> json(String name) {
        for (Map.Entry<String, String> known : BY_STEPS.entrySet()) {
            if (known.getValue().equals(name)) {
                List<Object> steps = new ArrayList<>();
                for (String step : known.getKey().split(", (?=bytes)")) {
                    steps.add(step(step));
                }
                return Map.of("type", "Sequence", "pretokenizers", steps);
            }
        }
        throw new ConvertException(
                "tokenizer.ggml.pre: found "
                        + name
                        + ", whose expression is not known here, so the tokenizer is not converted"
                        + " back");
    }

    private static Map<String, Object> step(String step) {
        if (step.startsWith("split ")) {
            return Map.of(
                    "type",
                    "Split",
                    "pattern",
                    Map.of("Regex", step.substring("split ".length())),
                    "behavior",
                    "Isolated",
                    "invert",
                    false);
        }
        if (step.equals("single digits")) {
            return Map.of("type", "Digits", "individual_digits", true);
        }
        return Map.of(
                "type",
                "ByteLevel",
                "add_prefix_space",
                false,
                "trim_offsets",
                false,
                "use_regex",
                step.equals("bytes with words"));
    }
}
