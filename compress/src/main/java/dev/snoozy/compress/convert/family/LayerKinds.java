package dev.snoozy.compress.convert.family;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Which layers have attention and which a recurrent state: by their kinds in config.json, by their
 * heads of keys and values in GGUF, which are 0 where there are none.
 *
 * @param name of the list
 * @param recurrent what it calls those with a state, the one that is written first
 * @param attention what it calls those with attention; {@code full_attention} is one of its names
 */
record LayerKinds(String name, String recurrent, String attention) implements Setting {
    static final String HEADS = "attention.head_count_kv";

    private static final String FULL = "full_attention";

    @Override
    public void read(JsonObject config, Keys keys) {
        List<?> kinds = config.list(name);
        int layers = config.size("num_hidden_layers");
        if (kinds.size() != layers) {
            throw config.wrong(name, kinds, "the kind of each of the " + layers + " layers");
        }
        List<String> states = List.of(recurrent.split("\\|", -1));
        int heads = Common.kvHeads(config);
        int[] each = new int[layers];
        for (int i = 0; i < layers; i++) {
            Object kind = kinds.get(i);
            boolean attends = attention.equals(kind) || FULL.equals(kind);
            if (!attends && !states.contains(String.valueOf(kind))) {
                throw config.wrong(name, kind, attention + " or " + states.getFirst());
            }
            each[i] = attends ? heads : 0;
        }
        keys.own(HEADS, each);
    }

    @Override
    public void write(GgufKeys keys, Map<String, Object> config) {
        int[] each = heads(keys);
        String state = Settings.first(recurrent);
        config.put("num_key_value_heads", most(keys));
        config.put(name, Arrays.stream(each).mapToObj(n -> n > 0 ? attention : state).toList());
    }

    /** Heads of keys and values of each layer. */
    static int[] heads(GgufKeys keys) {
        if (keys.get(HEADS) instanceof int[] each) {
            return each;
        }
        int[] each = new int[keys.integer("block_count")];
        Arrays.fill(each, keys.integer(HEADS));
        return each;
    }

    /** Those of the layers that have attention. */
    static int most(GgufKeys keys) {
        int most = Arrays.stream(heads(keys)).max().orElse(0);
        return most > 0 ? most : keys.integer("attention.head_count");
    }
}
