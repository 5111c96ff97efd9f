package dev.snoozy.studio.evaluate;

import dev.snoozy.eval.ItemResult;
import dev.snoozy.eval.ModelResult;
import dev.snoozy.eval.Task;
import dev.snoozy.eval.TaskResult;
import dev.snoozy.eval.TaskSet;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.Json;
import dev.snoozy.studio.api.Call;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The items of a task as a model has judged them, or two models beside each other. */
final class EvalItems {
    private static final int MOST = 100;
    private static final int USUAL = 20;

    private final EvalRuns runs;
    private final EvalSets sets;

    EvalItems(EvalRuns runs, EvalSets sets) {
        this.runs = runs;
        this.sets = sets;
    }

    /** Which items are wanted. */
    private enum Show {
        ALL,
        RIGHT,
        WRONG,
        /** Only the first of two is right. */
        FIRST,
        /** Only the second is. */
        SECOND;

        static Show of(String name) {
            for (Show show : values()) {
                if (show.name().toLowerCase(Locale.ROOT).equals(name)) {
                    return show;
                }
            }
            throw HttpProblem.invalid(
                    "show", "expected all, right, wrong, first or second, found " + name);
        }

        boolean wants(ItemResult item, @Nullable ItemResult beside, boolean byLength) {
            boolean right = item.isRight(byLength);
            return switch (this) {
                case ALL -> true;
                case RIGHT -> right;
                case WRONG -> !right;
                case FIRST -> right && beside != null && !beside.isRight(byLength);
                case SECOND -> !right && beside != null && beside.isRight(byLength);
            };
        }
    }

    /** Answers with the items of a run: {@code task, other, show, from, count}. */
    void answer(Call call) throws IOException {
        String name = call.part("run");
        ModelResult result = runs.read(name);
        Task task = task(call);
        TaskResult items = find(result, task).orElseThrow(() -> Call.missing("task"));
        Map<Integer, ItemResult> beside = new HashMap<>();
        if (!call.query("other").isEmpty()) {
            find(runs.read(call.query("other")), task)
                    .filter(other -> other.sha256().equals(items.sha256()))
                    .ifPresent(other -> other.items().forEach(i -> beside.put(i.index(), i)));
        }
        String wanted = call.query("show");
        Show show = Show.of(wanted.isEmpty() ? "all" : wanted);
        int from = call.query("from", 0, Integer.MAX_VALUE, 0);
        int count = call.query("count", 1, MOST, USUAL);
        List<ItemResult> all = new ArrayList<>();
        for (ItemResult item : items.items()) {
            if (show.wants(item, beside.get(item.index()), task.normalised())) {
                all.add(item);
            }
        }
        Optional<TaskSet> set = sets.set(task, items.sha256());
        ObjectNode node = Json.object().put("total", all.size()).put("from", from);
        node.put("words", set.isPresent());
        ArrayNode list = node.putArray("items");
        all.stream()
                .skip(from)
                .limit(count)
                .forEach(item -> {
                    ObjectNode entry = json(item, task);
                    set.flatMap(s -> s.text(item.index(), result.profile()))
                            .ifPresent(text -> {
                                entry.put("question", text.question());
                                ArrayNode answers = entry.putArray("answers");
                                text.answers().forEach(answers::add);
                            });
                    ItemResult other = beside.get(item.index());
                    if (other != null) {
                        entry.set("other", json(other, task));
                    }
                    list.add(entry);
                });
        call.json(node);
    }

    private static Task task(Call call) {
        try {
            return Task.of(call.query("task"));
        } catch (IllegalArgumentException e) {
            throw HttpProblem.invalid("task", String.valueOf(e.getMessage()));
        }
    }

    private static Optional<TaskResult> find(ModelResult result, Task task) {
        return result.tasks().stream().filter(t -> t.task() == task).findFirst();
    }

    private static ObjectNode json(ItemResult item, Task task) {
        ObjectNode node = Json.object().put("index", item.index()).put("gold", item.gold());
        node.put("choice", task.normalised() ? item.normalisedChoice() : item.choice());
        node.put("right", item.isRight(task.normalised()));
        ArrayNode scores = node.putArray("scores");
        item.scores().forEach(scores::add);
        ArrayNode normalised = node.putArray("normalised");
        item.normalised().forEach(normalised::add);
        ArrayNode tokens = node.putArray("tokens");
        item.tokens().forEach(tokens::add);
        return node.put("truncated", item.truncated());
    }
}
