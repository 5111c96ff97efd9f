package dev.snoozy.compress.convert.family;

import dev.snoozy.compress.convert.ConvertException;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The families that this version converts. */
public final class Families {
    /** All of them; of those of one architecture, the first that takes a GGUF file writes it. */
    public static final List<Family> ALL = all();

    private static final Map<String, Family> BY_CLASS = byClass();

    private Families() {}

    private static List<Family> all() {
        List<Family> all = new ArrayList<>();
        all.addAll(Llama.families());
        all.addAll(LlamaLike.families());
        all.addAll(Qwen.families());
        all.addAll(QwenLike.families());
        all.addAll(Cohere.families());
        all.addAll(Olmo.families());
        all.addAll(Glm.families());
        all.addAll(GptNeoX.families());
        all.add(Falcon.family());
        all.addAll(Mpt.families());
        all.addAll(Gemma.families());
        all.addAll(Gemma4.families());
        all.addAll(Gemma3n.families());
        all.add(Phi3.family());
        all.addAll(Gpt2.families());
        all.add(Bert.family());
        return List.copyOf(all);
    }

    private static Map<String, Family> byClass() {
        Map<String, Family> table = new LinkedHashMap<>();
        for (Family family : ALL) {
            for (String name : family.classes()) {
                table.put(name, family);
            }
        }
        return table;
    }

    /** The family of a config.json. */
    public static Family of(JsonObject config) {
        List<?> classes = config.list("architectures");
        Object found = classes.isEmpty() ? null : classes.getFirst();
        Family family = BY_CLASS.get(String.valueOf(found));
        if (family == null) {
            throw new ConvertException(
                    "config.json: architectures: found "
                            + found
                            + ", which this version cannot convert; expected one of "
                            + String.join(", ", BY_CLASS.keySet()));
        }
        return family;
    }

    /** The family of a GGUF file. */
    public static Family ofGguf(GgufKeys keys) {
        for (Family family : ALL) {
            if (family.writes(keys)) {
                return family;
            }
        }
        boolean mixture = keys.integer("expert_count", 0) > 0;
        throw new ConvertException(
                "general.architecture: found "
                        + keys.architecture()
                        + (mixture ? " with experts" : "")
                        + ", which this version cannot convert back");
    }
}
