package dev.snoozy.eval;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.ArrayList;
import java.util.List;

/** Reads a line of a task's file. The layouts are those in which the sets were published. */
final class QuestionReader {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Task task;

    QuestionReader(Task task) {
        this.task = task;
    }

    /**
     * A question.
     *
     * @param line one JSON object
     * @param index the line's position, unless the object has an index of its own
     * @param label the answer where the line has none: of a file of labels; "" for none
     * @throws EvalException if it is none, with the field that is at fault
     */
    Question read(String line, int index, String label) {
        JsonNode node;
        try {
            node = JSON.readTree(line);
        } catch (JacksonException e) {
            throw new EvalException("expected a JSON object, found " + e.getOriginalMessage(), e);
        }
        if (!node.isObject()) {
            throw new EvalException("expected a JSON object, found " + node.getNodeType());
        }
        int place = node.path("index").isInt() ? node.path("index").asInt() : index;
        return switch (task) {
            case BOOLQ -> yesNo(node, place);
            case PIQA -> goal(node, place, label);
            case HELLASWAG -> scene(node, place, label);
            case WINOGRANDE -> gap(node, place, label);
            case ARC_EASY, ARC_CHALLENGE, OPENBOOKQA -> stem(node, place);
        };
    }

    /** The answer is a truth value in BoolQ's own files, and a label of 0 or 1 in SuperGLUE's. */
    private static Question yesNo(JsonNode node, int index) {
        JsonNode answer = node.has("answer") ? node.path("answer") : node.path("label");
        int gold;
        if (answer.isBoolean()) {
            gold = answer.booleanValue() ? 1 : 0;
        } else {
            gold = label(answer.asString(""), 0, 2, "answer");
        }
        return new Question.YesNo(index, gold, text(node, "passage"), text(node, "question"));
    }

    private static Question goal(JsonNode node, int index, String label) {
        List<String> ways = List.of(text(node, "sol1"), text(node, "sol2"));
        int gold = label(node.path("label").asString(label), 0, 2, "label");
        return new Question.Goal(index, gold, text(node, "goal"), ways);
    }

    private static Question scene(JsonNode node, int index, String label) {
        List<String> ends = new ArrayList<>();
        for (JsonNode end : node.path("endings")) {
            ends.add(end.asString(""));
        }
        if (ends.size() < 2) {
            throw new EvalException("endings: expected at least 2, found " + ends.size());
        }
        return new Question.Scene(
                index,
                label(node.path("label").asString(label), 0, ends.size(), "label"),
                text(node, "activity_label"),
                text(node, "ctx"),
                text(node, "ctx_a"),
                text(node, "ctx_b"),
                ends);
    }

    private static Question gap(JsonNode node, int index, String label) {
        String sentence = text(node, "sentence");
        if (!sentence.contains("_")) {
            throw new EvalException("sentence: expected one with a gap _, found none");
        }
        List<String> options = List.of(text(node, "option1"), text(node, "option2"));
        int gold = label(node.path("answer").asString(label), 1, 2, "answer");
        return new Question.Gap(index, gold, sentence, options);
    }

    /** Answers are labelled with letters in most items and with numbers from 1 in some. */
    private static Question stem(JsonNode node, int index) {
        JsonNode question = node.path("question");
        String stem =
                question.isObject()
                        ? text(question, "stem")
                        : text(node, question.isString() ? "question" : "question_stem");
        JsonNode choices = question.isObject() ? question.path("choices") : node.path("choices");
        List<String> answers = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        if (choices.isArray()) {
            for (JsonNode choice : choices) {
                answers.add(text(choice, "text"));
                labels.add(text(choice, "label"));
            }
        } else {
            choices.path("text").forEach(text -> answers.add(text.asString("")));
            choices.path("label").forEach(label -> labels.add(label.asString("")));
        }
        if (answers.size() < 2 || labels.size() != answers.size()) {
            throw new EvalException(
                    "choices: expected at least 2 with a label each, found "
                            + answers.size()
                            + " with "
                            + labels.size()
                            + " labels");
        }
        String key = node.path("answerKey").asString("").stripLeading();
        int gold = labels.indexOf(key);
        if (gold < 0) {
            throw new EvalException(
                    "answerKey: expected one of the labels " + labels + ", found \"" + key + "\"");
        }
        return new Question.Stem(index, gold, stem, answers);
    }

    private static int label(String text, int first, int count, String field) {
        try {
            int label = Integer.parseInt(text.strip()) - first;
            if (label >= 0 && label < count) {
                return label;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new EvalException(
                field
                        + ": expected "
                        + first
                        + " to "
                        + (first + count - 1)
                        + ", found "
                        + (text.isEmpty() ? "none" : "\"" + text + "\""));
    }

    private static String text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        if (!value.isString()) {
            throw new EvalException(field + ": expected a text, found " + value.getNodeType());
        }
        return value.stringValue();
    }
}
