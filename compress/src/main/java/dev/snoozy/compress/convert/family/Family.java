package dev.snoozy.compress.convert.family;

import dev.snoozy.compress.convert.ConvertException;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A family of models: how its checkpoint on Hugging Face is called and described, and how in GGUF.
 * One declaration serves both directions. A new one is some lines in a file of its kindred, and a
 * line in {@link Families}. Built once, then immutable.
 */
public final class Family {
    private final String architecture;
    private final String modelType;
    private final String checkpointClass;
    private final List<String> aliases;
    private final List<Setting> settings = new ArrayList<>();
    private Function<JsonObject, Rules> tensors = config -> new Rules();
    private Function<JsonObject, Map<String, float[]>> extra = config -> Map.of();
    private Set<String> inConfig = Set.of();
    private Predicate<GgufKeys> writes = keys -> true;
    private Predicate<JsonObject> reads = config -> true;
    private final Map<String, Object> defaults = new LinkedHashMap<>();
    private boolean tied;

    /**
     * Begins a declaration.
     *
     * @param architecture name in {@code general.architecture}
     * @param modelType value of {@code model_type} of a config.json
     * @param checkpointClass name in {@code architectures} of a config.json
     * @param aliases further ones: classes with another head, or none, over the same network
     */
    Family(String architecture, String modelType, String checkpointClass, String... aliases) {
        this.architecture = architecture;
        this.modelType = modelType;
        this.checkpointClass = checkpointClass;
        this.aliases = List.of(aliases);
    }

    /** Adds what config.json and the metadata say. */
    Family settings(Setting... more) {
        settings.addAll(List.of(more));
        return this;
    }

    /**
     * What config.json leaves out, by the configuration class of the transformers library: names
     * and values in turn.
     */
    Family defaults(Object... namesAndValues) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            Object value = namesAndValues[i + 1];
            defaults.put(
                    (String) namesAndValues[i],
                    value instanceof Integer number ? Long.valueOf(number) : value);
        }
        return this;
    }

    /** Rotary positions and their scalings, with the class's base. */
    Family rope(double base) {
        settings(RopeKeys.ropeWithFactors(base));
        return extraTensors(config -> RopeKeys.factors(config, base), RopeKeys.FACTORS);
    }

    /** The tensors of a model with a config.json, which has been checked by the settings. */
    Family tensors(Function<JsonObject, Rules> rules) {
        tensors = rules;
        return this;
    }

    /**
     * Tensors that stand in config.json in the checkpoint.
     *
     * @param names of those that the settings write there
     */
    Family extraTensors(Function<JsonObject, Map<String, float[]>> values, String... names) {
        extra = values;
        inConfig = Set.of(names);
        return this;
    }

    /** The output is the token table where config.json does not say. */
    Family tied() {
        tied = true;
        return this;
    }

    /** The GGUF files of the architecture that become checkpoints of this class. */
    Family where(Predicate<GgufKeys> files) {
        writes = files;
        return this;
    }

    /** The checkpoints of the class that are of this architecture. */
    Family when(Predicate<JsonObject> checkpoints) {
        reads = checkpoints;
        return this;
    }

    public String architecture() {
        return architecture;
    }

    public String checkpointClass() {
        return checkpointClass;
    }

    public String modelType() {
        return modelType;
    }

    /** The class and its aliases. */
    public List<String> classes() {
        List<String> classes = new ArrayList<>(List.of(checkpointClass));
        classes.addAll(aliases);
        return classes;
    }

    /** Whether the output is the token table where config.json does not say. */
    public boolean isTied() {
        return tied;
    }

    /** A config.json with what it leaves out. */
    public JsonObject whole(JsonObject config) {
        return config.withDefaults(defaults);
    }

    /** The metadata that the architecture needs, from a config.json. */
    public void describe(JsonObject config, Keys keys) {
        settings.forEach(setting -> setting.read(config, keys));
    }

    /** A config.json from the metadata; {@link #describe} the other way round. */
    public void describe(GgufKeys keys, Map<String, Object> config) {
        settings.forEach(setting -> setting.write(keys, config));
    }

    /**
     * The same as far as it goes, for the rules of the tensors, which need sizes and no more: what
     * has no way back is left out.
     */
    public void describeTensors(GgufKeys keys, Map<String, Object> config) {
        for (Setting setting : settings) {
            try {
                setting.write(keys, config);
            } catch (ConvertException e) {
                // The model itself could not be converted back, but an adapter of it can be.
            }
        }
    }

    /** The tensors of a model with this config.json. */
    public Rules rules(JsonObject config) {
        return tensors.apply(config);
    }

    /** Tensors that stand in config.json in the checkpoint, by their names. */
    public Map<String, float[]> extraTensors(JsonObject config) {
        return extra.apply(config);
    }

    /** GGUF tensors that {@link #describe(GgufKeys, Map)} puts into config.json. */
    public Set<String> tensorsInConfig() {
        return inConfig;
    }

    /** Whether a config.json of one of the classes is of this architecture. */
    boolean reads(JsonObject config) {
        return reads.test(config);
    }

    /** Whether a GGUF file becomes a checkpoint of this class. */
    boolean writes(GgufKeys keys) {
        return architecture.equals(keys.architecture()) && writes.test(keys);
    }
}
