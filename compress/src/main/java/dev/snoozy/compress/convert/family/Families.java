package dev.snoozy.compress.convert.family;

import dev.snoozy.compress.convert.ConvertException;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The families that this version converts. */
public final class Families {
    /** All of them; of those of one architecture, the first that takes a GGUF file writes it. */
    public static final List<Family> ALL = all();

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
        all.addAll(Mixtures.families());
        all.addAll(Deepseek.families());
        all.addAll(Bailing.families());
        all.add(GptOss.family());
        all.addAll(GraniteMoe.families());
        all.addAll(Mamba.families());
        all.addAll(NemotronH.families());
        all.add(FalconH1.family());
        all.addAll(Lfm2.families());
        all.addAll(QwenNext.families());
        all.add(Llama4.family());
        all.addAll(Encoders.families());
        all.addAll(Gpt2.families());
        all.add(Bert.family());
        return List.copyOf(all);
    }

    /** The family of a config.json. */
    public static Family of(JsonObject config) {
        List<?> classes = config.list("architectures");
        String found = classes.isEmpty() ? "none" : String.valueOf(classes.getFirst());
        Set<String> known = new LinkedHashSet<>();
        for (Family family : ALL) {
            known.addAll(family.classes());
            if (family.classes().contains(found) && family.reads(config)) {
                return family;
            }
        }
        throw new ConvertException(
                "config.json: architectures: found "
                        + found
                        + ", which this version cannot convert; expected one of "
                        + String.join(", ", known));
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
