package dev.snoozy.curate.decontaminate;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

/** The texts of evaluation sets in the layouts in which they are published. */
public final class BenchmarkItems {
    private BenchmarkItems() {}

    /**
     * An item of ARC, OpenBookQA, BoolQ, PIQA, HellaSwag, WinoGrande or GSM8K; of any other set all
     * strings that its object has, in their order.
     *
     * @param index its place, if the item itself does not say it in a field {@code index}
     * @throws IllegalArgumentException if there is no text in it
     */
    public static TestItem read(String task, int index, JsonNode item) {
        List<String> texts = new ArrayList<>();
        JsonNode stem = item.path("question").path("stem");
        if (stem.isString()) {
            texts.add(stem.asString());
            item.path("question").path("choices").forEach(c -> add(texts, c.path("text")));
        } else if (item.has("sentence") && item.has("option1")) {
            winoGrande(item, texts);
        } else if (item.has("goal")) {
            addAll(texts, item, "goal", "sol1", "sol2");
        } else if (item.has("ctx") && item.has("endings")) {
            add(texts, item.path("ctx"));
            item.path("endings").forEach(e -> add(texts, e));
        } else if (item.has("question")) {
            addAll(texts, item, "question", "passage", "answer");
        } else {
            item.forEach(value -> add(texts, value));
        }
        return new TestItem(task, item.path("index").asInt(index), texts);
    }

    /** Training data has the sentence with the blank, or with either name in it. */
    private static void winoGrande(JsonNode item, List<String> texts) {
        String sentence = item.path("sentence").asString("");
        texts.add(sentence);
        for (String option : List.of("option1", "option2")) {
            texts.add(sentence.replace("_", item.path(option).asString("")));
        }
    }

    private static void addAll(List<String> texts, JsonNode item, String... names) {
        for (String name : names) {
            add(texts, item.path(name));
        }
    }

    private static void add(List<String> texts, JsonNode value) {
        if (value.isString() && !value.asString().isBlank()) {
            texts.add(value.asString());
        }
    }
}
